"""The checks of a whole draft: where a finding stands, and what may be stored."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from itertools import groupby

from domain.compliance import JURISDICTIONS, ComplianceReport, Finding
from domain.copywriting import (
    Claim,
    Copy,
    CopyDraft,
    CopyStatus,
    DraftLine,
    LineProblem,
    Removal,
    Section,
    SectionName,
)
from domain.product import ProductDocument
from tools.copy_length import fit_draft
from tools.copy_plan import plan_copy
from tools.copy_platforms import find_jurisdictions
from tools.copy_wording import Wording


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
            rule=f.rule,
        )
        for f in findings
        if f.severity == "violation"
        for index, (start, end) in enumerate(draft.spans())
        if f.start < end and start < f.end
    ]


def removal_of(
    line: DraftLine, problems: Sequence[LineProblem], replacement: str | None = None
) -> Removal:
    """The record of a line that a rule objected to."""
    return Removal(
        text=line.text,
        reason="; ".join(dict.fromkeys(problem.reason for problem in problems)),
        replacement=replacement,
        cause="rule",
        rules=list(dict.fromkeys(problem.rule for problem in problems if problem.rule)),
    )


def drop_lines(draft: CopyDraft, problems: Sequence[LineProblem]) -> CopyDraft:
    """The draft without the lines that have a problem, each recorded as a removal."""
    removals = list(draft.removals)
    kept: list[DraftLine] = []
    dropped = list(draft.dropped)
    for index, line in enumerate(draft.lines):
        own = [problem for problem in problems if problem.line == index]
        if own:
            removals.append(removal_of(line, own))
            dropped.append(line.place)
        else:
            kept.append(line)
    return draft.model_copy(update={"lines": kept, "removals": removals, "dropped": dropped})


async def finish(
    draft: CopyDraft,
    *,
    copy_id: str,
    document: ProductDocument,
    check: Callable[[str], Awaitable[ComplianceReport]],
    created_at: datetime,
) -> Copy:
    """The copy that a draft amounts to, with every line cut that `check` still objects to.

    The room of a cut line goes to others, as far as the record has such as need no translation.
    What is returned was checked as it is: `compliance` is the report on its own text, which is
    empty when nothing could stay.
    """
    plan = plan_copy(document, draft.brief, sample=draft.sample, answers=draft.answers)
    report = await check(draft.text)
    while report.violating and draft.lines:
        problems = locate_findings(draft, report.findings)
        everything = [
            LineProblem(line=i, quote=line.text, reason="the text violates as a whole")
            for i, line in enumerate(draft.lines)
        ]
        draft = fit_draft(drop_lines(draft, problems or everything), plan, untranslated=False)
        report = await check(draft.text)
    return Copy(
        copy_id=copy_id,
        product_id=document.product_id,
        product_version=document.version,
        brief=draft.brief,
        lang=draft.lang,
        text=draft.text,
        sections=_sections(draft),
        claims=[Claim(text=line.text, facts=line.facts) for line in draft.lines if line.facts],
        removals=[*draft.removals, *draft.unfit],
        warnings=_warnings(draft, document),
        compliance=report,
        jurisdictions=list(find_jurisdictions(draft.brief) or JURISDICTIONS),
        status=_status(draft),
        prompts=draft.prompts,
        model=draft.model,
        created_at=created_at,
    )


def _warnings(draft: CopyDraft, document: ProductDocument) -> list[str]:
    """What a person should know before using the copy."""
    wording = Wording(draft.lang, draft.translations, draft.untranslated)
    fields = dict.fromkeys(field for line in draft.lines for field in line.facts)
    said = [fact for field in fields if (fact := document.fact(field))]
    kept = [fact for fact in said if wording.is_bracketed(fact)]
    warnings = [
        f"the record does not settle “{answer.unanswered}”"
        for answer in draft.answers
        if answer.unanswered
    ]
    if kept:
        warnings.append(
            f"{len(kept)} of the {len(said)} values stand in the language of the record, in "
            "brackets: no translation of them was found that holds; a larger model "
            "(LIVECUE_CHAT__BASE_URL) may translate them"
        )
    return warnings


def _section_of(line: DraftLine) -> SectionName:
    return line.section


def _sections(draft: CopyDraft) -> list[Section]:
    return [
        Section(name=name, text=draft.model_copy(update={"lines": list(lines)}).text)
        for name, lines in groupby(draft.lines, key=_section_of)
    ]


def _status(draft: CopyDraft) -> CopyStatus:
    if not draft.lines:
        return "empty"
    if all(line.origin == "record" for line in draft.lines):
        return "from_record"
    mended = any(removal.cause != "room" for removal in draft.removals)
    return "repaired" if mended else "passed"
