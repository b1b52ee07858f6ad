"""The copywriter: a model words the selling points; code chooses, verifies, composes the rest."""

from collections.abc import Sequence

from agents.line_writer import LineWriter, ModelLines
from domain.copywriting import (
    CommentAnswer,
    CopyBrief,
    CopyDraft,
    DraftLine,
    LineProblem,
    Removal,
)
from domain.errors import StateConflict
from domain.product import Fact, ProductDocument
from models.chat import ChatModel
from models.prompts import PromptLibrary
from tools.copy_checks import removal_of
from tools.copy_length import TIMED, fit_draft
from tools.copy_plan import Beat, CopyPlan, plan_copy
from tools.copy_templates import Composer
from tools.copy_wording import Wording


class Copywriter:
    """Writes copy from a product document; `repairs` bounds the rewrites of a failing line.

    Unless the model `translates`, facts in another language are said as they stand, in brackets:
    where the embedded model translated them, one claim in twelve of such scripts was false, by
    words that a dictionary cannot tell from right ones (a pull tab a zip, steel runners athletes).
    """

    def __init__(
        self,
        model: ChatModel,
        prompts: PromptLibrary,
        *,
        repairs: int = 2,
        translates: bool = True,
    ) -> None:
        self._model = model
        self._prompts = prompts
        self._repairs = repairs
        self._translates = translates

    async def write(
        self,
        document: ProductDocument,
        brief: CopyBrief,
        *,
        sample: int = 0,
        answers: Sequence[CommentAnswer] = (),
    ) -> CopyDraft:
        """A draft in which every line holds against the record.

        `sample` tells variants apart: other frames, another first selling point. `answers` are
        what a reply consists of. The draft has no lines where the limits of a listing
        leave room for none. Raises StateConflict if the record has
        nothing to say, InvalidInput if the language is not spoken, and the model's errors when it
        cannot be reached.
        """
        plan = plan_copy(document, brief, sample=sample, answers=answers)
        draft = CopyDraft(
            product_id=document.product_id,
            product_version=document.version,
            brief=brief,
            lang=plan.lang,
            sample=sample,
            answers=list(answers),
            lines=[],
        )
        desk = self._desk(plan, draft)
        await desk.settle()
        while await desk.word():
            await desk.settle()
        if not desk.draft.lines and not desk.draft.unfit:
            raise StateConflict(
                f"The record of {document.product_id} has nothing to write copy from.",
                hint="Add material that names the product and what it offers.",
            )
        return desk.signed()

    async def repair(
        self, document: ProductDocument, draft: CopyDraft, problems: Sequence[LineProblem]
    ) -> CopyDraft:
        """The draft with every line that has a problem reworded, composed anew or taken out.

        A new line holds against the record and has none of the objectionable quotes. The draft
        then fits its room again, with lines that it did not have where others went. The caller
        bounds how often it is called.
        """
        plan = plan_copy(document, draft.brief, sample=draft.sample, answers=draft.answers)
        desk = self._desk(plan, draft)
        await desk.mend(problems)
        await desk.settle()
        return desk.signed()

    def _desk(self, plan: CopyPlan, draft: CopyDraft) -> "_Desk":
        lines = ModelLines(self._model, self._prompts, draft.sample)
        return _Desk(plan, draft, lines, self._repairs, translates=self._translates)


