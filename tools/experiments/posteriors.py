"""What is believed of each variant's mean after what was seen, as draws of a Bayesian posterior.

Shares: Beta-Bernoulli with a uniform prior. Means: normal with unknown variance, the conjugate
normal-inverse-gamma, whose prior is worth one unit and stands at the mean and variance of all
variants together (Murphy 2007, "Conjugate Bayesian analysis of the Gaussian distribution"). A
posterior holds under adaptive assignment as it does under fixed.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from domain.experiment import Metric
from stores.experiment_units import Tally
from tools.experiments.distributions import beta_quantile, student_quantile
from tools.experiments.unit_log import Floats

DRAWS = 20_000
SEED = 20_260_101

_PRIOR_UNITS = 1.0
_PRIOR_SHAPE = 1.0


@dataclass(frozen=True, slots=True)
class ShareBelief:
    """A Beta distribution over a share."""

    yes: float
    no: float

    def draw(self, dice: np.random.Generator, number: int) -> Floats:
        """Draws of the share."""
        return dice.beta(self.yes, self.no, number)

    def interval(self, level: float) -> tuple[float, float]:
        """The central credible interval."""
        tail = (1 - level) / 2
        return beta_quantile(tail, self.yes, self.no), beta_quantile(1 - tail, self.yes, self.no)


@dataclass(frozen=True, slots=True)
class MeanBelief:
    """A Student's t distribution over a mean."""

    centre: float
    scale: float
    freedom: float

    def draw(self, dice: np.random.Generator, number: int) -> Floats:
        """Draws of the mean."""
        return self.centre + self.scale * dice.standard_t(self.freedom, number)

    def interval(self, level: float) -> tuple[float, float]:
        """The central credible interval."""
        reach = self.scale * student_quantile((1 + level) / 2, self.freedom)
        return self.centre - reach, self.centre + reach


Belief = ShareBelief | MeanBelief


def believe(metric: Metric, tallies: Sequence[Tally]) -> list[Belief]:
    """The belief of each variant's mean, from its counted units."""
    if metric.kind == "binary":
        return [ShareBelief(1 + t.total, 1 + max(0.0, t.units - t.total)) for t in tallies]
    units = sum(t.units for t in tallies)
    if not units:
        return [MeanBelief(0.0, 1.0, 2 * _PRIOR_SHAPE) for _ in tallies]
    pooled = sum(t.total for t in tallies) / units
    squares = sum(t.squares for t in tallies) / units
    variance = max(squares - pooled * pooled, 1e-12 * max(1.0, squares))
    return [_mean_belief(tally, pooled, variance) for tally in tallies]


def _mean_belief(tally: Tally, pooled: float, variance: float) -> MeanBelief:
    n = tally.units
    mean = tally.total / n if n else pooled
    within = max(0.0, tally.squares - n * mean * mean)
    weight = _PRIOR_UNITS + n
    shape = _PRIOR_SHAPE + n / 2
    between = _PRIOR_UNITS * n * (mean - pooled) ** 2 / weight
    rate = _PRIOR_SHAPE * variance + (within + between) / 2
    centre = (_PRIOR_UNITS * pooled + tally.total) / weight
    return MeanBelief(centre, math.sqrt(rate / (shape * weight)), 2 * shape)


def draw_all(beliefs: Sequence[Belief], draws: int = DRAWS, seed: int = SEED) -> Floats:
    """Draws of all variants' means together, a row for each draw; the same for the same seed."""
    dice = np.random.default_rng(seed)
    return np.column_stack([belief.draw(dice, draws) for belief in beliefs])


def best_probabilities(drawn: Floats) -> Floats:
    """How probably each variant is the best."""
    best = np.bincount(np.argmax(drawn, axis=1), minlength=drawn.shape[1])
    return best / len(drawn)


def expected_losses(drawn: Floats) -> Floats:
    """How much is lost on average by each variant against the best, in the metric's unit."""
    return np.mean(drawn.max(axis=1)[:, None] - drawn, axis=0)
