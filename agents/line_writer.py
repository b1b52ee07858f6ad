"""Words one line of copy at a time with a model, and keeps only what holds against the record.

One short line a call: on the embedded 1.5B model six notes in one call took 21 s and came back
mixed up with each other, while single lines took 2.5 s each on a shared prefix and stayed with
their note.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from domain.copywriting import DraftLine, LineProblem, Removal
from domain.errors import ModelOutputInvalid
from domain.outputs import WrittenLine
from domain.product import Fact
from models.chat import ChatModel
from models.prompts import PromptLibrary, RenderedPrompt
from tools.copy_plan import Beat, CopyPlan
from tools.copy_templates import Composer
from tools.copy_wording import Wording
from tools.extractive import say
from tools.line_checks import Fault, are_alike, check_line, cut_additions
from tools.sentence_case import start_sentences
from tools.translation_checks import check_translation

_LINE_TOKENS = 80
_VARIANT_TEMPERATURE = 0.7
_REWORDABLE = ("point", "usage", "promotion")
_LISTS = ("headline", "spec", "colours", "sizes", "certificate")
_FRAME_TRIES = 3


class ModelLines:
    """The model calls of one piece of copy, and which prompts they used."""

    def __init__(self, model: ChatModel, prompts: PromptLibrary, sample: int) -> None:
        self.name = model.name
        self._model = model
        self._prompts = prompts
        self._sample = sample
        self.used: dict[str, None] = {}

    async def ask(self, prompt_id: str, **inputs: object) -> tuple[str, list[str]]:
        """The model's line and the prompt's own example sentences; empty if it gave no line."""
        prompt = self._prompts.render(prompt_id, **inputs)
        self.used[str(prompt.ref)] = None
        try:
            parsed = await self._model.parse(
                prompt,
                WrittenLine,
                max_tokens=_LINE_TOKENS,
                temperature=_VARIANT_TEMPERATURE if self._sample else 0.0,
                sample=self._sample,
            )
        except ModelOutputInvalid:
            return "", []
        return start_sentences(" ".join(parsed.value.text.split())), _examples(prompt)


@dataclass
class LineWriter:
    """Words, mends and translates lines of `plan`; `repairs` bounds the rewrites of one line."""

    plan: CopyPlan
    wording: Wording
    calls: ModelLines
    repairs: int

    async def word(
        self, beat: Beat, composed: DraftLine, said: Sequence[str]
    ) -> tuple[DraftLine, Removal | None]:
        """The model's line for `beat`, mended where needed, or the composed one.

        With the model's first words and what was wrong with them, unless they stay.
        """
        text, examples = await self.calls.ask(
            f"copywriter/line_{self.plan.lang}",
            thing=self._thing,
            note=self._note(beat),
            tone=self.plan.brief.tone or "",
            persona=self.plan.brief.persona or "",
        )
        if not text:
            return composed, None
        faults = self._faults(text, beat, said, examples)
        if not faults:
            return composed.model_copy(update={"text": text, "origin": "model"}), None
        reason = "; ".join(dict.fromkeys(fault.reason for fault in faults))
        repaired = await self._repair(text, faults, beat, said, examples)
        line = composed
        if repaired:
            line = composed.model_copy(update={"text": repaired, "origin": "repaired"})
        return line, Removal(text=text, reason=reason, replacement=line.text, cause="record")

    async def _repair(
        self,
        text: str,
        faults: Sequence[Fault],
        beat: Beat,
        said: Sequence[str],
        examples: Sequence[str],
    ) -> str:
        """`text` with the faulty clauses cut, else rewritten by the model; empty if neither."""
        for attempt in range(self.repairs + 1):
            cut = cut_additions(text, faults)
            if cut and not self._faults(cut, beat, said, examples):
                return cut
            if attempt == self.repairs:
                break
            text, shown = await self._rewrite(text, [fault.quote for fault in faults], beat)
            faults = self._faults(text, beat, said, [*examples, *shown])
            if not faults:
                return text
        return ""

    async def mend(
        self, line: DraftLine, problems: Sequence[LineProblem], before: Sequence[DraftLine]
    ) -> DraftLine | None:
        """A line that says the same without what `problems` object to, or None."""
        if line.topic == "chat":
            return None
        beat = self.plan.beats[line.place]
        quotes = [p.quote.casefold() for p in problems]

        def is_clean(text: str) -> bool:
            return not any(quote in text.casefold() for quote in quotes)

        if beat.answer is not None:
            text = say("unclear", self.plan.lang)
            other = line.model_copy(update={"text": text, "facts": []})
            return other if text != line.text and is_clean(text) else None
        said = [earlier.text for earlier in before]
        if line.topic in _LISTS:
            kept = tuple(f for f in beat.facts if is_clean(self.wording.say(f)))
            beat = replace(beat, facts=kept)
        for sample in range(_FRAME_TRIES if beat.facts else 0):
            other = Composer(self.plan, self.wording, sample=sample).line(beat)
            if other and is_clean(other.text) and not any(are_alike(other.text, x) for x in said):
                return other
        if line.topic not in _REWORDABLE:
            return None
        text = line.text
        for _ in range(self.repairs):
            text, shown = await self._rewrite(text, [p.quote for p in problems], beat)
            if is_clean(text) and not self._faults(text, beat, said, shown):
                return line.model_copy(update={"text": text, "origin": "repaired"})
        return None

    async def translate(self, facts: Sequence[Fact]) -> dict[str, str]:
        """The wordings of `facts` in the copy's language that hold, by field path."""
        found: dict[str, str] = {}
        for fact in facts:
            text, _ = await self.calls.ask(
                f"copywriter/translate_{self.plan.lang}", note=fact.value
            )
            if text and not check_translation(text, fact, self.plan.lang):
                found[fact.field] = text
        return found

    async def _rewrite(self, text: str, quotes: Sequence[str], beat: Beat) -> tuple[str, list[str]]:
        return await self.calls.ask(
            f"copywriter/repair_{self.plan.lang}",
            thing=self._thing,
            note=self._note(beat),
            line=text,
            objections=list(dict.fromkeys(quotes)),
        )

    def _faults(
        self, text: str, beat: Beat, said: Sequence[str], examples: Sequence[str]
    ) -> list[Fault]:
        return check_line(
            text,
            [self.wording.in_words(fact) for fact in beat.facts],
            lang=self.plan.lang,
            named=[self.wording.in_words(fact) for fact in self.plan.named],
            others=said,
            examples=examples,
        )

    def _note(self, beat: Beat) -> str:
        return "; ".join(self.wording.say(fact) for fact in beat.facts)

    @property
    def _thing(self) -> str:
        """What the product is called in a prompt: its category, else its name."""
        said = {fact.field: self.wording.say(fact) for fact in self.plan.named}
        return said.get("category") or said.get("name") or ""


def _examples(prompt: RenderedPrompt) -> list[str]:
    """The sentences of the prompt's example turns."""
    shown = [m["content"] for m in prompt.messages if m["role"] == "assistant"]
    return [cast("dict[str, str]", json.loads(text))["text"] for text in shown]
