"""What is laid over the picture: subtitles and drawings with transparency, by frame."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from tools.film.shots import Shot


@dataclass(frozen=True)
class Drawing:
    """A picture (PNG with alpha) that stands at `x`, `y` on frames `first` up to `end`.

    `x` and `y` are the pixels of its upper left corner.
    """

    file: Path
    digest: str
    x: int
    y: int
    first: int
    end: int


@dataclass(frozen=True)
class Line:
    """A subtitle event on frames `first` up to `end`: `text` in ASS markup, in a named style."""

    first: int
    end: int
    style: str
    text: str


@dataclass(frozen=True)
class Overlays:
    """All that lies over a clip. `styles` is the head of the ASS script, up to its events.

    `fonts` are the files that the styles name.
    """

    styles: str = ""
    lines: tuple[Line, ...] = ()
    fonts: tuple[Path, ...] = ()
    drawings: tuple[Drawing, ...] = ()

    def script(self, shot: Shot, rate: Fraction) -> str | None:
        """The ASS script of a shot, counted from its first frame; None where nothing is shown."""
        events: list[str] = []
        for line in self.lines:
            first, end = max(line.first, shot.first), min(line.end, shot.end)
            if first < end:
                span = f"{_stamp(first - shot.first, rate)},{_stamp(end - shot.first, rate)}"
                events.append(f"Dialogue: 0,{span},{line.style},,0,0,0,,{line.text}")
        return "\n".join([self.styles.rstrip(), *events, ""]) if events else None

    def drawn(self, shot: Shot) -> list[Drawing]:
        """The drawings that a shot shows."""
        return [d for d in self.drawings if d.first < shot.end and d.end > shot.first]


def _stamp(frame: int, rate: Fraction) -> str:
    """Half a frame before it, so that rounding to hundredths of a second moves nothing."""
    hundredths = max(0, round((Fraction(frame) - Fraction(1, 2)) / rate * 100))
    minutes, rest = divmod(hundredths, 6000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest // 100:02}.{rest % 100:02}"
