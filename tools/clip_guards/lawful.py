"""Compliance: what the rule packs object to in speech, subtitles, stickers, cover and cards."""

from collections.abc import Sequence
from typing import Protocol

from domain.clip import Rejection
from domain.compliance import ComplianceReport
from tools.clip_guards.clip_text import Said, Shown


class Check(Protocol):
    """Checks a text against the rules (`agents.compliance_checker.ComplianceChecker.check`)."""

    async def __call__(
        self,
        text: str,
        *,
        jurisdictions: Sequence[str] | None = None,
        category: str | None = None,
        product_id: str | None = None,
    ) -> ComplianceReport:
        """The report on a text."""
        ...


async def find_unlawful(
    said: Sequence[Said],
    shown: Sequence[Shown],
    check: Check,
    *,
    jurisdictions: Sequence[str] | None = None,
    category: str | None = None,
    product_id: str | None = None,
) -> list[Rejection]:
    """Every violation, with its jurisdiction in its reason.

    Speech is read as it is said in a row, so that a claim over two utterances is found; it counts
    for the utterance that it begins in. Subtitles that say what is said are not reported again.
    """
    found: list[Rejection] = []
    text, places = _lay_out(said)
    report = await check(
        text, jurisdictions=jurisdictions, category=category, product_id=product_id
    )
    heard: set[str] = set()
    for finding in report.findings:
        if finding.severity != "violation":
            continue
        quote = text[finding.start : finding.end]
        heard.add(quote.casefold())
        one = next(s for start, s in reversed(places) if start <= finding.start)
        found.append(_reject(finding.rule, finding.jurisdiction, finding.reason, quote, one=one))
    spoken = "".join(text.split()).casefold()
    for piece in shown:
        if piece.surface == "subtitles" and "".join(piece.text.split()).casefold() in spoken:
            continue
        report = await check(
            piece.text, jurisdictions=jurisdictions, category=category, product_id=product_id
        )
        for finding in report.findings:
            quote = piece.text[finding.start : finding.end]
            known = piece.surface == "subtitles" and quote.casefold() in heard
            if finding.severity == "violation" and not known:
                found.append(
                    _reject(finding.rule, finding.jurisdiction, finding.reason, quote, shown=piece)
                )
    return found


def _lay_out(said: Sequence[Said]) -> tuple[str, list[tuple[int, Said]]]:
    """What is said as one text, and where each utterance begins in it."""
    text, places = "", list[tuple[int, Said]]()
    for one in said:
        if text:
            ended = text[-1] in ".!?。！？…"
            text += ("" if ended else ("." if one.text[:1].isascii() else "。")) + (
                " " if one.text[:1].isascii() else ""
            )
        places.append((len(text), one))
        text += one.text.strip()
    return text, places


def _reject(
    rule: str,
    jurisdiction: str,
    reason: str,
    quote: str,
    *,
    one: Said | None = None,
    shown: Shown | None = None,
) -> Rejection:
    return Rejection(
        guard="compliance",
        rule=rule,
        reason=f"{jurisdiction}: {reason}",
        quote=quote,
        surface="speech" if shown is None else shown.surface,
        utterance=None if one is None else one.number,
        at_ms=None if one is None else one.at_ms,
    )
