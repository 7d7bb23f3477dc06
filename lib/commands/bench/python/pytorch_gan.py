"""A GAN of 1.7 M parameters at 64 px in PyTorch: the same layers and the same order of steps as in ../gan.ts."""

import torch
from torch import nn
from torch.nn import functional as F

from pytorch_setup import BATCH, count_parameters, lay_out, precision

NOISE, BASE = 128, 128
GENERATOR = [128, 128, 64, 32]
DISCRIMINATOR = [32, 64, 128, 256]


def generator() -> nn.Module:
    """From noise to pictures in [0, 1]."""
    layers = [nn.Linear(NOISE, 4 * 4 * BASE), nn.LeakyReLU(0.2, inplace=True), nn.Unflatten(1, (BASE, 4, 4))]
    channels = BASE
    for to in GENERATOR:
        layers += [
            nn.Upsample(scale_factor=2, mode="nearest"),
            nn.Conv2d(channels, to, 3, padding=1, bias=False),
            nn.BatchNorm2d(to, eps=1e-3, momentum=0.01),
            nn.LeakyReLU(0.2, inplace=True),
        ]
        channels = to
    return nn.Sequential(*layers, nn.Conv2d(channels, 3, 3, padding=1), nn.Sigmoid())


def discriminator() -> nn.Module:
    """From pictures to logits, positive for real."""
    layers, channels = [], 3
    for to in DISCRIMINATOR:
        layers += [nn.Conv2d(channels, to, 5, stride=2, padding=2), nn.LeakyReLU(0.2, inplace=True)]
        channels = to
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(4 * 4 * channels, 1))


def build(mode: str):
    """The training step and the number of parameters."""
    generate, judge = lay_out(generator(), mode), lay_out(discriminator(), mode)
    adam = lambda module: torch.optim.Adam(module.parameters(), lr=2e-4, betas=(0.5, 0.999), fused=True)
    generator_adam, discriminator_adam = adam(generate), adam(judge)
    real = lay_out(torch.rand(BATCH, 3, 64, 64), mode)
    # Real pictures come first in the discriminator's batch.
    is_real = torch.cat([torch.ones(BATCH, 1), torch.zeros(BATCH, 1)])
    passes = torch.ones(BATCH, 1)

    def step() -> float:
        discriminator_adam.zero_grad(set_to_none=True)
        with precision(mode):
            with torch.no_grad():
                fake = generate(torch.randn(BATCH, NOISE))
            logits = judge(torch.cat([real, fake]))
        discriminator_loss = F.binary_cross_entropy_with_logits(logits.float(), is_real)
        discriminator_loss.backward()
        discriminator_adam.step()

        generator_adam.zero_grad(set_to_none=True)
        judge.requires_grad_(False)  # Saves the gradients of weights that this half does not train.
        with precision(mode):
            logits = judge(generate(torch.randn(BATCH, NOISE)))
        generator_loss = F.binary_cross_entropy_with_logits(logits.float(), passes)
        generator_loss.backward()
        generator_adam.step()
        judge.requires_grad_(True)
        return discriminator_loss.item() + generator_loss.item()

    return step, count_parameters(generate, judge)
