"""The copywriter: a model words the selling points, code chooses, verifies and composes the rest.

The model writes one short line a call: on the embedded 1.5B model six notes in one call took 21 s
and came back mixed up with each other, while single lines took 2.5 s each on a shared prefix and
stayed with their note.
"""

import json
from collections.abc import Sequence
from typing import cast

from domain.copywriting import CopyBrief, CopyDraft, DraftLine, LineProblem, Removal
from domain.errors import ModelOutputInvalid, StateConflict
from domain.outputs import WrittenLine
from domain.product import Fact, ProductDocument
from models.chat import ChatModel
from models.prompts import PromptLibrary, RenderedPrompt
from tools.copy_checks import (
    Fault,
    are_alike,
    check_line,
    check_translation,
    cut_additions,
)
from tools.copy_layout import finish
from tools.copy_length import Candidate, fit
from tools.copy_plan import Beat, CopyPlan, plan_copy
from tools.copy_templates import Composer
from tools.copy_wording import Wording

__all__ = ["Copywriter", "finish"]

_LINE_TOKENS = 80
_VARIANT_TEMPERATURE = 0.7
_TIMED = ("script", "short_video")
_REWORDABLE = ("point", "usage", "promotion")


class _Calls:
    """The model calls of one piece of copy, and which prompts they used."""

    def __init__(self, model: ChatModel, prompts: PromptLibrary, sample: int) -> None:
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
        return " ".join(parsed.value.text.split()), _examples(prompt)


