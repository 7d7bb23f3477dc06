"""AEI-Net and its discriminator in PyTorch: layers, losses and order of steps as in lib/generators/faceshifter."""

import torch
from torch import nn
from torch.nn import functional as F

import aei_sizes as ours
from aei_sizes import SMALL, Sizes
from pytorch_setup import BATCH, count_parameters, lay_out, precision


def doubled(x):
    return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True)


class AttributeLayer(nn.Module):
    """A convolution that halves or doubles, batch normalisation, leaky ReLU."""

    def __init__(self, convolution, channels_in, channels_out):
        super().__init__()
        self.conv = convolution(channels_in, channels_out, 4, stride=2, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(channels_out, eps=1e-5, momentum=0.1)

    def forward(self, x, learn):
        y, norm = self.conv(x), self.norm
        # Made faces are normalised by their own batch as well, but do not move the averages.
        y = norm(y) if learn else F.batch_norm(y, None, None, norm.weight, norm.bias, True, 0, norm.eps)
        return F.leaky_relu(y, 0.1, inplace=True)


class AttributeEncoder(nn.Module):
    def __init__(self, sizes: Sizes):
        super().__init__()
        widths = (3, *sizes.attributes)
        self.down = nn.ModuleList(AttributeLayer(nn.Conv2d, *pair) for pair in zip(widths, widths[1:]))
        skips = sizes.attributes[-2::-1]
        self.up = nn.ModuleList(AttributeLayer(nn.ConvTranspose2d, *pair) for pair in zip(sizes.embedded, skips))

    def forward(self, faces, learn):
        features = [faces * 2 - 1]
        for layer in self.down:
            features.append(layer(features[-1], learn))
        levels = [features.pop()]
        for layer in self.up:
            levels.append(torch.cat([layer(levels[-1], learn), features.pop()], dim=1))
        return [*levels, doubled(levels[-1])]


class AAD(nn.Module):
    def __init__(self, channels: int, embedded: int, sizes: Sizes):
        super().__init__()
        self.attribute_scale, self.attribute_shift = (nn.Conv2d(embedded, channels, 1) for _ in range(2))
        self.identity_scale, self.identity_shift = (nn.Linear(sizes.identity, channels) for _ in range(2))
        self.mask = nn.Conv2d(channels, 1, sizes.mask, padding=sizes.mask // 2)

    def forward(self, h, identity, attributes):
        # Instance normalisation; torch's own would give up the layout with channels last.
        normal = F.group_norm(h, h.shape[1], eps=1e-5)
        a = normal * self.attribute_scale(attributes) + self.attribute_shift(attributes)
        scale, shift = self.identity_scale(identity)[..., None, None], self.identity_shift(identity)[..., None, None]
        i = normal * scale + shift
        return a + (i - a) * torch.sigmoid(self.mask(normal))


class AADStep(nn.Module):
    def __init__(self, channels_in, channels_out, embedded, sizes, bias=False):
        super().__init__()
        self.aad = AAD(channels_in, embedded, sizes)
        self.conv = nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=bias)

    def forward(self, h, identity, attributes):
        return self.conv(F.relu(self.aad(h, identity, attributes), inplace=True))


class AADBlock(nn.Module):
    def __init__(self, channels_in, channels_out, embedded, sizes):
        super().__init__()
        self.step1 = AADStep(channels_in, channels_in, embedded, sizes)
        self.step2 = AADStep(channels_in, channels_out, embedded, sizes)
        same = channels_in == channels_out
        self.shortcut = None if same else AADStep(channels_in, channels_out, embedded, sizes)

    def forward(self, h, identity, attributes):
        y = self.step2(self.step1(h, identity, attributes), identity, attributes)
        return y + (h if self.shortcut is None else self.shortcut(h, identity, attributes))


class Generator(nn.Module):
    def __init__(self, sizes: Sizes):
        super().__init__()
        widths, embedded = sizes.generator, sizes.embedded
        self.factor = sizes.identity**0.5
        self.start = nn.ConvTranspose2d(sizes.identity, widths[0], sizes.lowest, stride=sizes.lowest, bias=False)
        blocks = [AADBlock(*channels, sizes) for channels in zip(widths, widths[1:], embedded)]
        self.levels = nn.ModuleList([*blocks, AADStep(widths[-1], 3, embedded[-1], sizes, bias=True)])

    def forward(self, identity, attributes):
        identity = identity * self.factor
        h = self.start(identity[..., None, None])
        if attributes[0].is_contiguous(memory_format=torch.channels_last):
            h = h.contiguous(memory_format=torch.channels_last)
        for k, (level, own) in enumerate(zip(self.levels, attributes)):
            h = level(h if k == 0 else doubled(h), identity, own)
        return torch.sigmoid(h)


class AEI(nn.Module):
    def __init__(self, sizes: Sizes):
        super().__init__()
        self.attributes = AttributeEncoder(sizes)
        self.generate = Generator(sizes)


class Discriminator(nn.Module):
    def __init__(self, sizes: Sizes):
        super().__init__()
        self.scales = nn.ModuleList(self.patches(sizes) for _ in range(sizes.scales))

    @staticmethod
    def patches(sizes: Sizes) -> nn.Module:
        layers, channels = [], 3
        for k in range(sizes.layers):
            to = min(sizes.channels * 2**k, 512)
            layers.append(nn.Conv2d(channels, to, 4, stride=2, padding=1, bias=k == 0))
            if k > 0:
                layers.append(nn.GroupNorm(to, to, eps=1e-5))
            layers.append(nn.LeakyReLU(0.2, inplace=True))
            channels = to
        return nn.Sequential(*layers, nn.Conv2d(channels, 1, 3, padding=1))

    def forward(self, faces):
        """Logits of patches at each scale, positive for photographs."""
        seen, logits = faces * 2 - 1, []
        for k, judge in enumerate(self.scales):
            seen = seen if k == 0 else F.avg_pool2d(seen, 2)
            logits.append(judge(seen).float())
        return logits


def make_step(model, judge, mode, target, source, same, rate):
    """The step: targets, embeddings of sources, and 1 where both are one person."""
    side = target.shape[-1] // 8
    matrix = torch.from_numpy(ours.projection(source.shape[1]))
    embed = lambda faces: (F.avg_pool2d(faces, side) - 0.5).permute(0, 2, 3, 1).flatten(1) @ matrix
    adam = lambda module: torch.optim.Adam(module.parameters(), lr=rate, betas=(0.0, 0.999), fused=True)
    optimiser, judge_optimiser = adam(model), adam(judge)
    followed = [*model.parameters(), *(value for value in model.buffers() if value.is_floating_point())]
    averages = [value.detach().clone() for value in followed]
    target, count = lay_out(target, mode), 0

    def step() -> float:
        nonlocal count
        optimiser.zero_grad(set_to_none=True)
        judge.requires_grad_(False)  # Saves the gradients of weights that this half does not train.
        with precision(mode):
            attributes = model.attributes(target, learn=True)
            face = model.generate(source, attributes).float()
            again = model.attributes(face, learn=False)
            logits = judge(face)
        identity = 1 - F.cosine_similarity(embed(face), source).mean()
        pairs = zip(again, attributes)
        attribute_loss = sum(F.mse_loss(made.float(), own.float()) for made, own in pairs) / 2
        each = (face - target).square().mean((1, 2, 3)) * same
        reconstruction = 2 * each.sum() / same.sum().clamp(min=1)
        adversarial = -sum(own.mean() for own in logits)
        loss = (
            ours.IDENTITY * identity
            + ours.ATTRIBUTES * attribute_loss
            + ours.RECONSTRUCTION * reconstruction
            + ours.ADVERSARIAL * adversarial
        )
        loss.backward()
        optimiser.step()
        judge.requires_grad_(True)

        judge_optimiser.zero_grad(set_to_none=True)
        with precision(mode):
            real, made = judge(target), judge(face.detach())
        judge_loss = sum(F.relu(1 - a).mean() + F.relu(1 + b).mean() for a, b in zip(real, made)) / 2
        judge_loss.backward()
        judge_optimiser.step()

        with torch.no_grad():
            torch._foreach_lerp_(averages, followed, 1 - ours.kept(count))
        count += 1
        return loss.item() + judge_loss.item()

    return step


def build(mode: str):
    """The training step and the number of parameters."""
    model, judge = lay_out(AEI(SMALL), mode), lay_out(Discriminator(SMALL), mode)
    target = torch.rand(BATCH, 3, SMALL.resolution, SMALL.resolution)
    source = F.normalize(torch.randn(BATCH, SMALL.identity))
    same = (torch.arange(BATCH) < 2).float()
    return make_step(model, judge, mode, target, source, same, 4e-4), count_parameters(model, judge)
