"""Architecture and sizes of DeepFaceLab's models, as in ../deepfacelab.ts."""

from typing import NamedTuple


class Sizes(NamedTuple):
    """Letters: u brings the code's mean square to 1, d doubles the resolution in the face's last layer."""

    architecture: str
    resolution: int
    encoder: int
    decoder: int
    code: int
    mask: int
    letters: str = ""

    @property
    def encoded(self) -> int:
        """Height and width of the encoder's output."""
        return self.resolution // 16

    @property
    def lowest(self) -> int:
        """Height and width at which the inter's second dense layer ends."""
        return self.resolution // (32 if "d" in self.letters else 16)


MODELS = {
    "df": Sizes("df", 64, 32, 32, 128, 10),
    "df128": Sizes("df", 128, 24, 24, 128, 8, "ud"),
    "liae": Sizes("liae", 64, 32, 32, 128, 10),
    "liae128": Sizes("liae", 128, 24, 24, 128, 8, "ud"),
}
