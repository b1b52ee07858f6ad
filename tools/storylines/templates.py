"""Storyline templates by industry, from the YAML files of `templates/` or another folder."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml
from pydantic import ValidationError

from domain.errors import InvalidInput
from domain.storyline import INDUSTRIES, Industry, Template

FOLDER = Path(__file__).parent / "templates"


@cache
def load_templates(industry: Industry, folder: Path = FOLDER) -> tuple[Template, ...]:
    """The templates of an industry in the order of its file.

    Raises:
        InvalidInput: the file is missing, is no YAML, or does not keep the schema.
    """
    path = folder / f"{industry}.yaml"
    try:
        read = yaml.safe_load(path.read_text("utf-8"))
        data = cast("dict[str, Any]", read if isinstance(read, dict) else {})
        given = cast("Sequence[dict[str, Any]]", data.get("templates") or ())
        if data.get("industry") != industry or not given:
            raise ValueError(f"it has to name the industry {industry} and list templates")
        found = tuple(Template.model_validate({**one, "industry": industry}) for one in given)
    except (OSError, ValueError, TypeError, yaml.YAMLError) as error:
        what = _first(error) if isinstance(error, ValidationError) else str(error)
        raise InvalidInput(
            f"The storylines of {path.name} cannot be read: {what}.",
            hint="A template has a name, an industry, a line about it, and slots of tags.",
        ) from error
    names = [one.name for one in found]
    if len(set(names)) < len(names):
        raise InvalidInput(
            f"Two storylines of {path.name} have one name.", hint="Give each a name of its own."
        )
    return found


def templates_for(industry: Industry, folder: Path = FOLDER) -> tuple[Template, ...]:
    """The templates of an industry and, after them, the general ones."""
    own = load_templates(industry, folder)
    return own if industry == "general" else (*own, *load_templates("general", folder))


def industry_of(category: str | None) -> Industry:
    """The industry of a product's category as it is written; `general` where none is named."""
    words = (category or "").lower()
    for industry in INDUSTRIES:
        if any(word.search(words) for word in _words()[industry]):
            return industry
    return "general"


@cache
def _words() -> dict[str, list[re.Pattern[str]]]:
    data = yaml.safe_load((FOLDER.parent / "industries.yaml").read_text("utf-8"))
    words = cast("dict[str, list[str]]", data)
    return {name: [_pattern(word) for word in listed] for name, listed in words.items()}


def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(word)}(?:e?s)?\b" if word.isascii() else re.escape(word))


def _first(error: ValidationError) -> str:
    wrong = error.errors(include_url=False)[0]
    return f"{'.'.join(str(part) for part in wrong['loc'])}: {wrong['msg']}"
