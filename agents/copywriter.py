"""The copywriter: a model words the selling points, code chooses, verifies and composes the rest.

The model writes one short line a call: on the embedded 1.5B model six notes in one call took 21 s
and came back mixed up with each other, while single lines took 2.5 s each on a shared prefix and
stayed with their note.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from domain.compliance import Finding
from domain.copywriting import CopyBrief, CopyDraft, DraftLine, LineProblem, Removal
from domain.errors import ModelOutputInvalid, StateConflict
from domain.outputs import WrittenLine
from domain.product import ProductDocument
from models.chat import ChatModel
from models.prompts import PromptLibrary, RenderedPrompt
from tools.copy_checks import locate_findings
from tools.copy_length import Candidate, fit, fit_listing
from tools.copy_plan import Beat, CopyPlan, plan_copy
from tools.copy_templates import Composer
from tools.copy_wording import Wording
from tools.line_checks import Fault, are_alike, check_line, cut_additions
from tools.translation_checks import check_translation

_LINE_TOKENS = 80
_VARIANT_TEMPERATURE = 0.7
_TIMED = ("script", "short_video")
_REWORDABLE = ("point", "usage", "promotion")
_LISTS = ("headline", "spec", "colours", "sizes", "certificate")
_FRAME_TRIES = 3


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
        desk = _Desk(plan, Wording(plan.lang), calls, self._repairs)
        translations = await desk.translate()
        desk.wording = wording = Wording(plan.lang, translations)
        composer = Composer(plan, wording, sample=sample)
        removals: list[Removal] = []
        candidates: list[Candidate] = []
        for place, beat in enumerate(plan.beats):
            line = composer.line(beat)
            if line is None:
                continue
            if beat.written and not any(wording.is_bracketed(fact) for fact in beat.facts):
                line, removal = await desk.word(beat, line, [c.line.text for c in candidates])
                removals += [removal] if removal else []
                if line.origin != "record" and brief.kind in _TIMED and not composer.is_short:
                    line = composer.lead_in(line)
            candidates.append(Candidate(line, beat.rank, place))
        if not candidates:
            raise StateConflict(
                f"The record of {document.product_id} has nothing to write copy from.",
                hint="Add material that names the product and what it offers.",
            )
        lines = [c.line for c in candidates]
        if brief.kind in _TIMED:
            chat = composer.chat_lines() if brief.kind == "script" else []
            lines = fit(candidates, chat, brief.seconds, plan.lang)
        else:
            lines, unfit = fit_listing(lines, brief.kind, plan.limits, plan.lang)
            removals += unfit
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
        self,
        document: ProductDocument,
        draft: CopyDraft,
        problems: Sequence[Finding | LineProblem],
    ) -> CopyDraft:
        """The draft with every line that has a problem reworded, composed anew or taken out.

        Findings are those in `draft.text`; notices are left alone. A new line holds against the
        record and has none of the objectionable quotes. The caller bounds how often it is called.
        """
        found = [p for p in problems if isinstance(p, LineProblem)]
        found += locate_findings(draft, [p for p in problems if isinstance(p, Finding)])
        plan = plan_copy(document, draft.brief, sample=draft.sample)
        calls = _Calls(self._model, self._prompts, draft.sample)
        desk = _Desk(plan, Wording(draft.lang, draft.translations), calls, self._repairs)
        lines: list[DraftLine] = []
        removals = list(draft.removals)
        for index, line in enumerate(draft.lines):
            own = [p for p in found if p.line == index]
            if not own:
                lines.append(line)
                continue
            mended = await desk.mend(line, own, lines)
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


@dataclass
class _Desk:
    """What one piece of copy is written with."""

    plan: CopyPlan
    wording: Wording
    calls: _Calls
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
            unsaid = "the model gave no line that parses"
            return composed, Removal(
                text=self._note(beat), reason=unsaid, replacement=composed.text
            )
        faults = self._faults(text, beat, said, examples)
        if not faults:
            return composed.model_copy(update={"text": text, "origin": "model"}), None
        reason = "; ".join(dict.fromkeys(fault.reason for fault in faults))
        repaired = await self._repair(text, faults, beat, said, examples)
        line = composed
        if repaired:
            line = composed.model_copy(update={"text": repaired, "origin": "repaired"})
        return line, Removal(text=text, reason=reason, replacement=line.text)

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
        beat = self.plan.beat(line.topic, line.facts)
        if beat is None:
            return None
        quotes = [p.quote.casefold() for p in problems]

        def is_clean(text: str) -> bool:
            return not any(quote in text.casefold() for quote in quotes)

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

    async def translate(self) -> dict[str, str]:
        """Verified wordings in the copy's language of facts that no lexicon translates."""
        found: dict[str, str] = {}
        for fact in {f.field: f for beat in self.plan.beats for f in beat.facts}.values():
            if not self.wording.is_bracketed(fact):
                continue
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
