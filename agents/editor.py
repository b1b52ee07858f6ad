"""The ad editor: reads in plain words what an ad is to be, and says what it needs to cut one.

Code reads what it can; a model is asked only for the clauses that are left, and only quotes. What
nobody understood is said.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

import yaml
from pydantic import BaseModel, ConfigDict

from domain.clip_brief import (
    LONGEST_SECONDS,
    MOST_CLIPS,
    SHORTEST_SECONDS,
    ClipBrief,
    ConstraintKind,
    Understood,
)
from domain.errors import DeadlineExceeded, ModelOutputInvalid, ModelRefused, ModelUnavailable
from domain.outputs import BriefItem, BriefItems
from domain.recording import SpeechTag
from models.chat import ChatModel
from models.prompts import PromptLibrary
from tools.clip_words import read_words, tones
from tools.turn_details import seconds_in

_USUAL_SECONDS = 30
_TOKENS = 300
_TIMEOUT = 30.0


class EditorReply(BaseModel):
    """What the editor answers in a chat; `status` tells programs that nothing was cut."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Literal["not_available"] = "not_available"
    lang: str
    text: str


class Editor:
    """Reads briefs; without a `model` what code cannot read is not understood."""

    def __init__(
        self, model: ChatModel | None = None, prompts: PromptLibrary | None = None
    ) -> None:
        self._model = model
        self._prompts = prompts

    def reply(self, request: str, lang: str) -> EditorReply:
        """Says that nothing was cut, how to, and offers a script of the length asked for.

        A language without a text of its own is answered in English.
        """
        texts = _texts()
        spoken = lang if lang in texts else "en"
        seconds = seconds_in(request) or _USUAL_SECONDS
        return EditorReply(lang=spoken, text=texts[spoken].format(seconds=seconds).strip())

    async def read_brief(
        self, text: str, *, base: ClipBrief | None = None, products: Sequence[tuple[str, str]] = ()
    ) -> ClipBrief:
        """The constraints that `text` states, over those of `base`.

        `products` are ids and names that the text may name. A number beyond what there is is
        brought within it, and told as not understood.
        """
        read = read_words(text, products)
        found, rest = list(read.found), list(read.rest)
        if rest and self._model is not None and self._prompts is not None:
            items, rest = await self._ask(self._model, self._prompts, text, rest)
            found += items
        return _apply(base or ClipBrief(), text, found, rest)

    async def _ask(
        self, model: ChatModel, prompts: PromptLibrary, text: str, rest: Sequence[str]
    ) -> tuple[list[Understood], list[str]]:
        """What the model says of the clauses that are left, and those that stay so."""
        prompt = prompts.render(
            "editor/read_brief",
            brief=text,
            open=list(rest),
            tags=[tag.value for tag in SpeechTag],
            tones=list(tones()),
        )
        try:
            parsed = await model.parse(prompt, BriefItems, max_tokens=_TOKENS, timeout=_TIMEOUT)
        except (ModelUnavailable, ModelRefused, ModelOutputInvalid, DeadlineExceeded):
            return [], list(rest)
        found: list[Understood] = []
        still: list[str] = []
        for clause in rest:
            items = [one for one in parsed.value.items if one.quote and one.quote in clause]
            taken = [one for item in items for one in _check(item)]
            found += taken
            if not taken:
                still.append(clause)
        return found, still


def _check(item: BriefItem) -> list[Understood]:
    """What a model's item stands for; nothing where its value is none that there is."""

    def take(kind: ConstraintKind, value: str) -> Understood:
        return Understood(quote=item.quote, kind=kind, value=value, by="model")

    if item.kind in ("wanted", "unwanted") and item.value in set(SpeechTag):
        return [take(item.kind, item.value)]
    if item.kind == "audience" and item.value and item.value.lower() in item.quote.lower():
        return [take("audience", item.value)]
    if item.kind == "tone" and (tone := tones().get(item.value)) is not None:
        return [take("theme", tone["theme"]), take("bgm", tone["bgm"])]
    return []


def _apply(
    base: ClipBrief, text: str, found: Sequence[Understood], rest: Sequence[str]
) -> ClipBrief:
    change: dict[str, Any] = {}
    wanted, unwanted, audience = list(base.wanted), list(base.unwanted), list(base.audience)
    missed = list(rest)
    for one in found:
        match one.kind:
            case "wanted":
                wanted.append(SpeechTag(one.value))
            case "unwanted":
                unwanted.append(SpeechTag(one.value))
            case "audience":
                audience.append(one.value)
            case "seconds" | "variants":
                low, high = (
                    (SHORTEST_SECONDS, LONGEST_SECONDS)
                    if one.kind == "seconds"
                    else (1, MOST_CLIPS)
                )
                value = int(one.value)
                change[one.kind] = min(max(value, low), high)
                if not low <= value <= high:
                    missed.append(f"{one.quote} (taken for {change[one.kind]})")
            case "bgm":
                change["bgm"] = None if one.value == "none" else one.value
            case "subtitles":
                change["subtitles"] = False
            case "product":
                change["product_id"] = one.value
            case kind:
                change[kind] = one.value
    change |= {
        "text": text,
        "wanted": tuple(dict.fromkeys(tag for tag in wanted if tag not in unwanted)),
        "unwanted": tuple(dict.fromkeys(unwanted)),
        "audience": tuple(dict.fromkeys(audience)),
        "understood": (*base.understood, *found),
        "not_understood": (*base.not_understood, *missed),
    }
    return ClipBrief.model_validate({**base.model_dump(), **change})


@cache
def _texts() -> dict[str, str]:
    path = Path(__file__).with_suffix(".yaml")
    data = cast("dict[str, dict[str, str]]", yaml.safe_load(path.read_text(encoding="utf-8")))
    return data["cannot_cut"]
