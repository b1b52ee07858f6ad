"""An online experiment between variants of an ad: what is tried, on whom, and what came of it.

A unit is whoever or whatever is shown one variant (a viewer, a session, an ad slot in an hour). It
is exposed once; its outcome is one number, of which more is better. The propensity of an exposure
is the probability with which its variant was chosen for that unit.
"""

import math
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from domain.recording import SpeechTag
from domain.watching import Frozen

Ident = Annotated[str, Field(min_length=1, max_length=80)]
UnitId = Annotated[str, Field(min_length=1, max_length=200)]
Feature = Annotated[float, Field(allow_inf_nan=False)] | Annotated[str, Field(max_length=200)]
Context = Annotated[dict[str, Feature], Field(max_length=40)]
"""What is known of a unit before it is exposed, by name: a number, or a word for a kind."""


class Variant(Frozen):
    """One of the ads that are tried; `tags` is the sequence of its storyline, where it has one."""

    variant_id: Ident
    label: str = Field(min_length=1, max_length=200)
    clip_id: str | None = None
    tags: tuple[SpeechTag, ...] = Field(default=(), max_length=60)


class Metric(Frozen):
    """What an outcome measures; more is better.

    `binary` outcomes are 0 or 1 (a click, a purchase), `continuous` ones any number (revenue,
    seconds watched). `smallest_effect` is the least difference between two means that is worth
    acting on, in the metric's unit (0.01 is one percentage point). An outcome counts when it
    happened within `window_hours` of the exposure, and a unit without one then counts as 0, once
    its window is over; without a window a unit counts as soon as its outcome is recorded.
    """

    kind: Literal["binary", "continuous"]
    name: str = Field(min_length=1, max_length=80)
    smallest_effect: float = Field(gt=0, allow_inf_nan=False)
    window_hours: float | None = Field(default=None, gt=0, le=24 * 365)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.kind == "binary" and self.smallest_effect >= 1:
            raise ValueError("two shares differ by less than 1: give 0.01 for a percentage point")
        return self


class FixedSplit(Frozen):
    """Each unit gets a variant by fixed shares, all the same where none are given."""

    kind: Literal["fixed"] = "fixed"
    shares: dict[str, Annotated[float, Field(gt=0, lt=1)]] = Field(default_factory=dict[str, float])


class Thompson(Frozen):
    """Each unit gets a variant as probably as that variant is the best, by what is known so far.

    No variant's probability falls below `floor`, so that each stays measurable. What is known is
    looked up anew after `renew_seconds`.
    """

    kind: Literal["thompson"] = "thompson"
    floor: float = Field(default=0.05, gt=0, le=0.5)
    renew_seconds: float = Field(default=5, ge=0, le=24 * 3600)


Policy = Annotated[FixedSplit | Thompson, Field(discriminator="kind")]


class VerdictRule(Frozen):
    """When a verdict may be given.

    `alpha` bounds the probability that any statement about differences is wrong, over all looks
    together. Every variant needs `min_units` counted units and, in a binary metric, `min_events`
    units with and without the outcome. `plan_units` is for how many counted units the intervals
    are tuned to be narrowest; they hold at every number.
    """

    alpha: float = Field(default=0.05, gt=0, lt=0.5)
    min_units: int = Field(default=200, ge=30)
    min_events: int = Field(default=20, ge=5)
    plan_units: int = Field(default=10_000, ge=100, le=100_000_000)


class ExperimentStatus(StrEnum):
    """Whether units may still be exposed."""

    RUNNING = "running"
    STOPPED = "stopped"


class ExperimentPlan(Frozen):
    """What a person decides before the first unit is exposed."""

    name: str = Field(min_length=1, max_length=200)
    industry: str = Field(default="general", min_length=1, max_length=60)
    variants: tuple[Variant, ...] = Field(min_length=2, max_length=10)
    metric: Metric
    policy: Policy = FixedSplit()
    rule: VerdictRule = VerdictRule()

    @model_validator(mode="after")
    def _check(self) -> Self:
        names = [variant.variant_id for variant in self.variants]
        if len(set(names)) < len(names):
            raise ValueError("every variant needs an id of its own")
        if isinstance(self.policy, FixedSplit):
            shares = self.policy.shares
            if shares and set(shares) != set(names):
                raise ValueError("shares have to name each variant once: " + ", ".join(names))
            if shares and not math.isclose(sum(shares.values()), 1, abs_tol=1e-6):
                raise ValueError(f"shares have to add up to 1, not {sum(shares.values()):g}")
        elif self.policy.floor * len(names) > 1:
            raise ValueError(f"{len(names)} variants cannot all have {self.policy.floor:g}")
        return self

    def share_of(self, variant_id: str) -> float | None:
        """The planned share of a variant; None where it changes with what is learnt."""
        if isinstance(self.policy, Thompson):
            return None
        return self.policy.shares.get(variant_id, 1 / len(self.variants))


class Experiment(ExperimentPlan):
    """A plan that runs, or ran; `actor` made it."""

    experiment_id: str
    status: ExperimentStatus = ExperimentStatus.RUNNING
    actor: str
    created_at: datetime
    stopped_at: datetime | None = None
    stopped_by: str | None = None

    def variant(self, variant_id: str) -> Variant | None:
        """A variant by its id."""
        return next((one for one in self.variants if one.variant_id == variant_id), None)


class Exposure(Frozen):
    """A unit was given a variant, with the probability `propensity`."""

    unit: UnitId
    variant_id: str
    propensity: float = Field(gt=0, le=1)
    context: Context = Field(default_factory=dict[str, Feature])
    at: AwareDatetime


class Outcome(Frozen):
    """What came of a unit's exposure, and when it happened."""

    unit: UnitId
    value: float = Field(allow_inf_nan=False)
    at: AwareDatetime


class RecordRow(Frozen):
    """A row of exposures and outcomes as it is sent: either, or both, of one unit.

    An exposure has a `variant`; without `propensity` it is the planned share, without `exposed_at`
    it is now. An outcome has a `value`; without `outcome_at` it happened at the `exposed_at` of the
    same row, else now.
    """

    unit: UnitId
    variant: str | None = None
    propensity: float | None = Field(default=None, gt=0, le=1)
    context: Context = Field(default_factory=dict[str, Feature])
    exposed_at: AwareDatetime | None = None
    value: float | None = Field(default=None, allow_inf_nan=False)
    outcome_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.variant is None and self.value is None:
            raise ValueError("give a variant (an exposure), a value (an outcome), or both")
        return self


class RefusedRow(Frozen):
    """A row that was not recorded: its number from 1 (in a CSV file the header is row 1)."""

    row: int
    unit: str | None
    problem: str


class Recorded(Frozen):
    """What became of rows: new exposures and outcomes, what was known already, what was refused.

    `late` counts new outcomes that happened after their window and so do not count; `corrected`
    outcomes that a later one of the same unit took the place of. `refused` holds the first
    refusals, `refused_rows` their full number.
    """

    rows: int = 0
    exposures: int = 0
    outcomes: int = 0
    known: int = 0
    corrected: int = 0
    late: int = 0
    refused_rows: int = 0
    refused: tuple[RefusedRow, ...] = ()
