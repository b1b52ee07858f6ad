"""What an experiment has shown so far: estimates, a verdict, and what may not be concluded."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.experiment import Experiment
from domain.watching import Frozen

Interval = tuple[float, float]


class VariantEstimate(Frozen):
    """How a variant does, in the metric's unit.

    `mean` is the plain mean of its counted units. `interval` is for a single look at a fixed number
    of units (Wilson for shares; for means `interval_method` tells which) and is absent where
    adaptive assignment makes it wrong. `credible` is Bayesian. `adjusted` is the estimate that
    weighs each unit by its propensity, and `always_valid` its interval, which holds at every look.
    """

    variant_id: str
    exposed: int
    counted: int
    waiting: int
    late: int
    mean: float | None
    interval: Interval | None
    interval_method: Literal["wilson", "bootstrap", "normal"] | None
    credible: Interval | None
    adjusted: float | None
    always_valid: Interval | None
    best_probability: float | None
    expected_loss: float | None


class Difference(Frozen):
    """How much better `variant_id` is than `other_id`, with an interval that holds at every look.

    The intervals of all pairs hold together with the probability 1 - alpha of the rule.
    """

    variant_id: str
    other_id: str
    estimate: float
    low: float
    high: float


class VerdictKind(StrEnum):
    """What may be concluded."""

    WINNER = "winner"
    NO_DIFFERENCE = "no_difference"
    NOT_ENOUGH_DATA = "not_enough_data"
    INVALID = "invalid"


class Verdict(Frozen):
    """The conclusion by the rule that was set beforehand, with its reasons in plain words.

    `winner`: better than each other variant beyond doubt. `no_difference`: no two differ by as much
    as the smallest effect. `invalid`: the units are not split as planned. `beaten` are variants
    that another one is better than, whatever the verdict. `more_units` is about how many more
    counted units would settle it.
    """

    kind: VerdictKind
    winner: str | None = None
    beaten: tuple[str, ...] = ()
    reasons: tuple[str, ...]
    more_units: int | None = None


class TrafficCheck(Frozen):
    """Whether the units are split as planned; `ok` is false from an `e_value` of `limit` on.

    Under adaptive assignment there are no planned shares and no `e_value`; `ok` is then false when
    the weights of a variant's units, 1 over their propensities, do not add up to all units.
    """

    e_value: float | None
    limit: float
    ok: bool
    planned: dict[str, float]
    seen: dict[str, float]


class TargetPolicy(Frozen):
    """A way to choose variants that was not tried: by shares, or by a feature of the context.

    With `feature` a unit gets `choices[its value]`, and `otherwise` where there is none.
    """

    shares: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=dict[str, float])
    feature: str | None = None
    choices: dict[str, str] = Field(default_factory=dict[str, str])
    otherwise: str | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.feature is None:
            if abs(sum(self.shares.values()) - 1) > 1e-6:
                raise ValueError("shares have to add up to 1")
        elif self.shares or not self.choices or self.otherwise is None:
            raise ValueError("give choices and otherwise with a feature, and no shares")
        return self


class Estimated(Frozen):
    """A value with its interval for a single look."""

    value: float
    low: float
    high: float


class PolicyValue(Frozen):
    """What the mean outcome would have been under another policy, by three estimators.

    `effective_units` is Kish's sample size of the importance weights, `clipped` the share of
    weights that were cut at `weight_limit`, `mean_weight` is near 1 where the propensities are
    right. `warnings` tell why the values may not be trusted.
    """

    name: str
    units: int
    ips: Estimated
    snips: Estimated
    dr: Estimated
    effective_units: float
    mean_weight: float
    max_weight: float
    weight_limit: float
    clipped: float
    features: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


WeightKind = Literal["bigram", "template"]


class WeightChange(Frozen):
    """A step in the weight that an industry gives to two tags in a row, or to a whole storyline.

    `key` joins tags with `>`, a bigram may begin or end with `^` or `$` for the clip's borders.
    A weight is the sum of its steps that are not taken back.
    """

    change_id: str
    industry: str
    kind: WeightKind
    key: str
    delta: float
    experiment_id: str
    winner: str
    actor: str
    created_at: datetime
    undone_at: datetime | None = None
    undone_by: str | None = None


class TemplateWeights(Frozen):
    """The weights of an industry, and the steps that they are made of, newest first."""

    industry: str
    bigrams: dict[str, float]
    templates: dict[str, float]
    changes: tuple[WeightChange, ...]


class ExperimentReport(Frozen):
    """All that an experiment tells at `as_of`; `can` and `cannot` say in plain words what of it.

    `policies` are the values of giving every unit one and the same variant.
    """

    experiment: Experiment
    as_of: datetime
    counted: int
    waiting: int
    verdict: Verdict
    estimates: tuple[VariantEstimate, ...]
    differences: tuple[Difference, ...]
    traffic: TrafficCheck
    policies: tuple[PolicyValue, ...]
    weights: tuple[WeightChange, ...]
    can: tuple[str, ...]
    cannot: tuple[str, ...]


class StoppedExperiment(Frozen):
    """An experiment that was stopped, what it showed, and what was learnt from it."""

    experiment: Experiment
    verdict: Verdict
    learnt: tuple[WeightChange, ...]
