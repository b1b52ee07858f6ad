"""Checking a text: which rules apply, what they find, and the text without it."""

from collections.abc import Sequence

from domain.compliance import ComplianceReport, Finding, Jurisdiction, Mend
from domain.errors import LimitExceeded
from domain.language import detect_language
from tools.compliance.library import RulePackLibrary, parse_jurisdictions
from tools.compliance.reading import Checked, TextCheck
from tools.compliance.rewriting import mend_clauses, tidy_rewrite


def check_text(
    text: str,
    library: RulePackLibrary,
    *,
    jurisdictions: Sequence[str] | None = None,
    category: str | None = None,
    lang: str | None = None,
    max_chars: int | None = None,
) -> ComplianceReport:
    """Check `text` under the given jurisdictions (all of them by default) and mend it.

    `category` is free text for the kind of goods; `lang` is the language of reasons and
    suggestions, the text's own by default; `max_chars` is the longest text taken. `rewrite` never
    contains a violation: it is checked again, and what cannot be mended is cut, sentence by
    sentence, down to an empty text.

    Raises:
        InvalidInput: an unknown jurisdiction.
        LimitExceeded: the text is too long.
    """
    if max_chars is not None and len(text) > max_chars:
        raise LimitExceeded(
            f"the text to check has {len(text)} characters, the limit is {max_chars}",
            hint="check it in parts, or raise LIVECUE_LIMITS__CHECK_CHARS",
        )
    wanted = parse_jurisdictions(jurisdictions)
    checked = check_sentences(text, library, jurisdictions=wanted, category=category)
    wording = lang or detect_language(text)
    mends = [_mend(item, library, wanted, category) for item in checked if item.violations]
    return ComplianceReport(
        violating=bool(mends),
        findings=[f for item in checked for f in findings_of(item, wording)],
        rewrite=join_rewrite(text, mends, library, jurisdictions=wanted, category=category),
        packs=library.names(wanted),
        mends=mends,
    )


def check_sentences(
    text: str,
    library: RulePackLibrary,
    *,
    jurisdictions: Sequence[Jurisdiction],
    category: str | None = None,
) -> list[Checked]:
    """Every sentence of `text` with what the rules of `jurisdictions` object to.

    A sentence is scanned once for literals; only expressions whose literals it holds are tried. One
    with a disguise is read twice, as written and with the disguise undone.
    """
    return TextCheck(text, library, jurisdictions, category).run()


def findings_of(checked: Checked, lang: str) -> list[Finding]:
    """The findings of one sentence, by place, with offsets of the whole text."""
    base = checked.sentence.start
    findings: list[Finding] = []
    for match in checked.matches:
        start, end = checked.skeleton.original(match.start, match.end)
        rule = match.rule.rule
        findings.append(
            Finding(
                start=base + start,
                end=base + end,
                rule=rule.id,
                jurisdiction=match.rule.jurisdiction,
                severity=rule.severity,
                reason=f"{rule.reason.in_language(lang)} ({rule.article})",
                suggestion=rule.suggestion.in_language(lang),
            )
        )
    return sorted(findings, key=lambda f: (f.start, f.end, f.rule))


def mend_sentence(
    checked: Checked,
    library: RulePackLibrary,
    *,
    jurisdictions: Sequence[Jurisdiction],
    category: str | None = None,
    rejected: str | None = None,
) -> Mend:
    """The deterministic mend of a violating sentence: replace, else cut clauses, else cut it all.

    `rejected` is noted in the result: why something better was not used.
    """
    start, end = checked.sentence.start, checked.sentence.end
    for replace in (True, False):
        text, cut = mend_clauses(
            checked.sentence.text, checked.skeleton, checked.violations, replace=replace
        )
        if text and not is_violating(text, library, jurisdictions=jurisdictions, category=category):
            method = "cut" if cut else "replacement"
            return Mend(start=start, end=end, text=text, method=method, rejected=rejected)
    return Mend(start=start, end=end, text="", method="cut", rejected=rejected)


def join_rewrite(
    text: str,
    mends: Sequence[Mend],
    library: RulePackLibrary,
    *,
    jurisdictions: Sequence[Jurisdiction],
    category: str | None = None,
) -> str:
    """`text` with every mend in its place; checked again, and what still violates is cut.

    A mend that cut the proof of its neighbour makes the neighbour violate, so the check is
    repeated until nothing is found; every round shortens the text.
    """
    if not mends:
        return text
    parts: list[str] = []
    done = 0
    for mend in sorted(mends, key=lambda m: m.start):
        parts += [text[done : mend.start], mend.text]
        done = mend.end
    rewrite = tidy_rewrite("".join([*parts, text[done:]]))
    while True:
        checked = check_sentences(rewrite, library, jurisdictions=jurisdictions, category=category)
        if not any(item.violations for item in checked):
            return rewrite
        rewrite = tidy_rewrite("".join(c.sentence.text for c in checked if not c.violations))


def is_violating(
    text: str,
    library: RulePackLibrary,
    *,
    jurisdictions: Sequence[Jurisdiction],
    category: str | None = None,
) -> bool:
    """True when `text`, taken alone, has a finding of severity `violation`."""
    checked = check_sentences(text, library, jurisdictions=jurisdictions, category=category)
    return any(item.violations for item in checked)


def _mend(
    item: Checked,
    library: RulePackLibrary,
    jurisdictions: Sequence[Jurisdiction],
    category: str | None,
) -> Mend:
    return mend_sentence(item, library, jurisdictions=jurisdictions, category=category)
