"""Themes: how a clip's text, cards, stickers and music look and sound, as data files."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field, ValidationError

from domain.errors import InvalidInput, NotFound
from domain.timeline import Aspect
from domain.watching import Frozen

FOLDER = Path(__file__).parent / "themes"

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]


class SafeArea(Frozen):
    """Parts of the frame at its edges that players cover with their own signs."""

    left: float
    top: float
    right: float
    bottom: float


class SubtitleLook(Frozen):
    """Subtitles: `size` and `outline` are parts of the frame's shorter side.

    `spoken` colours the word that is being said (None: none), `emphasis` numbers and names.
    `box` puts the lines on a panel of that colour and opacity instead of an outline.
    """

    size: float
    second_size: float = 0.043
    colour: Colour
    spoken: Colour | None
    emphasis: Colour
    emphasis_scale: int = 108
    outline_colour: Colour = "#101010"
    outline: float = 0.004
    shadow: float = 0.002
    box: Colour | None = None
    box_opacity: float = 0.6
    upper_case: bool = False


class CardLook(Frozen):
    """Cards before and after the clip: a gradient between two colours, and their length."""

    top: Colour
    bottom: Colour
    text: Colour
    accent: Colour
    seconds: float = Field(default=1.6, gt=0.2, le=10)


class StickerLook(Frozen):
    """Stickers: ground, text and edge, and their size as part of the frame's shorter side."""

    ground: Colour
    text: Colour
    edge: Colour
    arrow: Colour
    size: float = 0.2


class CoverLook(Frozen):
    """The cover's title."""

    text: Colour
    ground: Colour
    accent: Colour
    place: Literal["top", "middle", "bottom"] = "bottom"


class MusicLook(Frozen):
    """How far under the speech the music lies, in LU."""

    below_lu: float = Field(default=14.0, ge=0, le=40)


class Theme(Frozen):
    """A theme file."""

    title: str
    subtitles: SubtitleLook
    cards: CardLook
    stickers: StickerLook
    cover: CoverLook
    music: MusicLook = MusicLook()
    transition: Literal["cut", "fade", "slide"] = "cut"


def load_theme(name: str, folders: Sequence[Path] = ()) -> Theme:
    """The theme of a name; `folders` are looked into before those that come with Livecue.

    Raises:
        NotFound: there is no theme of that name.
        InvalidInput: its file breaks the format.
    """
    for folder in (*folders, FOLDER):
        path = folder / f"{name}.yaml"
        if "/" not in name and "\\" not in name and path.is_file():
            return _read(path)
    there = ", ".join(theme_names(folders))
    raise NotFound(f"There is no theme {name}.", hint=f"There are {there}.")


def theme_names(folders: Sequence[Path] = ()) -> list[str]:
    """The names of all themes."""
    return sorted({path.stem for folder in (*folders, FOLDER) for path in folder.glob("*.yaml")})


def digest_theme(theme: Theme) -> str:
    """The hash of what a theme says."""
    return hashlib.sha256(theme.model_dump_json().encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def safe_areas() -> dict[Aspect, SafeArea]:
    """What players cover, by shape of the frame."""
    read = yaml.safe_load((Path(__file__).parent / "safe_areas.yaml").read_text("utf-8"))
    return {aspect: SafeArea.model_validate(area) for aspect, area in read.items()}


def _read(path: Path) -> Theme:
    try:
        return Theme.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        told = str(error).splitlines()
        raise InvalidInput(
            f"The theme {path.name} breaks the format: {' '.join(told[:3])}",
            hint="Compare it with tools/effects/themes/plain.yaml.",
        ) from error
