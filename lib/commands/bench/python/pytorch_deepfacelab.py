"""DeepFaceLab's two autoencoders in PyTorch: layers and loss as in lib/generators/deepfacelab."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from deepfacelab_sizes import Sizes
from pytorch_setup import BATCH, count_parameters, lay_out, precision


class Downscale(nn.Module):
    def __init__(self, channels_in, channels_out):
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out, 5, stride=2, padding=2)

    def forward(self, x):
        return F.leaky_relu(self.conv(x), 0.1, inplace=True)


class Upscale(nn.Module):
    def __init__(self, channels_in, channels_out):
        super().__init__()
        self.conv = nn.Conv2d(channels_in, channels_out * 4, 3, padding=1)

    def forward(self, x):
        return F.pixel_shuffle(F.leaky_relu(self.conv(x), 0.1, inplace=True), 2)


class ResidualBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        y = self.conv2(F.leaky_relu(self.conv1(x), 0.2, inplace=True))
        return F.leaky_relu(x + y, 0.2, inplace=True)


class Encoder(nn.Module):
    def __init__(self, sizes: Sizes):
        super().__init__()
        e = sizes.encoder
        self.layers = nn.Sequential(
            Downscale(3, e), Downscale(e, e * 2), Downscale(e * 2, e * 4), Downscale(e * 4, e * 8)
        )
        self.pixel_norm = "u" in sizes.letters

    def forward(self, x):
        code = self.layers(x)
        if not self.pixel_norm:
            return code
        return code * torch.rsqrt(code.square().mean((1, 2, 3), keepdim=True) + 1e-6)


class Inter(nn.Module):
    def __init__(self, sizes: Sizes, channels: int):
        super().__init__()
        self.shape = (-1, channels, sizes.lowest, sizes.lowest)
        self.dense1 = nn.Linear(sizes.encoded**2 * sizes.encoder * 8, sizes.code)
        self.dense2 = nn.Linear(sizes.code, sizes.lowest**2 * channels)
        self.up = Upscale(channels, channels)

    def forward(self, x):
        y = self.dense2(self.dense1(x.flatten(1))).view(self.shape)
        # The layout of the encoder's output, which the flat code has lost.
        channels_last = x.is_contiguous(memory_format=torch.channels_last)
        return self.up(y.contiguous(memory_format=torch.channels_last) if channels_last else y)


class DoublingOutput(nn.Module):
    """A 1x1 and three 3x3 convolutions side by side, each giving one of the four pixels of a square."""

    def __init__(self, channels):
        super().__init__()
        self.pixel = nn.Conv2d(channels, 3, 1)
        # The three as one, which is faster: red, green and blue of three pixels each.
        self.others = nn.Conv2d(channels, 9, 3, padding=1)

    def forward(self, x):
        pixel, others = self.pixel(x).split(1, dim=1), self.others(x).split(3, dim=1)
        return F.pixel_shuffle(torch.cat([part for pair in zip(pixel, others) for part in pair], dim=1), 2)


class Decoder(nn.Module):
    def __init__(self, channels_in: int, sizes: Sizes):
        super().__init__()
        c, m = sizes.decoder, sizes.mask
        doubling = "d" in sizes.letters
        self.face = nn.Sequential(
            Upscale(channels_in, c * 8), ResidualBlock(c * 8),
            Upscale(c * 8, c * 4), ResidualBlock(c * 4),
            Upscale(c * 4, c * 2), ResidualBlock(c * 2),
            DoublingOutput(c * 2) if doubling else nn.Conv2d(c * 2, 3, 1),
        )
        last = [Upscale(m * 2, m), nn.Conv2d(m, 1, 1)] if doubling else [nn.Conv2d(m * 2, 1, 1)]
        self.mask = nn.Sequential(Upscale(channels_in, m * 8), Upscale(m * 8, m * 4), Upscale(m * 4, m * 2), *last)

    def forward(self, x):
        return torch.sigmoid(self.face(x)), torch.sigmoid(self.mask(x))


class DF(nn.Module):
    def __init__(self, sizes: Sizes):
        super().__init__()
        self.encoder = Encoder(sizes)
        self.inter = Inter(sizes, sizes.code)
        self.decoders = nn.ModuleList(Decoder(sizes.code, sizes) for _ in range(2))

    def forward(self, both):
        """Pictures of the source person, then as many of the destination; gives each side's face and mask."""
        codes = self.inter(self.encoder(both)).chunk(2)
        return [decode(code) for decode, code in zip(self.decoders, codes)]


