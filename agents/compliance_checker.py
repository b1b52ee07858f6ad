"""The compliance checker: finds what may not be said, and mends it.

Checking needs no model. Purifying asks one only for sentences that the rules' own replacements
cannot mend without losing a clause, and uses its words only when code finds nothing against them.
"""

import asyncio
import re
from collections.abc import Callable, Sequence

from agents.second_opinion import SecondOpinion
from domain.compliance import ComplianceReport, Mend, Override
from domain.errors import DeadlineExceeded, ModelOutputInvalid, ModelRefused, ModelUnavailable
from domain.language import detect_language
from domain.lexicon import find_claims, find_terms
from domain.outputs import RewrittenSentence
from domain.pool import in_pool
from domain.quantities import Quantity, find_codes, find_quantities, same_quantity
from models.chat import ChatModel
from models.prompts import PromptLibrary
from tools.compliance import (
    Bounds,
    Checked,
    RulePackLibrary,
    check_sentences,
    check_text,
    is_violating,
    join_rewrite,
    parse_jurisdictions,
    refuse_longer,
    report_on,
    tidy_sentence,
)

_TOKENS = re.compile(r"[A-Za-z]{4,}|[\u3400-\u9fff]")
MAX_NEW_SHARE = 0.34
"""The share of a rewrite's content (long words, Chinese characters) that the sentence may lack."""


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

    @property
    def _packs(self) -> RulePackLibrary:
        return self._library()

    async def check(
        self,
        text: str,
        *,
        jurisdictions: Sequence[str] | None = None,
        category: str | None = None,
        product_id: str | None = None,
    ) -> ComplianceReport:
        """Findings and a deterministic rewrite, see `check_text`.

        With `asks_model` after a second opinion on what the classifier of meaning is unsure of.
        """
        report, _, _ = await self._review(text, jurisdictions, category, product_id)
        return report

    async def purify(
        self,
        text: str,
        *,
        jurisdictions: Sequence[str] | None = None,
        category: str | None = None,
        product_id: str | None = None,
    ) -> ComplianceReport:
        """As `check`, with a rewrite that a model helped with where that keeps more of the text.

        Each entry of `mends` says which method was used and why a model's words were not. A model
        that cannot be reached or answers unusably costs nothing but the better wording.

        Raises:
            InvalidInput: an unknown jurisdiction.
            LimitExceeded: the text is too long.
        """
        report, sentences, bounds = await self._review(text, jurisdictions, category, product_id)
        if not report.violating:
            return report
        checked = {item.sentence.start: item for item in sentences}
        used = set(report.prompts)
        mends = await asyncio.gather(
            *(self._mend(mend, checked[mend.start], bounds, used) for mend in report.mends)
        )
        rewrite = await in_pool(join_rewrite, text, mends, self._packs, bounds)
        return report.model_copy(
            update={"rewrite": rewrite, "mends": list(mends), "prompts": sorted(used)}
        )

    def check_answer(self, text: str, *, category: str | None = None) -> ComplianceReport:
        """What the rules object to in a sentence that says what the record says.

        What is only meant is not looked for: the sentence's words are the record's.
        """
        return check_text(
            text, self._packs.without_judge(), category=category, max_chars=self._max_chars
        )

    async def _review(
        self,
        text: str,
        jurisdictions: Sequence[str] | None,
        category: str | None,
        product_id: str | None,
    ) -> tuple[ComplianceReport, Sequence[Checked], Bounds]:
        refuse_longer(text, self._max_chars)
        overrides = await in_pool(self._overrides, product_id)
        bounds = Bounds(parse_jurisdictions(jurisdictions), category, overrides)
        packs = await in_pool(self._library)
        checked = await in_pool(check_sentences, text, packs, bounds)
        used: set[str] = set()
        if self._asks_model:
            opinion = SecondOpinion(self._model, self._prompts)
            checked, used = await opinion.settle(checked, bounds)
        report = await in_pool(report_on, text, checked, packs, bounds)
        return report.model_copy(update={"prompts": sorted(used)}), checked, bounds

    async def _mend(
        self,
        plain: Mend,
        item: Checked,
        bounds: Bounds,
        used: set[str],
    ) -> Mend:
        """The model's mend of one sentence when it holds, else `plain` with the reason."""
        if plain.method != "cut" or any(m.rule.rule.cut == "sentence" for m in item.violations):
            return plain
        original = item.sentence.text
        language = detect_language(original)
        prompt = self._prompts.render(
            f"compliance_checker/purify_{language}",
            sentence=original.strip(),
            words=[original[a:b] for a, b in _objected(item)],
            advice=sorted({m.rule.rule.suggestion.in_language(language) for m in item.violations}),
        )
        used.add(str(prompt.ref))
        try:
            parsed = await self._model.parse(prompt, RewrittenSentence, max_tokens=160)
        except (ModelUnavailable, ModelRefused, ModelOutputInvalid, DeadlineExceeded) as error:
            return plain.model_copy(update={"rejected": f"no answer: {error.message}"})
        text = tidy_sentence(parsed.value.text, like=original)
        objection = await in_pool(self._objection, text, item, bounds)
        if objection is not None:
            return plain.model_copy(update={"rejected": objection})
        return Mend(start=plain.start, end=plain.end, text=text, method="model")

    def _objection(self, text: str, item: Checked, bounds: Bounds) -> str | None:
        """Why a rewrite may not be used, None when it may."""
        original = item.sentence.text
        if not text.strip():
            return "empty"
        if "\n" in text.strip() or len(text) > len(original) * 1.2 + 4:
            return "too long"
        if detect_language(text) != detect_language(original):
            return "another language"
        if is_violating(text, self._packs, bounds):
            return "still violates"
        return _added(text, original) or _dropped(text, item)


def _objected(item: Checked) -> list[tuple[int, int]]:
    """Spans of the sentence that violate, in order, each once."""
    return sorted({item.skeleton.original(m.start, m.end) for m in item.violations})


def _added(text: str, original: str) -> str | None:
    """What the rewrite says that the original does not: numbers, codes, known words, the rest."""
    there = find_quantities(original)
    for quantity in find_quantities(text):
        if not any(same_quantity(quantity, other) for other in there):
            return f"adds {quantity.text}"
    codes = {code.text for code in find_codes(original)}
    for code in find_codes(text):
        if code.text not in codes:
            return f"adds {code.text}"
    concepts = {(t.cls, t.concept) for t in (*find_terms(original), *find_claims(original))}
    for term in (*find_terms(text), *find_claims(text)):
        if (term.cls, term.concept) not in concepts:
            return f"adds {term.text}"
    known = {token.lower() for token in _TOKENS.findall(original)}
    tokens = [token.lower() for token in _TOKENS.findall(text)]
    new = [token for token in tokens if token not in known]
    if len(new) > MAX_NEW_SHARE * len(tokens):
        return f"adds {', '.join(dict.fromkeys(new))}"
    return None


def _dropped(text: str, item: Checked) -> str | None:
    """The first number above one, outside the violating words, that the rewrite lost."""
    spans = _objected(item)

    def is_objected(quantity: Quantity) -> bool:
        return any(quantity.start < end and start < quantity.end for start, end in spans)

    kept = find_quantities(text)
    for quantity in find_quantities(item.sentence.text):
        if quantity.value == 1 or is_objected(quantity):
            continue
        if not any(same_quantity(quantity, k) for k in kept):
            return f"drops {quantity.text}"
    return None
