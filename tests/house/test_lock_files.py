"""The lock files pin what runs: versions, hashes, and no address of an index."""

import importlib.metadata
import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / "requirements" / "run.txt"
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def read_lock(path: Path) -> dict[Requirement, list[str]]:
    """The requirements of a lock file with their hashes."""
    joined = path.read_text("utf-8").replace("\\\n", " ")
    lines = (line for line in joined.splitlines() if line.strip() and not line.startswith("#"))
    return {
        Requirement(line.partition(" --hash")[0].strip()): re.findall(r"--hash=(\S+)", line)
        for line in lines
    }


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_line_is_pinned_and_hashed(path: Path):
    lock = read_lock(path)
    assert lock
    for requirement, hashes in lock.items():
        assert re.fullmatch(r"==[\w.!+]+", str(requirement.specifier)), requirement
        assert requirement.url is None
        assert hashes
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", item) for item in hashes)


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_no_index(path: Path):
    text = path.read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(?!--hash)-", text, re.MULTILINE)


def test_training_runs_on_the_versions_that_users_get():
    run = {r.name: str(r.specifier) for r in read_lock(RUN)}
    training = {r.name: str(r.specifier) for r in read_lock(ROOT / "requirements" / "training.txt")}
    assert {name: training[name] for name in run if name in training} == {
        name: version for name, version in run.items() if name in training
    }


def test_what_is_installed_is_what_is_locked():
    different: dict[str, tuple[str, str]] = {}
    for requirement in read_lock(ROOT / "requirements" / "dev.txt"):
        if requirement.marker is not None and not requirement.marker.evaluate():
            continue
        installed = importlib.metadata.version(requirement.name)
        if not requirement.specifier.contains(installed, prereleases=True):
            different[requirement.name] = (installed, str(requirement.specifier))
    assert different == {}


def test_tests_run_on_the_versions_that_users_get():
    run = {(r.name, str(r.marker)): str(r.specifier) for r in read_lock(RUN)}
    dev = {
        (r.name, str(r.marker)): str(r.specifier)
        for r in read_lock(ROOT / "requirements" / "dev.txt")
    }
    assert {name: dev.get(name) for name in run} == run