class LIAE(nn.Module):
    def __init__(self, sizes: Sizes):
        super().__init__()
        self.encoder = Encoder(sizes)
        self.inter_ab = Inter(sizes, sizes.code * 2)
        self.inter_b = Inter(sizes, sizes.code * 2)
        self.decoder = Decoder(sizes.code * 4, sizes)

    def forward(self, both):
        """As DF's. The code of a source face is [AB, AB], that of a destination face [B, AB]."""
        encoded = self.encoder(both)
        shared = self.inter_ab(encoded)
        own = torch.cat([shared.chunk(2)[0], self.inter_b(encoded.chunk(2)[1])])
        faces, masks = self.decoder(torch.cat([own, shared], dim=1))
        return list(zip(faces.chunk(2), masks.chunk(2)))


def new_model(sizes: Sizes) -> nn.Module:
    return {"df": DF, "liae": LIAE}[sizes.architecture](sizes)


def gaussian(size: int, sigma: float) -> torch.Tensor:
    x = torch.arange(size, dtype=torch.float32) - (size - 1) / 2
    window = torch.exp(-(x**2) / (2 * sigma**2))
    return window / window.sum()


def blur_matrix(size: int, sigma: float) -> torch.Tensor:
    """Filters a column of pixels with a Gaussian, the edge repeated. On one channel a product beats a convolution."""
    radius = math.ceil(3 * sigma)
    matrix = torch.zeros(size, size)
    for row in range(size):
        columns = (row + torch.arange(-radius, radius + 1)).clamp(0, size - 1)
        matrix[row].index_add_(0, columns, gaussian(2 * radius + 1, sigma))
    return matrix


class ReconstructionLoss:
    """10 DSSIM + 10 MSE inside the blurred mask + 10 MSE of the mask, averaged over the batch."""

    def __init__(self, resolution: int):
        # Everything that SSIM filters lies side by side as channels: one depthwise convolution along each axis.
        window = gaussian(math.floor(resolution / 11.6), 1.5)
        self.channels = 4 * 3
        self.rows = window.view(1, 1, 1, -1).repeat(self.channels, 1, 1, 1)
        self.columns = window.view(1, 1, -1, 1).repeat(self.channels, 1, 1, 1)
        self.blur = blur_matrix(resolution, max(1.0, resolution / 32))

    def dssim(self, a, b):
        quantities = torch.cat([a, b, a * b, a * a + b * b], dim=1)
        filtered = F.conv2d(quantities, self.rows, groups=self.channels)
        filtered = F.conv2d(filtered, self.columns, groups=self.channels)
        mean_a, mean_b, mean_ab, mean_squares = filtered.chunk(4, dim=1)
        product, squares = mean_a * mean_b, mean_a**2 + mean_b**2
        c1, c2 = 0.01**2, 0.03**2
        luminance = (2 * product + c1) / (squares + c1)
        contrast = (2 * (mean_ab - product) + c2) / (mean_squares - squares + c2)
        return (1 - (luminance * contrast).mean()) / 2

    def __call__(self, face, mask, predicted_face, predicted_mask):
        soft = (self.blur @ (mask @ self.blur.T)).clamp(0, 0.5) * 2
        truth, guess = face * soft, predicted_face * soft
        return 10 * (self.dssim(truth, guess) + F.mse_loss(guess, truth) + F.mse_loss(predicted_mask, mask))


def disc_mask(resolution: int) -> torch.Tensor:
    x = torch.arange(resolution) - (resolution - 1) / 2
    inside = torch.hypot(x[None, :], x[:, None]) < 0.375 * resolution
    return inside.float().expand(BATCH, 1, resolution, resolution).contiguous()


def make_step(model, mode, warped, sides, rate):
    """The step of a model: warped pictures of both sides, and a (face, mask) for each."""
    loss_of = ReconstructionLoss(warped.shape[-1])
    optimiser = torch.optim.Adam(model.parameters(), lr=rate, betas=(0.5, 0.999), fused=True)
    warped = lay_out(warped, mode)
    sides = [(lay_out(face, mode), lay_out(mask, mode)) for face, mask in sides]

    def step() -> float:
        optimiser.zero_grad(set_to_none=True)
        with precision(mode):
            predicted = model(warped)
        loss = sum(
            loss_of(face, mask, predicted_face.float(), predicted_mask.float())
            for (face, mask), (predicted_face, predicted_mask) in zip(sides, predicted)
        )
        loss.backward()
        optimiser.step()
        return loss.item()

    return step


def build(mode: str, sizes: Sizes):
    """The training step and the number of parameters."""
    model = lay_out(new_model(sizes), mode)
    pictures = lambda count: torch.rand(count, 3, sizes.resolution, sizes.resolution)
    sides = [(pictures(BATCH), disc_mask(sizes.resolution)) for _ in range(2)]
    return make_step(model, mode, pictures(2 * BATCH), sides, 5e-5), count_parameters(model)
