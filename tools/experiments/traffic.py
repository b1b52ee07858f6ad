"""Whether the units are split as planned: a sample ratio mismatch makes every comparison void.

Fabijan et al. 2019, "Diagnosing sample ratio mismatch in online controlled experiments". The test
is an e-process, so that looking every day raises no false alarm (Lindon & Malek 2022,
"Anytime-valid inference for multinomial count data"): for each variant a bet that it is shown more,
or less, often than its propensities say; under the plan each bet's capital is a martingale that
starts at 1, and so is their mean; by Ville's inequality it ever reaches 1/alpha with a probability
of at most alpha.

Under adaptive assignment the weights of a variant's units, 1 over the propensity, have to add up to
the number of all units; that is followed by an asymptotic confidence sequence.
"""

import math
from collections.abc import Sequence

import numpy as np

from domain.experiment import Experiment
from domain.experiment_report import TrafficCheck
from tools.experiments.sequences import follow_mean
from tools.experiments.unit_log import Floats, UnitLog

ALPHA = 0.01
"""How probable a false alarm is, over all looks together."""

_ENOUGH = 500
_LARGEST = 600.0
_BETS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8)


def check_traffic(experiment: Experiment, log: UnitLog) -> TrafficCheck:
    """Hold how often each variant was shown against how often it was to be."""
    counts = np.bincount(log.arm, minlength=log.arms).astype(np.float64)
    total = max(1.0, float(counts.sum()))
    seen = {name: float(count / total) for name, count in zip(log.names, counts, strict=True)}
    planned = {
        name: share for name in log.names if (share := experiment.share_of(name)) is not None
    }
    e_value = _bet(counts, [planned[name] for name in log.names]) if planned else None
    ok = e_value < 1 / ALPHA if e_value is not None else _weights_add_up(experiment, log)
    return TrafficCheck(e_value=e_value, limit=1 / ALPHA, ok=ok, planned=planned, seen=seen)


def _bet(counts: Floats, shares: Sequence[float]) -> float:
    """The mean capital of all bets."""
    bets = [*_BETS, *(-bet for bet in _BETS)]
    growth = np.array([[math.log1p(share * math.expm1(bet)) for bet in bets] for share in shares])
    logs = np.array(bets) * counts[:, None] - counts.sum() * growth
    top = float(logs.max())
    capital: Floats = np.exp(logs - top)
    return math.exp(min(top, _LARGEST)) * float(np.mean(capital))


def _weights_add_up(experiment: Experiment, log: UnitLog) -> bool:
    if log.size < _ENOUGH:
        return True
    for arm in range(log.arms):
        weights = np.where(log.arm == arm, 1 / log.propensity, 0.0)
        sum_of = follow_mean(weights, ALPHA / log.arms, experiment.rule.plan_units)
        if sum_of.deviation == 0 or not sum_of.low <= 1 <= sum_of.high:
            return False
    return True
