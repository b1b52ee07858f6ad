"""Fonts on this machine, or in folders that are given; none is shipped."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from domain.errors import NotAvailable

_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
_CHINESE = {
    "NotoSansCJK-Bold.ttc": 2,
    "NotoSansCJKsc-Bold.otf": 0,
    "NotoSansSC-Bold.otf": 0,
    "NotoSansSC-Bold.ttf": 0,
    "SourceHanSansSC-Bold.otf": 0,
    "SourceHanSansCN-Bold.otf": 0,
    "NotoSansCJK-Regular.ttc": 2,
    "NotoSansCJKsc-Regular.otf": 0,
    "NotoSansSC-Regular.otf": 0,
    "NotoSansSC-Regular.ttf": 0,
    "SourceHanSansSC-Regular.otf": 0,
    "wqy-microhei.ttc": 0,
    "wqy-zenhei.ttc": 0,
    "PingFang.ttc": 0,
    "Hiragino Sans GB.ttc": 0,
    "STHeiti Medium.ttc": 0,
    "msyhbd.ttc": 0,
    "msyh.ttc": 0,
}
"""Faces with Simplified Chinese and Latin, the best first, and where it stands in a collection."""
_LATIN = {"DejaVuSans-Bold.ttf": 0, "LiberationSans-Bold.ttf": 0, "Arial Bold.ttf": 0,
          "arialbd.ttf": 0, "DejaVuSans.ttf": 0}  # fmt: skip
_EMOJI = {"NotoColorEmoji.ttf": 0}
_EMOJI_SIZE = 109
"""The one size in which Noto Color Emoji holds its pictures, in pixels."""


@dataclass(frozen=True)
class Font:
    """A face: its file, where it stands in it, and the family that subtitles name it by."""

    file: Path
    index: int
    family: str

    def sized(self, size: int) -> ImageFont.FreeTypeFont:
        """The face in a size, in pixels."""
        return _sized(str(self.file), size, self.index)


def find_font(folders: Sequence[Path] = (), *, text: str = "") -> Font:
    """A bold face for `text`, from `folders` before the machine's own.

    Raises:
        NotAvailable: the text has Chinese, and no face on this machine holds it; or there is none.
    """
    found = _look(tuple(folders))
    chinese = next((found[name] for name in _CHINESE if name in found), None)
    if chinese is not None:
        return chinese
    if has_chinese(text):
        raise NotAvailable(
            "No font on this machine holds Chinese, so the clip's text cannot be drawn.",
            hint="On Debian or Ubuntu install the package fonts-noto-cjk, or switch subtitles off.",
        )
    latin = next((found[name] for name in _LATIN if name in found), None)
    if latin is None:
        raise NotAvailable(
            "There is no font on this machine that text can be drawn with.",
            hint="On Debian or Ubuntu install the package fonts-noto-cjk, or switch subtitles off.",
        )
    return latin


def find_emoji_font(folders: Sequence[Path] = ()) -> Font:
    """Noto Color Emoji.

    Raises:
        NotAvailable: it is not installed.
    """
    found = _look(tuple(folders))
    if not _EMOJI.keys() & found.keys():
        raise NotAvailable(
            "The font Noto Color Emoji is not installed, so emoji cannot be drawn.",
            hint="On Debian or Ubuntu install the package fonts-noto-color-emoji.",
        )
    return found["NotoColorEmoji.ttf"]


def emoji_face(font: Font) -> ImageFont.FreeTypeFont:
    """The face in its one size."""
    return font.sized(_EMOJI_SIZE)


def has_chinese(text: str) -> bool:
    """Whether a text has signs of Chinese, or of the scripts beside it."""
    return any(ord(sign) > 0x2E7F and not is_emoji(sign) for sign in text)


def is_emoji(sign: str) -> bool:
    """Whether a sign is a pictograph, or joins them: subtitle renderers draw empty boxes."""
    code = ord(sign)
    return (
        0x1F000 <= code <= 0x1FAFF
        or 0x2600 <= code <= 0x27BF
        or 0x2B00 <= code <= 0x2BFF
        or 0xE0020 <= code <= 0xE007F
        or code in (0x200D, 0xFE0E, 0xFE0F, 0x20E3)
    )


@lru_cache(maxsize=64)
def _sized(file: str, size: int, index: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, size, index=index)


@lru_cache(maxsize=8)
def _look(folders: tuple[Path, ...]) -> dict[str, Font]:
    wanted = _CHINESE | _LATIN | _EMOJI
    files: dict[str, Path] = {}
    for folder in (*folders, *(Path(name).expanduser() for name in _FOLDERS)):
        for root, _, names in os.walk(folder):
            for name in names:
                if name in wanted:
                    files.setdefault(name, Path(root, name))
    found: dict[str, Font] = {}
    for name, file in files.items():
        size = _EMOJI_SIZE if name in _EMOJI else 20
        family = ImageFont.truetype(str(file), size, index=wanted[name]).getname()[0] or name
        found[name] = Font(file, wanted[name], family)
    return found
