"""The compliance checker: finds what may not be said, and mends it.

Checking needs no model. Purifying asks one only for sentences that the rules' own replacements
cannot mend without losing a clause, and uses its words only when code finds nothing against them.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from domain.compliance import ComplianceReport, Jurisdiction, Mend
from domain.errors import DeadlineExceeded, ModelOutputInvalid, ModelRefused, ModelUnavailable
from domain.language import detect_language
from domain.lexicon import find_claims, find_terms
from domain.outputs import RewrittenSentence
from domain.pool import in_pool
from domain.quantities import Quantity, find_codes, find_quantities, same_quantity
from models.chat import ChatModel, Priority
from models.prompts import PromptLibrary
from tools.compliance import (
    Checked,
    RulePackLibrary,
    check_sentences,
    check_text,
    is_violating,
    join_rewrite,
    parse_jurisdictions,
    tidy_sentence,
)

_TOKENS = re.compile(r"[A-Za-z]{4,}|[\u3400-\u9fff]")
MAX_NEW_SHARE = 0.34
"""The share of a rewrite's content (long words, Chinese characters) that the sentence may lack."""


@dataclass(frozen=True, slots=True)
class _Bounds:
    jurisdictions: tuple[Jurisdiction, ...]
    category: str | None


class ComplianceChecker:
    """Checks texts of at most `max_chars` against the rule packs and rewrites what violates.

    `packs` gives the library; the first call may take seconds, in which it is compiled.
    """

    def __init__(
        self,
        model: ChatModel,
        prompts: PromptLibrary,
        packs: Callable[[], RulePackLibrary],
        *,
        max_chars: int | None = None,
    ) -> None:
        self._max_chars = max_chars
        self._model = model
        self._prompts = prompts
        self._library = packs

    @property
    def _packs(self) -> RulePackLibrary:
        return self._library()

    def check(
        self,
        text: str,
        *,
        jurisdictions: Sequence[str] | None = None,
        category: str | None = None,
        lang: str | None = None,
    ) -> ComplianceReport:
        """Findings and a deterministic rewrite, without a model; see `check_text`."""
        return check_text(
            text,
            self._packs,
            jurisdictions=jurisdictions,
            category=category,
            lang=lang,
            max_chars=self._max_chars,
        )

    def check_answer(self, text: str, *, category: str | None = None) -> ComplianceReport:
        """What the rules object to in a sentence that says what the record says; see `check`.

        What is only meant is not looked for: the sentence's words are the record's.
        """
        return check_text(
            text, self._packs.without_judge(), category=category, max_chars=self._max_chars
        )

    async def purify(
        self,
        text: str,
        *,
        jurisdictions: Sequence[str] | None = None,
        category: str | None = None,
        lang: str | None = None,
        priority: Priority = Priority.BATCH,
        call_seconds: float | None = None,
    ) -> ComplianceReport:
        """Findings, and a rewrite that a model helped with where that keeps more of the text.

        Each entry of `mends` says which method was used and why a model's words were not. A model
        that cannot be reached or answers unusably costs nothing but the better wording.
        `call_seconds` is how long each model call may take, waiting included.

        Raises:
            InvalidInput: an unknown jurisdiction.
            LimitExceeded: the text is too long.
        """
        report = await in_pool(
            self.check, text, jurisdictions=jurisdictions, category=category, lang=lang
        )
        if not report.violating:
            return report
        bounds = _Bounds(parse_jurisdictions(jurisdictions), category)
        sentences = await in_pool(
            check_sentences,
            text,
            self._packs,
            jurisdictions=bounds.jurisdictions,
            category=category,
        )
        checked = {item.sentence.start: item for item in sentences}
        used: set[str] = set()
        mends = await asyncio.gather(
            *(
                self._mend(mend, checked[mend.start], bounds, used, priority, call_seconds)
                for mend in report.mends
            )
        )
        rewrite = await in_pool(
            join_rewrite,
            text,
            mends,
            self._packs,
            jurisdictions=bounds.jurisdictions,
            category=category,
        )
        return report.model_copy(
            update={"rewrite": rewrite, "mends": list(mends), "prompts": sorted(used)}
        )

    async def _mend(
        self,
        plain: Mend,
        item: Checked,
        bounds: _Bounds,
        used: set[str],
        priority: Priority,
        call_seconds: float | None,
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
            parsed = await self._model.parse(
                prompt, RewrittenSentence, priority=priority, max_tokens=160, timeout=call_seconds
            )
        except (ModelUnavailable, ModelRefused, ModelOutputInvalid, DeadlineExceeded) as error:
            return plain.model_copy(update={"rejected": f"no answer: {error.message}"})
        text = tidy_sentence(parsed.value.text, like=original)
        objection = await in_pool(self._objection, text, item, bounds)
        if objection is not None:
            return plain.model_copy(update={"rejected": objection})
        return Mend(start=plain.start, end=plain.end, text=text, method="model")

    def _objection(self, text: str, item: Checked, bounds: _Bounds) -> str | None:
        """Why a rewrite may not be used, None when it may."""
        original = item.sentence.text
        if not text.strip():
            return "empty"
        if "\n" in text.strip() or len(text) > len(original) * 1.2 + 4:
            return "too long"
        if detect_language(text) != detect_language(original):
            return "another language"
        if is_violating(
            text,
            self._packs,
            jurisdictions=bounds.jurisdictions,
            category=bounds.category,
        ):
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
