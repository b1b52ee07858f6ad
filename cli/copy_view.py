"""How a piece of copy is shown in a terminal: the text on stdout, what to know of it on stderr."""

from typing import Any

from cli.session import say

_STATUSES = {
    "passed": "the model's sentences as it wrote them",
    "repaired": "some of the model's sentences were mended or taken out",
    "from_record": "every sentence is composed from the record",
    "empty": "nothing could be said",
}


def print_copy(written: dict[str, Any]) -> None:
    """The text, whose words it is, what to know before using it, its facts, what did not stay."""
    if comment := written["brief"]["comment"]:
        say(f"\nto the comment “{comment}”:")
    print(f"\n{written['text'] or '(nothing of it can be said)'}\n")
    say(f"{written['copy_id']}: {_STATUSES[written['status']]}")
    for warning in written["warnings"]:
        say(f"  note: {warning}")
    for reason in written["stale"]:
        say(f"  check it again before you use it: {reason}")
    if written["claims"]:
        say("  every claim and the facts behind it:")
    for claim in written["claims"]:
        say(f"  “{claim['text']}” <- {', '.join(claim['facts'])}")
    for removal in written["removals"]:
        say(f"  taken out: “{removal['text']}” ({removal['reason']})")


def print_line(written: dict[str, Any]) -> None:
    """One line of a list: the id, what was asked for, when, and how it starts."""
    brief = written["brief"]
    asked = [brief["kind"], written["lang"], brief["platform"], brief["tone"]]
    start = " ".join(written["text"].split())
    print(
        f"{written['copy_id']}  {written['product_id']} "
        f"({', '.join(part for part in asked if part)}; {written['created_at'][:16]}"
        f"{'; stale' if written['stale'] else ''})\n"
        f"  {start[:76]}{'…' if len(start) > 76 else ''}"
    )
