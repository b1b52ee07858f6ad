"""How Chinese characters sound: syllables without tone, and which of them are heard alike."""

import re
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from tools.compliance.yaml_files import load_yaml

_FILE = Path(__file__).with_name("syllables.yaml")
_TABLE = TypeAdapter(dict[str, tuple[str, str]])
_FLAT = re.compile(r"^([zcs])h")


@cache
def syllables() -> dict[str, tuple[str, str]]:
    """Common and rare characters by syllable (`wei`, `lv`)."""
    return _TABLE.validate_python(load_yaml(_FILE))


@cache
def readings() -> dict[str, tuple[str, ...]]:
    """The usual syllables of every character of GB 2312, most usual first where there are two."""
    found: dict[str, tuple[str, ...]] = {}
    for syllable, (common, rare) in syllables().items():
        for char in common + rare:
            found[char] = (*found.get(char, ()), syllable)
    return found


@cache
def is_rare(char: str) -> bool:
    """True for what is not among the common characters of GB 2312."""
    return not any(char in syllables()[s][0] for s in readings().get(char, ()))


@cache
def flatten(syllable: str) -> str:
    """The syllable as hasty or southern speakers spell it: `zh` as `z`, `ng` as `n`, `ü` as `u`."""
    return _FLAT.sub(r"\1", syllable).removesuffix("g").replace("v", "u")


@cache
def flat_syllables() -> frozenset[str]:
    """Every syllable, flattened."""
    return frozenset(map(flatten, syllables()))
