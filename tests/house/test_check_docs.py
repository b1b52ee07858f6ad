"""The document checks find what they are there to find."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def checks() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_docs", ROOT / "scripts" / "check_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["check_docs"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("livecue ask hi", None),
        ("$ LIVECUE_PORT=1 livecue ask hi --product x | cat", None),
        ("livecue product add examples --approve", None),
        ("livecue product list|show", None),
        ("livecue copy ID --kind reply", None),
        ("livecue copy mug --nope", "`livecue copy` has no option --nope"),
        ("livecue copy list --nope", "`livecue copy list` has no option --nope"),
        ("livecue nope", "`livecue nope` is no command"),
        ("livecue product nope x", "`livecue product nope` is no command"),
        ("livecue ask hi --nope", "`livecue ask` has no option --nope"),
        ("make run", None),
        ("make nope", "`make nope` is no target"),
    ],
)
def test_commands(checks: ModuleType, code: str, problem: str | None):
    ask = checks.Command({}, frozenset({"--product"}))
    add = checks.Command({}, frozenset({"--approve"}))
    product = checks.Command({"add": add, "list": add, "show": add}, frozenset())
    write = checks.Command({}, frozenset({"--kind"}))
    copy = checks.Command({"write": write, "list": add}, frozenset(), write)
    root = checks.Command({"ask": ask, "product": product, "copy": copy}, frozenset())
    found = list(checks.check_code(ROOT / "x.md", f"# T\n`{code}`\n", root, {"run"}))
    assert [item.what for item in found] == ([problem] if problem else [])


def test_links(checks: ModuleType, tmp_path: Path):
    (tmp_path / "there.md").write_text("# One thing\n", "utf-8")
    text = "[a](there.md) [b](there.md#one-thing)\n[c](gone.md)\n[d](there.md#two)\n"
    found = [(item.line, item.what) for item in checks.check_links(tmp_path / "x.md", text)]
    assert found == [
        (2, "link to gone.md, which is not there"),
        (3, "link to there.md#two: no such heading"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "see /" + "home/someone/file",
        "from ../" + "shared/data",
        "https://" + "py" + "pi.org/simple",
        "TO" + "DO: later",
    ],
)
def test_words_that_must_not_stand(checks: ModuleType, line: str):
    assert len(list(checks.check_words(ROOT / "x.md", line))) == 1


def test_ordinary_words_stand(checks: ModuleType):
    text = "GET /api/v1/products\n~/.cache/livecue\nhttp://127.0.0.1:8765\nMade in Portugal\n"
    assert list(checks.check_words(ROOT / "x.md", text)) == []
