import json
from pathlib import Path

import pytest

from domain.settings import Settings
from evals.attribute_extraction import (
    Tally,
    Title,
    measure,
    read_titles,
    sample_titles,
    tuned_categories,
)
from evals.options import Options

ROWS = [
    {"input": f"{kind} {n}", "category": kind, "target_scores": {"Brand": {kind: 1}}}
    for kind, count in (("Tea", 5), ("Coffee", 2), ("Shoes", 1), ("Caps", 1))
    for n in range(count)
] + [{"input": "Tea x", "category": "Tea", "target_scores": {"Scent": {"n/a": 1}}}]


@pytest.fixture
def titles(tmp_path: Path) -> list[Title]:
    path = tmp_path / "set.jsonl"
    path.write_text("\n".join(map(json.dumps, ROWS)), "utf-8")
    return read_titles(path)


def test_every_attribute_of_the_category_is_asked_for(titles: list[Title]):
    assert titles[0].asked == ("Brand", "Scent")
    assert titles[0].targets == {"Brand": ("Tea",)}
    assert titles[-1].targets == {"Scent": ("n/a",)}
    assert next(t for t in titles if t.category == "Caps").asked == ("Brand",)


def test_the_sample_is_fixed_and_takes_categories_in_turn(titles: list[Title]):
    sample = sample_titles(titles, 6)
    assert [t.category for t in sample] == ["Caps", "Coffee", "Shoes", "Tea", "Coffee", "Tea"]
    assert sample == sample_titles(titles, 6)
    assert tuned_categories(titles) == {"Caps", "Coffee"}


def test_the_five_outcomes_are_counted_as_published():
    tally = Tally()
    title = Title(
        "t", "c", {"a": ("n/a",), "b": ("n/a",), "c": ("x",), "d": ("x", "y"), "e": ("x",)}, ()
    )
    tally.count(title, {"b": "z", "d": "y", "e": "X"})
    assert (tally.nn, tally.nv, tally.vn, tally.vc, tally.vw) == (1, 1, 1, 1, 1)
    assert tally.precision == pytest.approx(1 / 3)
    assert tally.recall == pytest.approx(1 / 3)
    assert [(m.wanted, m.got) for m in tally.misses] == [("n/a", "z"), ("x", "n/a"), ("x", "X")]


def test_without_the_data_nothing_is_measured(tmp_path: Path):
    reports = measure(Options(settings=Settings(eval_data=tmp_path)))
    assert [report.missing for report in reports] == ["LIVECUE_EVAL_DATA does not hold it"] * 2
