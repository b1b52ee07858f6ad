"""What a marketplace takes of a listing: the length of titles, the number and length of bullets."""

import re
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

import yaml
from pydantic import BaseModel, ConfigDict

from domain.compliance import Jurisdiction
from domain.copywriting import CopyBrief, CopyKind
from domain.errors import InvalidInput
from tools.word_borders import find_borders

_LISTED: tuple[CopyKind, ...] = ("title", "bullets")
_FILLED = 0.6
_HAN = re.compile(r"[\u2e80-\U0010ffff]")


class Limits(BaseModel):
    """The limits of one marketplace; `market` is the country whose law it is under, if it is one.

    `title` and `bullet` are the longest ones, `by` characters, or by width, a Han character
    counting as two; `bullets` is how many there may be. Of one that is not `listed` they are not
    known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: str = ""
    title: int = 60
    by: Literal["width", "characters"] = "width"
    bullets: int = 8
    bullet: int = 255
    market: Jurisdiction | None = None
    listed: bool = True

    def length(self, text: str) -> int:
        """How long `text` is as this marketplace counts."""
        return len(text) + (len(_HAN.findall(text)) if self.by == "width" else 0)

    def shorten(self, title: str) -> str:
        """`title` up to the last border of words that there is room for; empty if there is none.

        The end of a clause goes before one within it where it leaves most of the room filled.
        """
        if self.length(title) <= self.title:
            return title
        fitting = [b for b in find_borders(title) if self.length(title[: b.at]) <= self.title]
        clauses = [b for b in fitting if b.ends_clause]
        filled = [b for b in clauses if self.length(title[: b.at]) >= _FILLED * self.title]
        last = max((b.at for b in filled or fitting), default=0)
        return title[:last]


def find_limits(brief: CopyBrief) -> Limits:
    """The limits of the marketplace that the brief names; without one, those that fit most.

    Raises:
        InvalidInput: the platform is not known, or a listing is asked for and its limits are not.
    """
    if not brief.platform or not brief.platform.strip():
        return Limits()
    is_listing = brief.kind in _LISTED
    found = _named(brief.platform)
    if found is None or (is_listing and not found.listed):
        what = "of the limits of the platform" if is_listing else "of the platform"
        known = [name for name, it in _known().items() if it.listed or not is_listing]
        raise InvalidInput(
            f"Nothing is known {what} {brief.platform!r}.",
            hint=f"Name one of {', '.join(known)}, or none.",
        )
    return found


def find_jurisdictions(brief: CopyBrief) -> list[Jurisdiction] | None:
    """Whose rules the copy has to keep: those asked for, else those of the marketplace's country.

    None, for all, where neither is known.
    """
    found = _named(brief.platform or "")
    market = found.market if found else None
    return brief.jurisdictions or ([market, "platform"] if market else None)


def _named(platform: str) -> Limits | None:
    for limits in _known().values():
        if re.search(rf"(?<![a-z])(?:{limits.words})(?![a-z])", platform, re.IGNORECASE):
            return limits
    return None


@cache
def _known() -> dict[str, Limits]:
    path = Path(__file__).with_name("copy_platforms.yaml")
    data = cast("dict[str, dict[str, Any]]", yaml.safe_load(path.read_text(encoding="utf-8")))
    return {name: Limits.model_validate(told) for name, told in data.items()}
