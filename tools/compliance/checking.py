"""Checking a text: which rules apply, what they find, and the text without it."""

from collections.abc import Sequence

from domain.compliance import ComplianceReport, Finding, Override, read_jurisdictions
from domain.errors import LimitExceeded
from domain.language import detect_language
from tools.compliance.bounds import Bounds
from tools.compliance.library import RulePackLibrary
from tools.compliance.mending import join_rewrite, mend_sentence
from tools.compliance.reading import Checked, check_sentences

_FEW_WORDS = 3


def check_text(
    text: str,
    library: RulePackLibrary,
    *,
    jurisdictions: Sequence[str] | None = None,
    category: str | None = None,
    lang: str | None = None,
    max_chars: int | None = None,
    overrides: Sequence[Override] = (),
) -> ComplianceReport:
    """Check `text` under the given jurisdictions (all of them by default) and mend it.

    `category` is free text for the kind of goods; `lang` is the language of reasons and
    suggestions, that of the words objected to by default; `max_chars` is the longest text taken;
    what a person allowed by one of `overrides` is noted and stays. `rewrite` never contains a
    violation: it is checked again, and what cannot be mended is cut, sentence by sentence, down to
    an empty text.

    Raises:
        InvalidInput: an unknown jurisdiction.
        LimitExceeded: the text is too long.
    """
    refuse_longer(text, max_chars)
    bounds = Bounds(read_jurisdictions(jurisdictions), category, overrides)
    return report_on(text, check_sentences(text, library, bounds), library, bounds, lang=lang)


def refuse_longer(text: str, max_chars: int | None) -> None:
    """LimitExceeded if `text` is longer than may be checked."""
    if max_chars is not None and len(text) > max_chars:
        raise LimitExceeded(
            f"the text to check has {len(text)} characters, the limit is {max_chars}",
            hint="check it in parts, or raise LIVECUE_LIMITS__CHECK_CHARS",
        )


def report_on(
    text: str,
    checked: Sequence[Checked],
    library: RulePackLibrary,
    bounds: Bounds,
    *,
    lang: str | None = None,
) -> ComplianceReport:
    """The report on the sentences of `text`, mended by the rules' own means."""
    mends = [mend_sentence(item, library, bounds) for item in checked if item.violations]
    return ComplianceReport(
        violating=bool(mends),
        findings=[f for item in checked for f in findings_of(item, lang)],
        rewrite=join_rewrite(text, mends, library, bounds),
        packs=library.names(bounds.jurisdictions),
        mends=mends,
    )


def findings_of(checked: Checked, lang: str | None) -> list[Finding]:
    """The findings of one sentence, by place, with offsets of the whole text."""
    base = checked.sentence.start
    sentence = checked.sentence.text
    around = lang or detect_language(sentence)
    findings: list[Finding] = []
    for match in checked.matches:
        start, end = checked.skeleton.original(match.start, match.end)
        rule = match.rule.rule
        wording = lang or _language_of(sentence[start:end], around)
        findings.append(
            Finding(
                start=base + start,
                end=base + end,
                rule=rule.id,
                jurisdiction=match.rule.jurisdiction,
                severity="notice" if match.override else rule.severity,
                reason=f"{rule.reason.in_language(wording)} ({rule.article})",
                suggestion=rule.suggestion.in_language(wording),
                override=match.override,
            )
        )
    return sorted(findings, key=lambda f: (f.start, f.end, f.rule))


def _language_of(words: str, around: str) -> str:
    """The language of the words objected to; of a word or two in Latin letters that `around` them.

    `No.1` in a Chinese sentence is read by somebody who reads Chinese.
    """
    own = detect_language(words, default=around)
    few = own == "en" and len(words.split()) < _FEW_WORDS
    return around if few else own
