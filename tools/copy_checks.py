"""The checks of a whole draft: where a finding stands, and what may be stored."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from itertools import groupby

from domain.compliance import ComplianceReport, Finding
from domain.copywriting import (
    Claim,
    Copy,
    CopyBrief,
    CopyDraft,
    CopyStatus,
    DraftLine,
    LineProblem,
    Removal,
    Section,
    SectionName,
)
from domain.product import ProductDocument


def locate_findings(draft: CopyDraft, findings: Sequence[Finding]) -> list[LineProblem]:
    """Findings in `draft.text` as problems of its lines; notices are left out.

    A finding that spans two lines is a problem of both.
    """
    text = draft.text
    return [
        LineProblem(
            line=index,
            quote=text[max(start, f.start) : min(end, f.end)],
            reason=f"rule {f.rule}: {f.reason}",
            suggestion=f.suggestion or None,
        )
        for f in findings
        if f.severity == "violation"
        for index, (start, end) in enumerate(draft.spans())
        if f.start < end and start < f.end
    ]


def drop_lines(draft: CopyDraft, problems: Sequence[LineProblem]) -> CopyDraft:
    """The draft without the lines that have a problem, each recorded as a removal."""
    reasons = {problem.line: problem.reason for problem in reversed(problems)}
    dropped = [
        Removal(text=line.text, reason=reasons[index])
        for index, line in enumerate(draft.lines)
        if index in reasons
    ]
    kept = [line for index, line in enumerate(draft.lines) if index not in reasons]
    return draft.model_copy(update={"lines": kept, "removals": [*draft.removals, *dropped]})


async def finish(
    draft: CopyDraft,
    *,
    copy_id: str,
    document: ProductDocument,
    brief: CopyBrief,
    check: Callable[[str], Awaitable[ComplianceReport]],
    created_at: datetime,
) -> Copy:
    """The copy that a draft amounts to, with every line cut that `check` still objects to.

    What is returned was checked as it is: `compliance` is the report on its own text, which is
    empty when nothing could stay.
    """
    report = await check(draft.text)
    while report.violating and draft.lines:
        problems = locate_findings(draft, report.findings)
        everything = [
            LineProblem(line=i, quote=line.text, reason="the text violates as a whole")
            for i, line in enumerate(draft.lines)
        ]
        draft = drop_lines(draft, problems or everything)
        report = await check(draft.text)
    return Copy(
        copy_id=copy_id,
        product_id=document.product_id,
        product_version=document.version,
        brief=brief,
        lang=draft.lang,
        text=draft.text,
        sections=_sections(draft),
        claims=[Claim(text=line.text, facts=line.facts) for line in draft.lines if line.facts],
        removals=draft.removals,
        compliance=report,
        status=_status(draft),
        prompts=draft.prompts,
        model=draft.model,
        created_at=created_at,
    )


def _section_of(line: DraftLine) -> SectionName:
    return line.section


def _sections(draft: CopyDraft) -> list[Section]:
    return [
        Section(name=name, text=draft.model_copy(update={"lines": list(lines)}).text)
        for name, lines in groupby(draft.lines, key=_section_of)
    ]


def _status(draft: CopyDraft) -> CopyStatus:
    if all(line.origin == "record" for line in draft.lines):
        return "from_record"
    return "repaired" if draft.removals else "passed"
