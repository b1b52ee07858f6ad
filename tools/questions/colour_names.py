"""Colours that a record lists by the name of a thing (Basil, Peat): which colour they are."""

import re
from functools import cache
from pathlib import Path
from typing import cast

import yaml

from domain.lexicon import broader_concepts, find_terms

_FILE = Path(__file__).with_suffix(".yaml")
_WORD = re.compile(r"[a-z]+")


def colours_of(value: str) -> frozenset[str]:
    """The concepts of a listed colour and what they are shades of; empty where none is known.

    What the lexicon knows counts first, then what `colour_names.yaml` tells of the name.
    """
    known = {
        broader
        for term in find_terms(value)
        if term.cls == "colour"
        for broader in broader_concepts("colour", term.concept)
    }
    return frozenset(known) or _named(value)


def _named(value: str) -> frozenset[str]:
    words = set(_WORD.findall(value.casefold()))
    han = value.rstrip("色")
    return frozenset(
        concept
        for concept, names in _names().items()
        if any(name in words if name.isascii() else han.startswith(name) for name in names)
    )


@cache
def _names() -> dict[str, list[str]]:
    return cast("dict[str, list[str]]", yaml.safe_load(_FILE.read_text(encoding="utf-8")))
