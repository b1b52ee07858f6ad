"""A font on this machine that holds Chinese and Latin; none is shipped."""

import os
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
)
_FILES = {
    "NotoSansCJK-Regular.ttc": 2,
    "NotoSansCJKsc-Regular.otf": 0,
    "NotoSansSC-Regular.otf": 0,
    "NotoSansSC-Regular.ttf": 0,
    "SourceHanSansSC-Regular.otf": 0,
    "SourceHanSansCN-Regular.otf": 0,
    "wqy-microhei.ttc": 0,
    "wqy-zenhei.ttc": 0,
    "PingFang.ttc": 0,
    "Hiragino Sans GB.ttc": 0,
    "STHeiti Medium.ttc": 0,
}
"""Faces with Simplified Chinese, the best first, and where it stands in a collection."""


@lru_cache(maxsize=1)
def find_font() -> tuple[Path, int]:
    """The file of a face with Simplified Chinese, and its index in the file.

    Raises:
        NotAvailable: no such face is installed.
    """
    found: dict[str, Path] = {}
    for folder in _FOLDERS:
        for root, _, names in os.walk(Path(folder).expanduser()):
            for name in names:
                if name in _FILES:
                    found.setdefault(name, Path(root, name))
    for name, index in _FILES.items():
        if name in found:
            return found[name], index
    raise NotAvailable(
        "No font on this machine holds Chinese, so the demo broadcast cannot be drawn.",
        hint="On Debian or Ubuntu install the package fonts-noto-cjk, then start the demo again.",
    )


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont:
    """The font in a size, in pixels."""
    path, index = find_font()
    return ImageFont.truetype(str(path), size, index=index)


def wrap(text: str, size: int, width: float, first: float | None = None) -> list[str]:
    """Lines of at most `width` pixels, the first of at most `first`; Chinese breaks anywhere."""
    face = font(size)
    lines: list[str] = []
    line = ""
    for word in _words(text):
        room = width if lines or first is None else first
        if line.strip() and face.getlength((line + word).rstrip()) > room:
            lines.append(line.strip())
            line = ""
        line = line + word if line or word != " " else ""
    return [*lines, line.strip()] if line.strip() else lines


def _words(text: str) -> list[str]:
    words: list[str] = []
    for sign in text:
        joins = words and sign != " " and words[-1] != " " and not _is_han(sign + words[-1][-1])
        if joins:
            words[-1] += sign
        else:
            words.append(sign)
    return words


def _is_han(signs: str) -> bool:
    return any(ord(sign) > 0x2E80 for sign in signs)
