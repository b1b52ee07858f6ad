"""A record as the terminal shows it."""

from collections.abc import Sequence
from typing import Any

from domain.evidence import Evidence, Locator
from domain.product import Conflict, Correction, Dropped, ProductDocument


def print_record(document: dict[str, Any]) -> None:
    """Print an export document: values with evidence, conflicts, corrections, what was left out."""
    parsed = ProductDocument.model_validate(document)
    print(
        f"\n{parsed.record.name or parsed.product_id}  "
        f"({parsed.product_id}, version {parsed.version}, {parsed.status})"
    )
    for fact in parsed.facts():
        print(f"  {fact.field}: {fact.value}{show_evidence(fact.evidence)}")
    for conflict in parsed.conflicts:
        print(f"  ! {_conflict(conflict)}")
    for correction in parsed.corrections:
        print(f"  * {_correction(correction)}")
    if parsed.dropped:
        print(f"  left out: {'; '.join(map(_dropped, parsed.dropped))}")
    for aside in parsed.set_aside:
        if aside.rules:
            print(f"  no host may say: {aside.text} ({', '.join(aside.rules)})   <- {aside.file}")
    others = [aside for aside in parsed.set_aside if not aside.rules]
    if others:
        print(f"  set aside, about other goods or not for viewers: {len(others)} passages")


def _dropped(dropped: Dropped) -> str:
    reason = dropped.reason.replace("_", " ")
    return f"{dropped.value} ({', '.join((reason, *dropped.rules))})"


def show_evidence(evidence: Sequence[Evidence]) -> str:
    """The first place that says a value, for the end of a line; empty where there is none."""
    if not evidence:
        return ""
    first = evidence[0]
    return f"   <- {first.file}{_place(first.locator)}: “{first.quote}”"


def _conflict(conflict: Conflict) -> str:
    values = " / ".join(
        f"{v.value} ({v.evidence[0].file})" if v.evidence else v.value for v in conflict.values
    )
    state = f"{conflict.status}, {conflict.policy}" if conflict.policy else conflict.status
    return f"{conflict.field}: sources disagree: {values} [{state}]"


def _correction(correction: Correction) -> str:
    was = f"{correction.was} -> " if correction.was is not None else ""
    verb = "decided" if correction.settles else "corrected"
    note = f", {correction.note}" if correction.note else ""
    return (
        f"{correction.field}: {was}{correction.value or 'removed'} "
        f"[{verb} by {correction.by}, {correction.at:%Y-%m-%d}{note}]"
    )


def _place(locator: Locator) -> str:
    if locator.sheet is not None:
        return f" sheet {locator.sheet}, row {locator.row}"
    for name in ("page", "row", "line"):
        if (value := getattr(locator, name)) is not None:
            return f" {name} {value}"
    if locator.second is not None:
        return f" {locator.second:g} s"
    return " (in the picture)" if locator.box else ""
