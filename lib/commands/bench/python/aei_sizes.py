"""Sizes of AEI-Net and its discriminator, and what stands in for the identity descriptor, as in ../aei.ts."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Sizes:
    resolution: int
    identity: int
    attributes: tuple
    generator: tuple
    mask: int
    scales: int
    layers: int
    channels: int

    @property
    def lowest(self) -> int:
        return self.resolution // 2 ** len(self.attributes)

    @property
    def embedded(self) -> list:
        """Channels of each level of attributes, the lowest resolution first."""
        levels = [self.attributes[-1], *(2 * channels for channels in reversed(self.attributes[:-1]))]
        return [*levels, levels[-1]]


SMALL = Sizes(64, 128, (32, 64, 128, 192, 128), (128, 128, 128, 64, 32, 16), 3, 2, 3, 32)

IDENTITY, ATTRIBUTES, RECONSTRUCTION, ADVERSARIAL = 5, 10, 10, 1
EMA = 0.999


def projection(length: int) -> np.ndarray:
    """From the pixels of an 8x8 picture to an embedding."""
    return np.cos(np.outer(np.arange(1, 8 * 8 * 3 + 1), np.arange(1, length + 1))).astype("float32")


def kept(count: int) -> float:
    """How much of the running average stays in a step, `count` steps having been followed."""
    return min((count + 1) / (count + 10), EMA)
