"""What may be concluded from a log, in figures and words, and what a winner teaches."""

from dataclasses import replace

import numpy as np
import pytest

from domain.errors import InvalidInput
from domain.experiment import Metric, Thompson, VerdictRule
from domain.experiment_report import TargetPolicy, VerdictKind
from domain.recording import SpeechTag
from evals.logged_policies import LoggedWorld, draw_log
from tests.fakes.experiments import (
    START,
    drawn_log,
    experiment_of,
    log_of,
    plan_of,
    storyline,
)
from tools.experiments import Judgement, OffPolicy, learn, sum_weights, write_report

GREET, PAIN, PRICE, CALL = (
    SpeechTag.GREETING,
    SpeechTag.PAIN_POINT,
    SpeechTag.PRICE_PROMO,
    SpeechTag.CALL_TO_ACTION,
)


def test_a_clear_lead_wins():
    verdict = Judgement(experiment_of(), drawn_log([0.1, 0.2], 6000)).verdict
    assert (verdict.kind, verdict.winner, verdict.beaten) == (VerdictKind.WINNER, "b", ("a",))
    assert "b is better than a by" in verdict.reasons[0]


def test_no_lead_of_any_size_is_no_difference_and_not_silence():
    verdict = Judgement(experiment_of(), drawn_log([0.1, 0.1], 40_000)).verdict
    assert verdict.kind is VerdictKind.NO_DIFFERENCE
    assert "2.00 points" in verdict.reasons[0]


def test_a_few_units_are_not_enough_and_it_is_said_how_many_are():
    verdict = Judgement(experiment_of(), drawn_log([0.1, 0.12], 2000)).verdict
    assert verdict.kind is VerdictKind.NOT_ENOUGH_DATA
    assert verdict.more_units is not None
    assert 2000 < verdict.more_units < 60_000
    lead = drawn_log([0.1, 0.9], 80)
    early = Judgement(experiment_of(), lead).verdict
    assert early.kind is VerdictKind.NOT_ENOUGH_DATA
    assert "of the 100 units it needs" in early.reasons[0]


@pytest.mark.parametrize(("value", "told"), [(1.0, "with the value 0?"), (0.0, "with the outcome")])
def test_units_that_all_came_out_alike_are_not_enough(value: float, told: str):
    arm = [n % 2 for n in range(1000)]
    verdict = Judgement(experiment_of(), log_of(arm, [value] * 1000)).verdict
    assert verdict.kind is VerdictKind.NOT_ENOUGH_DATA
    assert told in verdict.reasons[0]


def test_a_split_that_is_off_voids_a_lead():
    dice = np.random.default_rng(1)
    arm = (dice.random(6000) < 0.4).astype(int)
    value = (dice.random(6000) < np.array([0.1, 0.2])[arm]).astype(float)
    log = log_of(arm.tolist(), value.tolist())
    report = write_report(experiment_of(), log, START)
    assert report.verdict.kind is VerdictKind.INVALID
    assert "not split as planned" in report.verdict.reasons[0]
    assert report.can == ()
    assert "begin a new experiment" in report.cannot[0]


def test_outcomes_that_one_variant_lacks_void_a_lead():
    whole = drawn_log([0.1, 0.2], 6000)
    silent = (whole.arm == 1) & (whole.value == 0) & (np.arange(whole.size) % 3 == 0)
    log = replace(whole, counted=~silent, value=np.where(silent, np.nan, whole.value))
    report = write_report(experiment_of(), log, START)
    assert report.traffic.ok
    assert report.verdict.kind is VerdictKind.INVALID
    assert "missing for one variant more" in report.verdict.reasons[0]


def test_the_best_of_three_has_to_beat_both():
    plan = plan_of("a", "b", "c")
    one = Judgement(experiment_of(plan), drawn_log([0.1, 0.1, 0.25], 9000)).verdict
    assert (one.kind, one.winner, set(one.beaten)) == (VerdictKind.WINNER, "c", {"a", "b"})
    two = Judgement(experiment_of(plan), drawn_log([0.1, 0.25, 0.25], 6000)).verdict
    assert (two.kind, two.winner, two.beaten) == (VerdictKind.NOT_ENOUGH_DATA, None, ("a",))


def test_a_report_says_in_words_what_holds_and_what_does_not():
    report = write_report(experiment_of(), drawn_log([0.1, 0.2], 6000), START)
    assert "b has the highest click of all variants." in report.can
    assert any("however often" in line for line in report.can)
    assert any("other viewers" in line for line in report.cannot)
    [a, b] = report.estimates
    assert a.interval is not None
    assert a.interval_method == "wilson"
    assert a.always_valid is not None
    width = a.interval[1] - a.interval[0]
    assert a.always_valid[1] - a.always_valid[0] > width
    assert b.best_probability == pytest.approx(1, abs=1e-3)
    assert [policy.name for policy in report.policies] == ["always a", "always b"]
    assert report.policies[1].dr.value == pytest.approx(0.2, abs=0.02)


