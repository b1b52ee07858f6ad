"""What rendering takes besides the recording and the timeline, and what it gives back."""

import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

_finding = threading.Lock()


class PersonFinder(Protocol):
    """Tells which pixels of a picture belong to a person; asked by one thread at a time."""

    def find(self, picture: NDArray[np.uint8], /) -> NDArray[np.float32]:
        """How likely each pixel of a BGR picture is a person's, 0 to 1, in the picture's size."""
        ...


def find_person(person: PersonFinder, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The mask of a BGR picture; threads wait for each other, as OpenCV's networks need it."""
    with _finding:
        return person.find(picture)


@dataclass(frozen=True)
class Assets:
    """What effects are made of.

    `folder` keeps what is made on first use and shared by all clips (music). `files` gives the
    path of a blob by its hash: a user's music, a background. `fonts` are folders to look for fonts
    in before the machine's own. `person` is None where no model is at hand: subjects are then
    followed by motion and contrast, and backgrounds cannot be replaced. `names` are emphasised in
    subtitles. `encoder` is `auto` (hardware where it works, else x264) or an encoder's name.
    """

    folder: Path
    files: Mapping[str, Path] = field(default_factory=lambda: MappingProxyType({}))
    fonts: Sequence[Path] = ()
    themes: Sequence[Path] = ()
    person: PersonFinder | None = None
    names: Sequence[str] = ()
    encoder: str = "x264"
    threads: int = field(default_factory=lambda: os.cpu_count() or 1)


@dataclass(frozen=True)
class Rendered:
    """A finished clip.

    `loudness` (LUFS) and `true_peak` (dBTP) are measured on the file as it is; None where it is
    silent. `made` pieces were rendered by this call, `kept` were there from an earlier one. `notes`
    are named states of what could not be done as asked, `receipt` is what the clip is made of.
    """

    video: Path
    cover: Path | None
    width: int
    height: int
    frames: int
    rate: Fraction
    loudness: float | None
    true_peak: float | None
    made: int
    kept: int
    notes: tuple[str, ...]
    receipt: dict[str, Any]

    @property
    def duration(self) -> Fraction:
        """Seconds."""
        return self.frames / self.rate
