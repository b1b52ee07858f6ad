"""The centre of the picture, where no subject is followed."""

from collections.abc import Sequence
from fractions import Fraction

from tools.film.layout import Placed
from tools.film.shots import FramedSpan, Framing

_NEARLY = Fraction(1, 50)


def centre(region: tuple[int, int, int, int], size: tuple[int, int]) -> Framing:
    """The largest middle part of `region` with the shape of `size`."""
    x, y, width, height = region
    share = Fraction(*size)
    if abs(Fraction(width, height) / share - 1) <= _NEARLY or Fraction(width, height) == share:
        return Framing("crop", region, size)
    if Fraction(width, height) > share:
        wide = round(height * share)
        return Framing("crop", (x + (width - wide) // 2, y, wide, height), size)
    high = round(width / share)
    return Framing("crop", (x, y + (height - high) // 2, width, high), size)


class CentreFramer:
    """Frames every piece in the middle."""

    def __init__(self, width: int, height: int, size: tuple[int, int]) -> None:
        self._framing = centre((0, 0, width, height), size)

    def __call__(self, placed: Placed) -> Sequence[FramedSpan]:
        """One span."""
        return [FramedSpan(0, placed.frames, self._framing)]
