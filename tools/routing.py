"""Which specialist a chat turn is for, as far as its wording says it beyond doubt.

The order is that of what it would cost to be wrong: publishing needs a bare imperative, a request
to write or cut wins over a question mark, and what stays open is left to the model (None).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

import yaml

from tools.turn_details import (
    COPY_NOUNS,
    copy_details,
    jurisdictions_in,
    quoted_text,
    seconds_in,
)

RoutedTo = Literal[
    "product_analyst", "copywriter", "compliance_checker", "qa_responder", "editor", "approve"
]


@dataclass(frozen=True, slots=True)
class Route:
    """Where a turn goes and what it says about the work.

    `parameters` by specialist: copywriter `kind, seconds, lang, platform, tone, variants, product`;
    compliance_checker `text, jurisdictions`; product_analyst `material, name`; qa_responder
    `question`; editor `seconds`. Only what the turn names is there.
    """

    specialist: RoutedTo
    parameters: dict[str, Any] = field(default_factory=dict[str, Any])


_FIELD_LINE = re.compile(r"^[^\n:：]{1,24}[:：][^\n]{1,200}$", re.MULTILINE)
_HEAD_END = re.compile(r"[:：\n“\"「]")
_MATERIAL_LINES = 3


def route_turn(text: str, has_files: bool = False) -> Route | None:
    """The route that the turn's wording fixes, or None when the model has to be asked.

    `has_files` says that files came with the turn: they are read as product material, unless the
    turn asks for cutting.
    """
    said = text.strip()
    if _is_approval(said):
        return Route("approve")
    if has_files:
        return _cut(said) if _says("cut", said) else _intake(said)
    head = said[: len(_HEAD_END.split(said, maxsplit=1)[0]) + 1]
    if _is_check(said, head):
        return _check(said, head)
    if _is_material(said) or _says("add", head):
        return _intake(said)
    if _says("cut", said) and not _says("words_only", said):
        return _cut(said)
    writes = _says("write", said) and not _says("asks_about", said)
    if writes and COPY_NOUNS.search(said):
        return Route("copywriter", copy_details(said))
    if _says("cut", said):
        return _cut(said)
    if _says("law", said):
        return _check(said, head)
    if _says("about_assistant", said):
        return None
    if _says("rework", said) and not _says("question", said):
        return Route("copywriter", copy_details(said))
    if _says("question", said):
        return Route("qa_responder", {"question": said})
    return None


@cache
def _wording() -> dict[str, re.Pattern[str]]:
    path = Path(__file__).with_suffix(".yaml")
    data = cast("dict[str, list[str]]", yaml.safe_load(path.read_text(encoding="utf-8")))
    flags = re.IGNORECASE | re.DOTALL
    return {name: re.compile("|".join(patterns), flags) for name, patterns in data.items()}


def _says(name: str, text: str) -> re.Match[str] | None:
    """Where `text` has a wording of the kind `name` in routing.yaml."""
    return _wording()[name].search(text)


def _is_approval(said: str) -> bool:
    asked = said.replace("没问题", "好")
    return bool(len(said) <= 120 and _says("approve", asked) and not _says("not_approve", asked))


def is_bare_approval(turn: str) -> bool:
    """Whether an approval names no product (`approve it`, 发布吧)."""
    return bool(_is_approval(turn.strip()) and _says("bare_approve", turn.strip()))


def _is_check(said: str, head: str) -> bool:
    if _says("alone_check", said) or _says("may_i_say", said):
        return True
    return bool(_says("check_head", said) and _says("check_object", head))


def _is_material(said: str) -> bool:
    """Pasted product data: several `name: value` lines and no question or request."""
    return len(_FIELD_LINE.findall(said)) >= _MATERIAL_LINES and not said.endswith(("?", "？"))


def _intake(said: str) -> Route:
    first, mark, rest = said.partition("\n")
    if _is_material(said) and not _says("add", first):
        return Route("product_analyst", {"material": said})
    head = re.match(r"([^:：\n]{0,80})[:：]\s*(\S.*)", said, re.DOTALL)
    material = head[2] if head else (rest if mark else "")
    named = _says("named", head[1] if head else first)
    name = next((group.strip() for group in named.groups() if group), "") if named else ""
    return Route("product_analyst", _given({"material": material.strip(), "name": name}))


def _check(said: str, head: str) -> Route:
    details = {"text": quoted_text(said), "jurisdictions": jurisdictions_in(head)}
    return Route("compliance_checker", _given(details))


def _cut(said: str) -> Route:
    return Route("editor", _given({"seconds": seconds_in(said)}))


def _given(details: Mapping[str, object]) -> dict[str, Any]:
    return {name: value for name, value in details.items() if value}
