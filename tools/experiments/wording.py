"""What an experiment tells, in plain words: what can be concluded from it, and what cannot."""

from collections.abc import Sequence

from domain.experiment import Experiment, Metric, Thompson
from domain.experiment_report import Difference, Verdict, VerdictKind, WeightChange


def say_amount(metric: Metric, value: float) -> str:
    """A difference of two means: percentage points of shares, else a number."""
    if metric.kind == "binary":
        return f"{value * 100:.2f} points"
    return f"{value:.4g}"


def say_level(metric: Metric, value: float) -> str:
    """A mean: a percentage of shares, else a number."""
    return f"{value:.2%}" if metric.kind == "binary" else f"{value:.4g}"


def say_what_holds(
    experiment: Experiment, verdict: Verdict, differences: Sequence[Difference]
) -> list[str]:
    """What can be concluded."""
    metric = experiment.metric
    sure = f"{1 - experiment.rule.alpha:.0%}"
    small = say_amount(metric, metric.smallest_effect)
    said: list[str] = []
    if verdict.kind is VerdictKind.INVALID:
        return said
    if verdict.kind is VerdictKind.WINNER:
        said.append(f"{verdict.winner} has the highest {metric.name} of all variants.")
    if verdict.kind is VerdictKind.NO_DIFFERENCE:
        said.append(
            f"No choice among the variants changes {metric.name} by {small} or more: "
            "take whichever is cheapest to make."
        )
    told = (VerdictKind.WINNER, VerdictKind.NO_DIFFERENCE)
    if verdict.kind not in told and not (verdict.beaten or differences):
        return said
    for pair in differences:
        low, high = say_amount(metric, pair.low), say_amount(metric, pair.high)
        if pair.low > 0 and (verdict.kind in told or pair.other_id in verdict.beaten):
            said.append(f"{pair.variant_id} is better than {pair.other_id} by {low} to {high}.")
    if said:
        said.append(
            f"All of this holds together with {sure} confidence, however often the numbers were "
            "looked at."
        )
    return said


def say_what_does_not(
    experiment: Experiment,
    verdict: Verdict,
    differences: Sequence[Difference],
    *,
    waiting: int,
    changes: Sequence[WeightChange],
) -> list[str]:
    """What cannot be concluded."""
    metric = experiment.metric
    small = say_amount(metric, metric.smallest_effect)
    said: list[str] = []
    if verdict.kind is VerdictKind.INVALID:
        said.append(
            "Nothing about the variants: who is missing or was counted twice may be those for whom "
            "one variant works. Find out why the split is off, and begin a new experiment."
        )
    if verdict.kind is VerdictKind.NOT_ENOUGH_DATA:
        more = verdict.more_units
        about = f"; about {_round(more):,} more counted units would tell" if more else ""
        said.append(
            f"Whether the variants differ by {small} or more: there is not enough data{about}. "
            "That is no sign that they are equal."
        )
    open_pairs = [pair for pair in differences if pair.low <= 0 <= pair.high]
    if verdict.kind is VerdictKind.WINNER and any(
        pair.other_id != verdict.winner and pair.variant_id != verdict.winner for pair in open_pairs
    ):
        said.append("How the variants that did not win rank among each other.")
    if verdict.kind in (VerdictKind.WINNER, VerdictKind.NO_DIFFERENCE):
        said.append("That it holds for other viewers, goods, hosts or seasons than those measured.")
        said.append(
            "Why: variants differ in all that they show, and their tags are only one part of it."
        )
    if isinstance(experiment.policy, Thompson):
        said.append(
            "The plain mean of a variant is no fair estimate here, because more units were given "
            "to what did well early; compare the adjusted means."
        )
    if waiting:
        said.append(f"What came of {waiting:,} units whose outcome is waited for.")
    in_force = {change.winner for change in changes if change.undone_at is None}
    if in_force and in_force != {verdict.winner}:
        said.append(
            f"The weights were changed for {', '.join(sorted(in_force))}, which the data does not "
            f"bear out any more; take that back: livecue experiment undo {experiment.experiment_id}"
        )
    if waiting and metric.window_hours is None:
        said.append(
            "Anything about units without a recorded outcome: if only successes are recorded, give "
            "the metric a window, so that silence counts as none."
        )
    return said


def _round(number: int) -> int:
    """Two digits are all that a forecast is good for."""
    digits = len(str(number)) - 2
    return round(number, -digits) if digits > 0 else number
