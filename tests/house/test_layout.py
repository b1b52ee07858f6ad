"""The checkout is what gets imported, and the floors stay in order."""

import importlib.metadata
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

TOP_LEVEL = [
    "agents",
    "api",
    "cli",
    "domain",
    "evals",
    "graphs",
    "live",
    "models",
    "runtime",
    "server",
    "stores",
    "tools",
]


@pytest.mark.parametrize("name", TOP_LEVEL)
def test_a_top_level_name_resolves_into_the_checkout(name: str):
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    assert Path(spec.origin).resolve().is_relative_to(ROOT)


def test_no_installed_distribution_brings_a_package_of_our_names():
    owners = importlib.metadata.packages_distributions()
    strangers = {
        name: owned for name in TOP_LEVEL if (owned := set(owners.get(name, ())) - {"livecue"})
    }
    assert strangers == {}


def test_there_is_exactly_one_opencv():
    names = {
        str(distribution.metadata["Name"]).lower()
        for distribution in importlib.metadata.distributions()
    }
    assert {name for name in names if name.startswith("opencv")} == {"opencv-python-headless"}


def test_imports_go_down_the_floors_only():
    done = subprocess.run(  # noqa: S603
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
