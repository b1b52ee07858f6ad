"""The compliance checker: finds what may not be said, and mends it.

Checking needs no model. Purifying asks one only for sentences that the rules' own replacements
cannot mend without losing a clause, and uses its words only when code finds nothing against them.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agents.second_opinion import SecondOpinion
from domain.compliance import ComplianceReport, Mend, Override, read_jurisdictions
from domain.errors import DeadlineExceeded, ModelOutputInvalid, ModelRefused, ModelUnavailable
from domain.language import detect_language
from domain.outputs import RewrittenSentence
from domain.pool import in_pool
from models.chat import ChatModel
from models.prompts import PromptLibrary
from tools.compliance import (
    Bounds,
    Checked,
    RulePackLibrary,
    check_sentences,
    check_text,
    join_rewrite,
    refuse_longer,
    report_on,
    tidy_sentence,
)
from tools.compliance.tidying import tidy_rewrite
from tools.rewording import find_objection
from tools.text_diff import find_changes


@dataclass(frozen=True, slots=True)
class _Case:
    """Under what one text is judged; `opinion` where a model is asked about what is unsure."""

    packs: RulePackLibrary
    bounds: Bounds
    opinion: SecondOpinion | None

    async def read(self, text: str) -> list[Checked]:
        """Every sentence of `text` with what is objected to in it."""
        checked = await in_pool(check_sentences, text, self.packs, self.bounds)
        return checked if self.opinion is None else await self.opinion.settle(checked)

    async def cut(self, rewrite: str) -> str:
        """`rewrite` without the sentences that a second opinion objects to."""
        while self.opinion is not None:
            checked = await self.read(rewrite)
            if not any(item.violations for item in checked):
                break
            rewrite = tidy_rewrite("".join(c.sentence.text for c in checked if not c.violations))
        return rewrite


class ComplianceChecker:
    """Checks texts of at most `max_chars` against the rule packs and rewrites what violates.

    `packs` gives the library; the first call may take seconds, in which it is compiled.
    `overrides` gives what persons allowed, in general and for a product. With `asks_model` the
    model gives a second opinion on what may be meant and the classifier is unsure of.
    """

    def __init__(
        self,
        model: ChatModel,
        prompts: PromptLibrary,
        packs: Callable[[], RulePackLibrary],
        *,
        max_chars: int | None = None,
        overrides: Callable[[str | None], Sequence[Override]] = lambda _: (),
        asks_model: bool = False,
    ) -> None:
        self._max_chars = max_chars
        self._model = model
        self._prompts = prompts
        self._library = packs
        self._overrides = overrides
        self._asks_model = asks_model

    async def check(
        self,
        text: str,
        *,
        jurisdictions: Sequence[str] | None = None,
        category: str | None = None,
        product_id: str | None = None,
        lang: str | None = None,
    ) -> ComplianceReport:
        """Findings and a deterministic rewrite, see `check_text`.

        With `asks_model` after a second opinion on what the classifier of meaning is unsure of, in
        the text and in the rewrite.
        """
        case = await self._open(text, jurisdictions, category, product_id)
        checked = await case.read(text)
        report = await in_pool(report_on, text, checked, case.packs, case.bounds, lang=lang)
        return await _finish(text, report, case, set())

    async def purify(
        self,
        text: str,
        *,
        jurisdictions: Sequence[str] | None = None,
        category: str | None = None,
        product_id: str | None = None,
        lang: str | None = None,
    ) -> ComplianceReport:
        """As `check`, with a model's wording of sentences that lose a clause otherwise.

        It is used where it says all that the deterministic mend says, nothing new, and nothing that
        is objected to. Each entry of `mends` says which method was used and why a model's words
        were not. A model that cannot be reached or answers unusably costs nothing but the better
        wording.

        Raises:
            InvalidInput: an unknown jurisdiction.
            LimitExceeded: the text is too long.
        """
        case = await self._open(text, jurisdictions, category, product_id)
        checked = await case.read(text)
        report = await in_pool(report_on, text, checked, case.packs, case.bounds, lang=lang)
        used: set[str] = set()
        if report.violating:
            by_start = {item.sentence.start: item for item in checked}
            mends = await asyncio.gather(
                *(self._mend(mend, by_start[mend.start], case, used) for mend in report.mends)
            )
            rewrite = await in_pool(join_rewrite, text, mends, case.packs, case.bounds)
            report = report.model_copy(update={"rewrite": rewrite, "mends": mends})
        return await _finish(text, report, case, used)

    async def check_answer(
        self, text: str, *, category: str | None = None, product_id: str | None = None
    ) -> ComplianceReport:
        """What the rules object to in a sentence that says what the record says.

        What is only meant is not looked for: the sentence's words are the record's.
        """

        def check() -> ComplianceReport:
            return check_text(
                text,
                self._library().without_judge(),
                category=category,
                max_chars=self._max_chars,
                overrides=self._overrides(product_id),
            )

        return await in_pool(check)

    async def _open(
        self,
        text: str,
        jurisdictions: Sequence[str] | None,
        category: str | None,
        product_id: str | None,
    ) -> _Case:
        refuse_longer(text, self._max_chars)
        overrides = await in_pool(self._overrides, product_id)
        bounds = Bounds(read_jurisdictions(jurisdictions), category, overrides)
        packs = await in_pool(self._library)
        asks = self._asks_model
        opinion = SecondOpinion(self._model, self._prompts, bounds) if asks else None
        return _Case(packs, bounds, opinion)

    async def _mend(self, plain: Mend, item: Checked, case: _Case, used: set[str]) -> Mend:
        """The model's mend of one sentence when it holds, else `plain` with the reason."""
        if plain.method != "cut" or any(m.rule.rule.cut == "sentence" for m in item.violations):
            return plain
        original = item.sentence.text
        language = detect_language(original)
        objected = sorted({item.skeleton.original(m.start, m.end) for m in item.violations})
        prompt = self._prompts.render(
            f"compliance_checker/purify_{language}",
            sentence=original.strip(),
            words=[original[a:b] for a, b in objected],
            advice=sorted({m.rule.rule.suggestion.in_language(language) for m in item.violations}),
        )
        used.add(str(prompt.ref))
        try:
            parsed = await self._model.parse(prompt, RewrittenSentence, max_tokens=160)
        except (ModelUnavailable, ModelRefused, ModelOutputInvalid, DeadlineExceeded) as error:
            return plain.model_copy(update={"rejected": f"no answer: {error.message}"})
        text = tidy_sentence(parsed.value.text, like=original)
        objection = find_objection(text, original, objected, plain.text)
        if objection is None and any(found.violations for found in await case.read(text)):
            objection = "still violates"
        if objection is not None:
            return plain.model_copy(update={"rejected": objection})
        return Mend(start=plain.start, end=plain.end, text=text, method="model")


async def _finish(
    text: str, report: ComplianceReport, case: _Case, used: set[str]
) -> ComplianceReport:
    """`report` with a rewrite that passes a second opinion, too, and what it changed."""
    rewrite = await case.cut(report.rewrite) if report.violating else report.rewrite
    if case.opinion is not None:
        used |= case.opinion.prompts_used
    return report.model_copy(
        update={
            "rewrite": rewrite,
            "prompts": sorted(used),
            "diff": await in_pool(find_changes, text, report.mends, rewrite),
        }
    )
