"""`livecue experiment`: what it prints, and how it exits."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Livecue
from tests.fakes.openai_server import serve_openai
from tests.serving import Served, serve_home, settings_for


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A home without goods: experiments need none."""
    home: Path = tmp_path_factory.mktemp("served") / "home"
    with serve_openai() as fake, serve_home(settings_for(home, fake.base_url)) as server:
        yield server


def _file(path: Path, units: int, rates: tuple[float, float]) -> Path:
    dice = np.random.default_rng(5)
    lines = ["unit,variant,value"]
    for n in range(units):
        arm = int(dice.integers(0, 2))
        lines.append(f"u{n},{'ab'[arm]},{int(dice.random() < rates[arm])}")
    path.write_text("\n".join(lines), "utf-8")
    return path


def _create(livecue: Livecue, ident: str, *more: str) -> None:
    made = livecue(
        "experiment",
        "create",
        "Opening lines",
        *("--variant", "a:greeting>price_promo", "--variant", "b:pain_point>price_promo"),
        *("--smallest-effect", "0.02", "--industry", "beauty", "--id", ident, *more),
    )
    assert made.code == 0, made.err
    assert made.out.strip() == ident


def test_from_a_plan_to_what_it_taught(livecue: Livecue, tmp_path: Path):
    _create(livecue, "openings")
    assert "running  beauty  Opening lines (a, b)" in livecue("experiment", "list").out
    shown = livecue("experiment", "assign", "openings", "ann", "--feature", "age=31")
    assert shown.out.strip() in ("a", "b")
    assert livecue("experiment", "assign", "openings", "ann").out == shown.out
    noted = livecue("experiment", "record", "openings", "--unit", "ann", "--value", "1")
    assert "1 outcomes" in noted.out

    few = livecue("experiment", "report", "openings")
    assert "NOT ENOUGH DATA" in few.out
    assert "Nothing yet." in few.out

    file = _file(tmp_path / "shown.csv", 4000, (0.1, 0.25))
    recorded = livecue("experiment", "record", "openings", file)
    assert "4,000 exposures, 4,000 outcomes, 0 rows known already" in recorded.out
    report = livecue("experiment", "report", "openings").out
    assert "WINNER: b" in report
    assert "b is better than a by" in report
    assert "What cannot:" in report
    assert livecue("experiment", "report", "openings", "--json").json["verdict"]["winner"] == "b"
    early = livecue("experiment", "report", "openings", "--as-of", "2020-01-01")
    assert "0 units counted" in early.out

    valued = livecue("experiment", "evaluate", "openings", "--share", "a=0.5", "--share", "b=0.5")
    assert valued.out.startswith("ips")
    stopped = livecue("experiment", "stop", "openings")
    assert "^>pain_point" in stopped.out
    assert "pain_point>price_promo" in livecue("experiment", "weights", "beauty").out
    assert "steps taken back" in livecue("experiment", "undo", "openings").out
    assert "taken back by local" in livecue("experiment", "report", "openings").out
    assert "no experiment has taught" in livecue("experiment", "weights", "beauty").out


def test_rows_that_fail_are_named_and_end_in_one(livecue: Livecue, tmp_path: Path):
    _create(livecue, "rows")
    file = tmp_path / "rows.csv"
    file.write_text("unit,variant,value\nu1,a,1\nu2,c,1\n", "utf-8")
    ran = livecue("experiment", "record", "rows", file)
    assert ran.code == 1
    assert "1 exposures" in ran.out
    assert "row 3 (u2): there is no variant 'c'; there are a, b" in ran.err
    gone = livecue("experiment", "record", "rows", tmp_path / "gone.csv")
    assert (gone.code, gone.out) == (1, "")
    assert livecue("experiment", "record", "rows").code == 2
    assert livecue("experiment", "report", "none", "--json").json["error"]["code"] == "not_found"


def test_thompson_sampling_is_planned_like_a_fixed_split(livecue: Livecue):
    _create(livecue, "adaptive", "--policy", "thompson")
    shown = livecue("experiment", "assign", "adaptive", "ann", "--json").json
    assert shown["propensity"] == 0.5
    bad = livecue("experiment", "evaluate", "adaptive", "--share", "a")
    assert bad.code == 2
