"""Yes-or-no questions about closed classes: materials, origin, care, users, shipping, proof."""

import re
from collections.abc import Callable, Sequence

from domain.lexicon import Term, broader_concepts, find_claims, find_terms, is_negated
from domain.product import Fact, ProductDocument
from domain.quantities import find_quantities, same_quantity
from tools.questions.decision import Decision
from tools.questions.lookup import facts_of
from tools.questions.reading import QuestionReading, content_words

_ASIDE = 1
"""Words beside the material that `is it made of real leather` has at most."""
_ONLY = re.compile(r"\bonly\b|仅|只能|只可", re.IGNORECASE)
_WASHES = frozenset({"water_wash", "machine_wash", "hand_wash", "dry_clean", "dishwasher"})
_PURE = re.compile(r"\bpure\b|\ball (?=cotton|wool|silk)|纯(?=棉|毛|羊|麻)|全棉", re.IGNORECASE)
_CODE = re.compile(
    r"(?<![A-Za-z])(?!OK\b|I\b)[A-Z]{2,}(?:[- ]?[A-Z0-9]+)*(?![a-z])|[A-Za-z]+[-/]?\d+|3C"
)
_CONDITION = re.compile(
    r"\b(?:over|above|from \$|orders?|if|unless|except|extra|surcharge)\b"
    r"|满|以上|除|补|加收|另[付收]|偏远",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b(?:final sale|no returns?|non-?returnable|cannot be returned)\b|不退|不支持退|概不",
    re.IGNORECASE,
)
_JUST_RETURN = re.compile(
    r"\W*(?:(?:can|could|may|do|does|is|are|i|we|you|it|this|them|one|accept|allow|offer|have|the|a|"
    r"get|my|order|return(?:s|ed|able)?|refund(?:s|ed)?|exchange(?:s|d)?|free|for|send|back|if|don't|"
    r"like)\b\W*)+",
    re.IGNORECASE,
)
_JUST_RETURN_HAN = re.compile(
    r"(?:可以|能|能不能|可不可以|支持|支不支持|是否|请问|这个|这款|不喜欢|不合适|不满意|你们|给|包|无理由|"
    r"退货|退换货?|退款|换货|退|换|吗|么|嘛|的|了|呢|啊|[?？！!，,。])+"
)


def decide_entity(reading: QuestionReading, document: ProductDocument) -> Decision | None:
    """The decision where a closed class settles the question; None when it does not."""
    rules: dict[str, Callable[[QuestionReading, ProductDocument], Decision | None]] = {
        "material": _material,
        "origin": _origin,
        "care": _care,
        "usage": _care,
        "group": _group,
        "audience": _group,
        "shipping": _shipping,
        "returns": _returns,
        "certification": _certification,
    }
    if reading.proofs and reading.kind in ("open", "certification", "material", "ingredients"):
        decision = _proof(reading, document)
        if decision is not None:
            return decision
    rule = rules.get(reading.kind)
    return None if rule is None else rule(reading, document)


def _material(reading: QuestionReading, document: ProductDocument) -> Decision | None:
    asked = reading.entities("material")
    facts = facts_of("material", document)
    if not asked or not reading.yes_no or not facts:
        return None
    matched = [fact for fact in facts if any(_says(fact.value, term) for term in asked)]
    words = frozenset(word for term in asked for word in content_words(term.text))
    if not matched and len(reading.particulars - words) > _ASIDE:
        return None  # it asks what happens to or with that material, not whether it is made of it
    polarity = bool(matched)
    for fact in matched:
        shares = [q for q in find_quantities(fact.value) if q.dimension == "percent"]
        wanted = [q for q in reading.quantities if q.dimension == "percent"]
        if shares and wanted and not any(same_quantity(s, w) for s in shares for w in wanted):
            polarity = False
        if shares and _PURE.search(reading.text) and all(share.value != 100 for share in shares):
            polarity = False
    return _yes_no("material", facts, polarity, asked, "material list")


def _origin(reading: QuestionReading, document: ProductDocument) -> Decision | None:
    asked = reading.entities("country")
    facts = facts_of("origin", document)
    if not asked or not reading.yes_no or not facts:
        return None
    known = [term for fact in facts for term in find_terms(fact.value) if term.cls == "country"]
    if not known:
        return None
    polarity = any(term.concept == other.concept for term in asked for other in known)
    return _yes_no("origin", facts, polarity, asked, "origin")


def _care(reading: QuestionReading, document: ProductDocument) -> Decision | None:
    asked = reading.entities("care")
    if not asked or not reading.yes_no:
        return None
    spoken = _speaking(document, asked)
    if spoken:
        return _yes_no("care", [f for f, _ in spoken], _agreed(spoken), asked, "care")
    for fact in document.facts():
        other = [term for term in find_terms(fact.value) if term.cls == "care"]
        exclusive = _ONLY.search(fact.value) and any(t.concept in _WASHES for t in other)
        if exclusive and all(term.concept in _WASHES for term in asked):
            return _yes_no("care", [fact], polarity=False, asked=asked, reason="only another way")
    return _silent("care", asked)


def _group(reading: QuestionReading, document: ProductDocument) -> Decision | None:
    asked = reading.entities("group")
    if not asked:
        return None
    spoken = _speaking(document, asked)
    if not spoken:
        return _silent("group", asked)
    warned = any(fact.field.startswith("warnings") for fact, _ in spoken)
    polarity = None if warned or not reading.yes_no else _agreed(spoken)
    facts = [fact for fact, _ in spoken]
    return _yes_no("group", facts, polarity, asked, "names the group", reading.yes_no)


