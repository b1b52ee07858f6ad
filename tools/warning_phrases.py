"""How a warning is worded for the host: what was said, what is known, and what to say instead."""

from functools import cache
from pathlib import Path
from typing import cast

import yaml

_FILE = Path(__file__).with_suffix(".yaml")


def phrase(name: str, language: str, **parts: str) -> str:
    """The phrase `name` in `language` (`zh`, else English) with its parts."""
    wordings = _phrases()[name]
    return wordings["zh" if language == "zh" else "en"].format(**parts)


def clock(ms: int) -> str:
    """A moment of the stream as hosts read it: `3:12`, `1:03:12`."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@cache
def _phrases() -> dict[str, dict[str, str]]:
    return cast("dict[str, dict[str, str]]", yaml.safe_load(_FILE.read_text(encoding="utf-8")))
