"""Titles: the name, then what the marketplace still has room for; no sentences."""

import re
from collections.abc import Sequence

from domain.product import Fact
from tools.copy_frames import load_frames
from tools.copy_plan import CopyPlan
from tools.copy_wording import Wording
from tools.point_shapes import shape_of

_RELATIVE = re.compile(r"(?:[\w-]+ ){1,4}(?:that|which) ")
"""What names a thing and tells it apart: `wide handle that fits four fingers`."""


def compose_title(
    plan: CopyPlan, wording: Wording, facts: Sequence[Fact], sample: int
) -> tuple[str, tuple[Fact, ...]]:
    """The title and the facts that it says, the first of which is the name.

    With each `sample` another of the facts comes after the name.
    """
    limits = plan.limits
    between = " " if plan.lang == "zh" else ", "
    fitting = [(fact, said) for fact in facts if (said := _in_title(fact, plan, wording))]
    first, others = fitting[:1], fitting[1:]
    turn = sample % len(others) if others else 0
    title, used, specs = "", (), 0
    for fact, said in [*first, *others[turn:], *others[:turn]]:
        is_spec = fact.field.startswith("specs.")
        longer = f"{title}{between}{said}" if title else said
        too_long = limits.length(longer) > limits.title
        if title and (too_long or said.casefold() in title.casefold() or (is_spec and specs)):
            continue
        title, used = longer, (*used, fact)
        specs += is_spec
    return limits.shorten(title) or title, used


def _in_title(fact: Fact, plan: CopyPlan, wording: Wording) -> str:
    """The words of the fact for a title; empty where they are none."""
    said = wording.say(fact)
    if fact.field.startswith("specs.") and not said[:1].isdigit():
        return ""
    if plan.lang == "zh":
        return said.replace("，", " ")
    shape = shape_of(said, load_frames(plan.lang))
    is_clause = shape == "verb" or (shape == "sentence" and _RELATIVE.match(said) is None)
    return "" if fact.field != "name" and ("," in said or is_clause) else said