def _shipping(reading: QuestionReading, document: ProductDocument) -> Decision | None:
    asked = [*reading.entities("shipping"), *reading.entities("country")]
    if not asked:
        return None
    places = [term for term in asked if term.cls == "country"]
    spoken = _speaking(document, places or asked, ("shipping", "promotion", "specs."))
    if spoken:
        facts = [fact for fact, _ in spoken]
        conditional = any(_CONDITION.search(fact.value) for fact in facts)
        polarity = None if conditional or not reading.yes_no else _agreed(spoken)
        return _yes_no("shipping", facts, polarity, asked, "shipping terms", reading.yes_no)
    if places:
        return _silent("shipping", asked)
    return None


def _returns(reading: QuestionReading, document: ProductDocument) -> Decision | None:
    """A plain "can I return it" is settled by having terms; conditions are left to their words."""
    facts = facts_of("returns", document)
    if not facts:
        return None
    plain = _JUST_RETURN.fullmatch(reading.text) or _JUST_RETURN_HAN.fullmatch(reading.text)
    polarity = None
    if reading.yes_no and plain:
        polarity = not any(_REFUSED.match(fact.value) for fact in facts)
    return _yes_no("returns", facts, polarity, [], "return terms", reading.yes_no)


def _certification(reading: QuestionReading, document: ProductDocument) -> Decision | None:
    """A named mark must stand in the record: a list of marks does not deny the others."""
    marks = [match.group() for match in _CODE.finditer(reading.text)]
    if not marks:
        return None
    named = re.compile(
        "|".join(rf"(?<![A-Za-z0-9]){re.escape(mark)}(?![A-Za-z0-9])" for mark in marks),
        re.IGNORECASE,
    )
    facts = [fact for fact in document.facts() if named.search(fact.value)]
    if not facts:
        return Decision(
            status="unanswerable", kind="certification", asked=tuple(marks), yes_no=True,
            reason="no such mark",
        )  # fmt: skip
    return Decision(
        status="answerable", kind="certification", facts=tuple(facts), asked=tuple(marks),
        yes_no=reading.yes_no, polarity=True if reading.yes_no else None, reason="named mark",
    )  # fmt: skip


def _proof(reading: QuestionReading, document: ProductDocument) -> Decision | None:
    wanted = {claim.concept for claim in reading.proofs} - {"certified"}
    if not wanted:
        return None
    spoken = [
        (fact, is_negated(fact.value, claim))
        for fact in document.facts()
        for claim in find_claims(fact.value)
        if claim.concept in wanted
    ]
    if not spoken:
        return _silent("certification", reading.proofs)
    polarity = _agreed(spoken) if reading.yes_no else None
    facts = [fact for fact, _ in spoken]
    return _yes_no("certification", facts, polarity, reading.proofs, "claim", reading.yes_no)


def _says(value: str, asked: Term) -> bool:
    return any(
        term.cls == asked.cls and asked.concept in broader_concepts(term.cls, term.concept)
        for term in find_terms(value)
    )


def _speaking(
    document: ProductDocument, asked: Sequence[Term], fields: tuple[str, ...] = ("",)
) -> list[tuple[Fact, bool]]:
    """Facts that settle an asked concept, each with whether it denies it.

    What allows machine wash allows washing; what forbids washing forbids machine wash.
    """
    found: list[tuple[Fact, bool]] = []
    for fact in document.facts():
        if fact.field in ("name", "brand", "category") or not fact.field.startswith(fields):
            continue
        name = fact.field.removeprefix("specs.") if fact.field.startswith("specs.") else ""
        text = f"{name}: {fact.value}" if name else fact.value
        for term in find_terms(text):
            denied = is_negated(text, term) or _denies(text, term)
            if any(_settles(term, a, denied=denied) for a in asked):
                found.append((fact, denied))
    return list(dict.fromkeys(found))


def _settles(said: Term, asked: Term, *, denied: bool) -> bool:
    if said.cls != asked.cls:
        return False
    if said.concept == asked.concept:
        return True
    narrow, broad = (asked, said) if denied else (said, asked)
    return broad.concept in broader_concepts(narrow.cls, narrow.concept)


def _denies(text: str, term: Term) -> bool:
    """`Dishwasher safe: no`, `机洗：否`."""
    return re.match(r"\s*[:：]\s*(?:no\b|not\b|否|不)", text[term.end :], re.IGNORECASE) is not None


def _agreed(spoken: Sequence[tuple[Fact, bool]]) -> bool | None:
    """Yes or no when all facts agree, None when they do not."""
    denials = {denied for _, denied in spoken}
    return None if len(denials) != 1 else not denials.pop()


def _silent(kind: str, asked: Sequence[Term]) -> Decision:
    return Decision(
        status="unanswerable",
        kind=kind,
        asked=tuple(term.text for term in asked),
        yes_no=True,
        reason="the record does not say",
    )


def _yes_no(
    kind: str,
    facts: Sequence[Fact],
    polarity: bool | None,
    asked: Sequence[Term],
    reason: str,
    yes_no: bool = True,
) -> Decision:
    return Decision(
        status="answerable",
        kind=kind,
        facts=tuple(dict.fromkeys(facts)),
        asked=tuple(term.text for term in asked),
        yes_no=yes_no,
        polarity=polarity,
        reason=reason,
    )