class Copywriter:
    """Writes copy from a product document; `repairs` bounds the rewrites of a failing line."""

    def __init__(self, model: ChatModel, prompts: PromptLibrary, *, repairs: int = 2) -> None:
        self._model = model
        self._prompts = prompts
        self._repairs = repairs

    async def write(
        self, document: ProductDocument, brief: CopyBrief, *, sample: int = 0
    ) -> CopyDraft:
        """A draft in which every line holds against the record.

        `sample` tells variants apart: other frames, another first selling point. Raises
        StateConflict if the record has nothing to say, InvalidInput if the language is not
        spoken, and the model's errors when it cannot be reached.
        """
        plan = plan_copy(document, brief, sample=sample)
        calls = _Calls(self._model, self._prompts, sample)
        translations = await self._translate(plan, calls)
        wording = Wording(plan.lang, translations)
        composer = Composer(plan, wording, sample=sample)
        removals: list[Removal] = []
        candidates: list[Candidate] = []
        for place, beat in enumerate(plan.beats):
            line = composer.line(beat)
            if line is None:
                continue
            if beat.written and not _in_brackets(beat, wording):
                said = [c.line.text for c in candidates]
                line = await self._word(plan, wording, beat, line, said, calls, removals)
                if line.origin != "record" and brief.kind in _TIMED:
                    line = composer.lead_in(line)
            candidates.append(Candidate(line, beat.rank, place))
        if not candidates:
            raise StateConflict(
                f"The record of {document.product_id} has nothing to write copy from.",
                hint="Add material that names the product and what it offers.",
            )
        lines = [c.line for c in candidates]
        if brief.kind in _TIMED:
            lines = fit(candidates, composer.chat_lines(), brief.seconds, plan.lang)
        return CopyDraft(
            product_id=document.product_id,
            product_version=document.version,
            brief=brief,
            lang=plan.lang,
            sample=sample,
            lines=lines,
            removals=removals,
            translations=translations,
            prompts=list(calls.used),
            model=self._model.name if calls.used else None,
        )

    async def repair(
        self, document: ProductDocument, draft: CopyDraft, problems: Sequence[LineProblem]
    ) -> CopyDraft:
        """The draft with every line that has a problem reworded, composed anew or taken out.

        A new line holds against the record and has none of the objectionable quotes. The caller
        bounds how often it is called.
        """
        plan = plan_copy(document, draft.brief, sample=draft.sample)
        wording = Wording(draft.lang, draft.translations)
        calls = _Calls(self._model, self._prompts, draft.sample)
        lines: list[DraftLine] = []
        removals = list(draft.removals)
        for index, line in enumerate(draft.lines):
            own = [p for p in problems if p.line == index]
            if not own:
                lines.append(line)
                continue
            mended = await self._mend(plan, wording, line, own, lines, calls)
            removals.append(
                Removal(
                    text=line.text,
                    reason="; ".join(dict.fromkeys(p.reason for p in own)),
                    replacement=mended.text if mended else None,
                )
            )
            if mended:
                lines.append(mended)
        prompts = list(dict.fromkeys([*draft.prompts, *calls.used]))
        return draft.model_copy(
            update={
                "lines": lines,
                "removals": removals,
                "prompts": prompts,
                "model": draft.model or (self._model.name if calls.used else None),
            }
        )

    async def _word(
        self,
        plan: CopyPlan,
        wording: Wording,
        beat: Beat,
        composed: DraftLine,
        said: Sequence[str],
        calls: _Calls,
        removals: list[Removal],
    ) -> DraftLine:
        """The model's line for `beat`, repaired where needed, or the composed one."""
        facts = [wording.in_words(fact) for fact in beat.facts]
        named = [wording.in_words(fact) for fact in plan.named]
        note = "; ".join(fact.value for fact in facts)
        thing = _thing(named)
        text, examples = await calls.ask(
            f"copywriter/line_{plan.lang}", thing=thing, note=note, tone=plan.brief.tone or ""
        )

        def faults_of(line: str) -> list[Fault]:
            return check_line(
                line, facts, lang=plan.lang, named=named, others=said, examples=examples
            )

        first = text
        faults = faults_of(text)
        if not faults:
            return composed.model_copy(update={"text": text, "origin": "model"})
        reason = "; ".join(dict.fromkeys(fault.reason for fault in faults))
        repaired = ""
        for attempt in range(self._repairs + 1):
            cut = cut_additions(text, faults)
            if cut and not faults_of(cut):
                repaired = cut
                break
            if attempt == self._repairs:
                break
            text, _ = await calls.ask(
                f"copywriter/repair_{plan.lang}",
                thing=thing,
                note=note,
                line=text,
                objections=list(dict.fromkeys(fault.quote for fault in faults)),
            )
            faults = faults_of(text)
            if not faults:
                repaired = text
                break
        result = (
            composed.model_copy(update={"text": repaired, "origin": "repaired"})
            if repaired
            else composed
        )
        if first:
            removals.append(Removal(text=first, reason=reason, replacement=result.text))
        return result

    async def _mend(
        self,
        plan: CopyPlan,
        wording: Wording,
        line: DraftLine,
        problems: Sequence[LineProblem],
        before: Sequence[DraftLine],
        calls: _Calls,
    ) -> DraftLine | None:
        """A line that says the same without what `problems` object to, or None."""
        beat = plan.beat(line.topic, line.facts)
        if beat is None:
            return None
        quotes = [p.quote.casefold() for p in problems]

        def is_clean(text: str) -> bool:
            return not any(q in text.casefold() for q in quotes)

        for sample in range(3):
            other = Composer(plan, wording, sample=sample).line(beat)
            if other and is_clean(other.text) and not _stands(other.text, before):
                return other
        if line.topic not in _REWORDABLE:
            return None
        facts = [wording.in_words(fact) for fact in beat.facts]
        named = [wording.in_words(fact) for fact in plan.named]
        text = line.text
        for _ in range(self._repairs):
            text, examples = await calls.ask(
                f"copywriter/repair_{plan.lang}",
                thing=_thing(named),
                note="; ".join(fact.value for fact in facts),
                line=text,
                objections=[p.quote for p in problems],
            )
            said = [b.text for b in before]
            faults = check_line(
                text, facts, lang=plan.lang, named=named, others=said, examples=examples
            )
            if not faults and is_clean(text):
                return line.model_copy(update={"text": text, "origin": "repaired"})
        return None

    async def _translate(self, plan: CopyPlan, calls: _Calls) -> dict[str, str]:
        """Verified wordings in the copy's language of facts that no lexicon translates."""
        wording = Wording(plan.lang)
        found: dict[str, str] = {}
        facts = {fact.field: fact for beat in plan.beats for fact in beat.facts}
        for fact in facts.values():
            if not _in_brackets(Beat("body", "point", (fact,)), wording):
                continue
            text, _ = await calls.ask(f"copywriter/translate_{plan.lang}", note=fact.value)
            if text and not check_translation(text, fact, plan.lang):
                found[fact.field] = text
        return found


def _thing(named: Sequence[Fact]) -> str:
    """What the product is called in a prompt: its category, else its name."""
    by_field = {fact.field: fact.value for fact in named}
    return by_field.get("category") or by_field.get("name") or ""


def _in_brackets(beat: Beat, wording: Wording) -> bool:
    return any(wording.say(fact).startswith("(") for fact in beat.facts)


def _stands(text: str, before: Sequence[DraftLine]) -> bool:
    return any(are_alike(text, line.text) for line in before)


def _examples(prompt: RenderedPrompt) -> list[str]:
    """The sentences of the prompt's example turns."""
    shown = [m["content"] for m in prompt.messages if m["role"] == "assistant"]
    return [cast("dict[str, str]", json.loads(text))["text"] for text in shown]