def test_an_open_report_claims_nothing():
    report = write_report(experiment_of(), drawn_log([0.1, 0.11], 1500), START)
    assert report.can == ()
    assert any("no sign that they are equal" in line for line in report.cannot)


def test_an_empty_report_is_a_report():
    report = write_report(experiment_of(), drawn_log([0.1, 0.1], 0), START)
    assert report.verdict.kind is VerdictKind.NOT_ENOUGH_DATA
    assert (report.counted, report.policies, report.differences) == (0, (), ())
    assert report.estimates[0].mean is None


def test_means_are_judged_like_shares():
    dice = np.random.default_rng(8)
    arm = dice.integers(0, 2, 4000)
    value = dice.gamma(2.0, np.array([5.0, 6.0])[arm])
    metric = Metric(kind="continuous", name="revenue", smallest_effect=1.0)
    report = write_report(experiment_of(metric=metric), log_of(arm.tolist(), value.tolist()), START)
    assert report.verdict.winner == "b"
    [a, _] = report.estimates
    assert a.interval_method == "bootstrap"
    assert a.interval is not None
    assert a.interval[0] < 10 < a.interval[1]


def test_adaptive_reports_give_no_plain_interval():
    experiment = experiment_of(policy=Thompson())
    report = write_report(experiment, drawn_log([0.1, 0.2], 3000), START)
    assert [one.interval for one in report.estimates] == [None, None]
    assert any("no fair estimate" in line for line in report.cannot)


def test_another_policy_is_valued_right_where_plain_means_mislead():
    world = LoggedWorld()
    target = TargetPolicy(feature="device", choices={"phone": "v1"}, otherwise="v0")
    found = OffPolicy(draw_log(world, np.random.default_rng(3))).value("by device", target)
    truth = world.value_of(target)
    for estimate in (found.ips, found.snips, found.dr):
        assert estimate.low <= truth <= estimate.high
    assert found.dr.high - found.dr.low < found.ips.high - found.ips.low
    assert found.mean_weight == pytest.approx(1, abs=0.15)
    assert found.features == ("device",)
    assert found.effective_units < found.units / 2


def test_off_policy_values_come_with_their_doubts():
    arm = [0] * 900 + [1] * 12
    value = [float(n % 9 == 0) for n in range(912)]
    rare = [0.995] * 900 + [0.005] * 12
    found = OffPolicy(log_of(arm, value, rare)).value("always b", TargetPolicy(shares={"b": 1.0}))
    told = " ".join(found.warnings)
    assert "poor overlap" in told
    assert "below 1%" in told
    assert "clipped" in told
    assert found.clipped > 0
    wrong = OffPolicy(drawn_log([0.1, 0.1], 2000)).value("x", TargetPolicy(shares={"a": 1.0}))
    assert wrong.warnings == ()
    false = log_of([0] * 500 + [1] * 500, [0.0] * 1000, [0.9] * 1000)
    shown = OffPolicy(false).value("x", TargetPolicy(shares={"a": 1.0}))
    assert any("propensities seem wrong" in line for line in shown.warnings)


def test_a_policy_of_what_there_is_not_is_refused():
    log = drawn_log([0.1, 0.1], 100)
    with pytest.raises(InvalidInput, match="no variant z"):
        OffPolicy(log).value("x", TargetPolicy(shares={"z": 1.0}))
    target = TargetPolicy(feature="device", choices={"phone": "a"}, otherwise="b")
    with pytest.raises(InvalidInput, match="feature device"):
        OffPolicy(log).value("x", target)
    with pytest.raises(InvalidInput, match="too few"):
        OffPolicy(drawn_log([0.1, 0.1], 1))


def test_a_winner_teaches_what_sets_it_apart():
    plan = plan_of(
        variants=(storyline("a", GREET, PRICE, CALL), storyline("b", PAIN, PRICE, CALL)),
        industry="beauty",
        rule=VerdictRule(min_units=100, plan_units=5000),
    )
    experiment = experiment_of(plan)
    judgement = Judgement(experiment, drawn_log([0.1, 0.2], 6000))
    changes = learn(experiment, judgement.verdict, judgement.differences, actor="ana", now=START)
    weights = sum_weights("beauty", changes)
    assert weights.bigrams["^>pain_point"] > 0 > weights.bigrams["^>greeting"]
    assert "price_promo>call_to_action" not in weights.bigrams
    assert weights.templates["pain_point>price_promo>call_to_action"] == 2.0
    undone = [change.model_copy(update={"undone_at": START}) for change in changes]
    assert sum_weights("beauty", undone).bigrams == {}


def test_without_a_winner_nothing_is_learnt():
    experiment = experiment_of(plan_of(variants=(storyline("a", GREET), storyline("b", PAIN))))
    judgement = Judgement(experiment, drawn_log([0.1, 0.1], 500))
    assert learn(experiment, judgement.verdict, judgement.differences, actor="ana", now=START) == []
