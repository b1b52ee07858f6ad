"""From verified lines to the text that is shown, and back from its offsets to the lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from domain.compliance import Finding
from domain.copywriting import (
    Claim,
    CopyDraft,
    CopyStatus,
    DraftLine,
    FinishedCopy,
    LineProblem,
    Removal,
    Section,
    SectionName,
)


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The text, and each line's half-open code point span in it."""

    text: str
    spans: tuple[tuple[int, int], ...]


def lay_out(draft: CopyDraft) -> LaidOut:
    """A script has a paragraph a section, bullets a line each, a title or reply one line."""
    parts: list[str] = []
    spans: list[tuple[int, int]] = []
    length = 0
    previous: DraftLine | None = None
    for line in draft.lines:
        before = _between(draft, previous, line)
        start = length + len(before)
        parts += [before, line.text]
        length = start + len(line.text)
        spans.append((start, length))
        previous = line
    return LaidOut("".join(parts), tuple(spans))


def _between(draft: CopyDraft, previous: DraftLine | None, line: DraftLine) -> str:
    if draft.brief.kind == "bullets":
        return "• " if previous is None else "\n• "
    if previous is None:
        return ""
    if previous.section != line.section:
        return "\n\n"
    return "" if draft.lang == "zh" else " "


def locate_findings(draft: CopyDraft, findings: Sequence[Finding]) -> list[LineProblem]:
    """Compliance findings in the laid-out text as problems of its lines, violations only.

    A finding that spans two lines is a problem of both.
    """
    laid = lay_out(draft)
    return [
        LineProblem(
            line=index,
            quote=laid.text[max(start, f.start) : min(end, f.end)],
            reason=f"rule {f.rule}: {f.reason}",
            suggestion=f.suggestion or None,
        )
        for f in findings
        if f.severity == "violation"
        for index, (start, end) in enumerate(laid.spans)
        if f.start < end and start < f.end
    ]


def _section_of(line: DraftLine) -> SectionName:
    return line.section


def finish(draft: CopyDraft) -> FinishedCopy:
    """The text, sections, claims, removals and status that a draft amounts to."""
    space = "" if draft.lang == "zh" else " "
    return FinishedCopy(
        lang=draft.lang,
        text=lay_out(draft).text,
        sections=[
            Section(
                name=name,
                text=("\n" if draft.brief.kind == "bullets" else space).join(
                    line.text for line in lines
                ),
            )
            for name, lines in groupby(draft.lines, key=_section_of)
        ],
        claims=[Claim(text=line.text, facts=line.facts) for line in draft.lines if line.facts],
        removals=draft.removals,
        status=_status(draft),
        prompts=draft.prompts,
        model=draft.model,
    )


def _status(draft: CopyDraft) -> CopyStatus:
    if all(line.origin == "record" for line in draft.lines):
        return "from_record"
    return "repaired" if draft.removals else "passed"


def drop_lines(draft: CopyDraft, problems: Sequence[LineProblem]) -> CopyDraft:
    """The draft without the lines that still have a problem, each recorded as a removal."""
    reasons = {p.line: p.reason for p in reversed(problems)}
    return draft.model_copy(
        update={
            "lines": [line for i, line in enumerate(draft.lines) if i not in reasons],
            "removals": [
                *draft.removals,
                *[
                    Removal(text=line.text, reason=reasons[i])
                    for i, line in enumerate(draft.lines)
                    if i in reasons
                ],
            ],
        }
    )
