"""A detector of 0.14 M parameters at 128 px in PyTorch: the same layers as in ../detector.ts."""

import torch
from torch import nn
from torch.nn import functional as F

from pytorch_setup import BATCH, count_parameters, lay_out, precision

STEM = 16
BLOCKS = [(32, 1), (64, 2), (64, 1), (128, 2), (128, 1), (256, 2), (256, 1)]


def norm(channels: int) -> nn.Module:
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


def detector() -> nn.Module:
    """From pictures to logits."""
    layers = [nn.Conv2d(3, STEM, 3, stride=2, padding=1, bias=False), norm(STEM), nn.ReLU(inplace=True)]
    channels = STEM
    for to, stride in BLOCKS:
        layers += [
            nn.Conv2d(channels, channels, 3, stride=stride, padding=1, groups=channels, bias=False),
            nn.Conv2d(channels, to, 1, bias=False),
            norm(to),
            nn.ReLU(inplace=True),
        ]
        channels = to
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(channels, 1))


def build(mode: str):
    """The training step and the number of parameters."""
    model = lay_out(detector(), mode)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    pictures = lay_out(torch.rand(BATCH, 3, 128, 128), mode)
    labels = (torch.arange(BATCH) % 2).float().unsqueeze(1)

    def step() -> float:
        optimiser.zero_grad(set_to_none=True)
        with precision(mode):
            logits = model(pictures)
        loss = F.binary_cross_entropy_with_logits(logits.float(), labels)
        loss.backward()
        optimiser.step()
        return loss.item()

    return step, count_parameters(model)
