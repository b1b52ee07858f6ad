"""What a winner teaches: which tags in a row, and which storyline, do well in an industry.

Weights are additive steps, so that those of many experiments add up and each can be taken back.
What the winner has and a beaten variant has not goes up, and the other way round. A step is as
large as the winner's lead in units of the smallest effect, half-way between the estimate and the
least that is sure (an estimate at the moment of a verdict is too high on average), and at most 2.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from domain.experiment import Experiment, Variant
from domain.experiment_report import (
    Difference,
    TemplateWeights,
    Verdict,
    VerdictKind,
    WeightChange,
    WeightKind,
)
from stores.ids import new_id

LARGEST_STEP = 2.0
BEGIN, END, NEXT = "^", "$", ">"

Key = tuple[WeightKind, str]


def storyline_keys(variant: Variant) -> Counter[Key]:
    """The tag bigrams of a variant with the clip's borders, and its whole template."""
    if not variant.tags:
        return Counter()
    tags = [tag.value for tag in variant.tags]
    keys: Counter[Key] = Counter(
        ("bigram", f"{one}{NEXT}{other}") for one, other in pairwise([BEGIN, *tags, END])
    )
    keys["template", NEXT.join(tags)] = 1
    return keys


def learn(
    experiment: Experiment,
    verdict: Verdict,
    differences: Sequence[Difference],
    *,
    actor: str,
    now: datetime,
) -> list[WeightChange]:
    """The steps that a verdict makes: none without a winner, or where no storyline is known."""
    winner = experiment.variant(verdict.winner) if verdict.winner else None
    if verdict.kind is not VerdictKind.WINNER or winner is None or not winner.tags:
        return []
    beaten = [
        (loser, _step(experiment, difference))
        for difference in differences
        if difference.variant_id == winner.variant_id
        and (loser := experiment.variant(difference.other_id)) is not None
        and loser.tags
    ]
    steps: dict[Key, float] = {}
    mine = storyline_keys(winner)
    for loser, step in beaten:
        theirs = storyline_keys(loser)
        for key in mine.keys() | theirs.keys():
            more = min(1, mine[key]) - min(1, theirs[key])
            steps[key] = steps.get(key, 0.0) + more * step / len(beaten)
    return [
        WeightChange(
            change_id=new_id("weight"),
            industry=experiment.industry,
            kind=kind,
            key=key,
            delta=round(delta, 6),
            experiment_id=experiment.experiment_id,
            winner=winner.variant_id,
            actor=actor,
            created_at=now,
        )
        for (kind, key), delta in sorted(steps.items())
        if round(delta, 6)
    ]


def sum_weights(industry: str, changes: Sequence[WeightChange]) -> TemplateWeights:
    """The weights that the steps in force add up to."""
    sums: Mapping[WeightKind, dict[str, float]] = {"bigram": {}, "template": {}}
    for change in changes:
        if change.undone_at is None:
            of_kind = sums[change.kind]
            of_kind[change.key] = round(of_kind.get(change.key, 0.0) + change.delta, 6)
    return TemplateWeights(
        industry=industry,
        bigrams=dict(sorted(sums["bigram"].items())),
        templates=dict(sorted(sums["template"].items())),
        changes=tuple(changes),
    )


def _step(experiment: Experiment, difference: Difference) -> float:
    lead = (difference.estimate + max(0.0, difference.low)) / 2
    return min(LARGEST_STEP, lead / experiment.metric.smallest_effect)
