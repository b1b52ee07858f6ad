"""Which variant a unit is given, and with what probability.

The choice is a function of the experiment, the unit and the probabilities alone: one hash of
(experiment, unit) is a point in [0, 1), and each variant owns a stretch of it as long as its
probability. So a fixed split needs no memory to be sticky. Thompson sampling (Thompson 1933;
Chapelle & Li 2011) is done by probability matching: the probability that each variant is the best
is estimated by many draws of the posterior, raised to the floor, and the variant is drawn from just
these numbers. So the propensity that is logged is the one that was used, not an estimate of it.
"""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

from domain.experiment import Experiment, Thompson
from stores.experiment_units import Tally
from tools.experiments.posteriors import believe, best_probabilities, draw_all
from tools.experiments.unit_log import Floats

_DRAWS = 4_000


def point_of(experiment_id: str, unit: str) -> float:
    """A number in [0, 1) that is spread evenly over units, and independently over experiments."""
    ident = experiment_id.encode()
    digest = hashlib.sha256(len(ident).to_bytes(4, "big") + ident + unit.encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def choose(shares: Sequence[float], point: float) -> int:
    """The place of the variant whose stretch of [0, 1) holds `point`."""
    reached = 0.0
    for place, share in enumerate(shares):
        reached += share
        if point < reached:
            return place
    return max(range(len(shares)), key=lambda place: (shares[place] > 0, place))


def shares_of(experiment: Experiment, tallies: Mapping[str, Tally]) -> list[float]:
    """The probabilities with which each variant is given out next; they add up to 1.

    Fixed shares as planned, else by what the counted units tell.
    """
    names = [variant.variant_id for variant in experiment.variants]
    policy = experiment.policy
    if not isinstance(policy, Thompson):
        return [policy.shares.get(name, 1 / len(names)) for name in names]
    seen = [tallies.get(name, Tally()) for name in names]
    return match_probabilities(experiment, seen, policy.floor).tolist()


def match_probabilities(
    experiment: Experiment, seen: Sequence[Tally], floor: float, draws: int = _DRAWS
) -> Floats:
    """Each variant's probability of being the best, raised to the floor.

    Draws of the posterior are seeded by what was seen, so the same knowledge gives the same shares.
    """
    if not any(tally.units for tally in seen):
        return np.full(len(seen), 1 / len(seen))
    seed = sum((place + 1) * tally.units for place, tally in enumerate(seen))
    best = best_probabilities(draw_all(believe(experiment.metric, seen), draws, seed))
    return floor + (1 - floor * len(seen)) * best