class _Desk:
    """A draft in the making; `_set` are the lines, by place, that stay where there is room."""

    def __init__(
        self,
        plan: CopyPlan,
        draft: CopyDraft,
        model: ModelLines,
        repairs: int,
        *,
        translates: bool,
    ) -> None:
        self.draft = draft
        self._plan = plan
        self._facts = {fact.field: fact for beat in plan.beats for fact in beat.facts}
        self._set = {line.place: line for line in draft.lines if line.topic != "chat"}
        self._worded: set[int] = set()
        self._mended: set[int] = set()
        self._model = model
        self._translates = translates
        self._composer = Composer(plan, self._wording, sample=draft.sample)
        self._writer = LineWriter(plan, self._wording, model, repairs)

    async def settle(self) -> None:
        """Fit the draft, translate what stays, and fit again, until nothing foreign comes in."""
        self._fit()
        while facts := self._untranslated():
            found = await self._writer.translate(facts) if self._translates else {}
            failed = [fact.field for fact in facts if fact.field not in found]
            self._update(
                translations=self.draft.translations | found,
                untranslated=[*self.draft.untranslated, *failed],
            )
            self._writer.wording = self._wording
            self._fit()

    async def word(self) -> bool:
        """Let the model word the lines that it may and has not yet; false where there are none."""
        before = len(self._worded)
        said: list[str] = []
        for line in self.draft.lines:
            if line.topic != "chat" and self._is_to_word(beat := self._plan.beats[line.place]):
                line = await self._word(beat, line, said)
            said.append(line.text)
        return len(self._worded) > before

    async def mend(self, problems: Sequence[LineProblem]) -> None:
        """Put a line that holds in the place of each with a problem, or leave the place empty."""
        kept: list[DraftLine] = []
        removals: list[Removal] = []
        dropped: list[int] = []
        for index, line in enumerate(self.draft.lines):
            own = [problem for problem in problems if problem.line == index]
            if not own:
                kept.append(line)
                continue
            mended = await self._writer.mend(line, own, kept)
            removals.append(removal_of(line, own, mended.text if mended else None))
            if mended:
                kept.append(mended)
                self._set[line.place] = mended
                self._mended.add(line.place)
            else:
                self._set.pop(line.place, None)
                dropped.append(line.place)
        self._update(
            removals=[*self.draft.removals, *removals],
            dropped=[*self.draft.dropped, *dropped],
        )

    def signed(self) -> CopyDraft:
        """The draft with the prompts and the model that it was written with."""
        used = self._model.used
        return self.draft.model_copy(
            update={
                "prompts": list(dict.fromkeys([*self.draft.prompts, *used])),
                "model": self.draft.model or (self._model.name if used else None),
            }
        )

    def _is_to_word(self, beat: Beat) -> bool:
        foreign = any(self._wording.is_bracketed(fact) for fact in beat.facts)
        return beat.written and beat.place not in self._worded and not foreign

    async def _word(self, beat: Beat, composed: DraftLine, said: Sequence[str]) -> DraftLine:
        line, removal = await self._writer.word(beat, composed, said)
        self._worded.add(beat.place)
        if removal:
            self._update(removals=[*self.draft.removals, removal])
        if line.origin == "record":
            return line
        if self.draft.brief.kind in TIMED and not self._composer.is_short:
            line = self._composer.lead_in(line)
        self._set[beat.place] = line
        return line

    def _fit(self) -> None:
        """Fit the draft. Where a set line finds no room, a composed one may take its place.

        The place of a mended line stays empty: a rule objects to the composed one.
        """
        while True:
            self._update(lines=list(self._set.values()))
            self.draft = fit_draft(self.draft, self._plan)
            places = {line.place for line in self.draft.lines}
            gone = [self._set.pop(place) for place in set(self._set) - places]
            if not gone:
                return
            told = [
                Removal(text=line.text, reason="there is no room for it", cause="room")
                for line in gone
                if line.origin != "record" or line.place in self._mended
            ]
            dropped = [line.place for line in gone if line.place in self._mended]
            self._update(
                removals=[*self.draft.removals, *told], dropped=[*self.draft.dropped, *dropped]
            )

    def _untranslated(self) -> list[Fact]:
        """The facts of the draft that are in another language, and were not tried."""
        fields = dict.fromkeys(field for line in self.draft.lines for field in line.facts)
        facts = (self._facts[field] for field in fields if field in self._facts)
        return [
            fact
            for fact in facts
            if self._wording.is_bracketed(fact) and fact.field not in self.draft.untranslated
        ]

    @property
    def _wording(self) -> Wording:
        return Wording(self.draft.lang, self.draft.translations, self.draft.untranslated)

    def _update(self, **changes: object) -> None:
        self.draft = self.draft.model_copy(update=changes)
