"""Words of transition, as data: `cue_words.yaml`."""

import re
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

_FILE = Path(__file__).with_suffix(".yaml")


@cache
def _patterns(name: str) -> re.Pattern[str]:
    lists = cast("dict[str, list[Any]]", yaml.safe_load(_FILE.read_text(encoding="utf-8")))
    return re.compile("|".join(f"(?:{pattern})" for pattern in lists[name]), re.IGNORECASE)


ANOTHER_TIME = _patterns("another_time")
"""What is said of goods that were or will be on air, or that go with those on air."""


def is_transition(text: str) -> bool:
    """Whether a sentence passes on to something else (`next up`, `接下来`)."""
    said = text.strip()
    return _patterns("opening").match(said) is not None or (
        _patterns("anywhere").search(said) is not None
    )


def is_continuing(text: str) -> bool:
    """Whether a sentence leans on the one before it: `And`, `It`, `而且`."""
    return _patterns("continuing").match(text.strip()) is not None
