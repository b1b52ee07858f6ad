from pathlib import Path
from types import ModuleType

import pytest

from domain.settings import Limits
from evals.gold import file_kind
from tools.sources import HEAD_BYTES, detect_kind

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The benchmarks, which are run from the checkout and not installed."""
    monkeypatch.syspath_prepend(str(ROOT))
    from importlib import import_module

    import_module("bench.figure")
    import_module("bench.material")
    return import_module("bench")


def test_the_same_page_is_made_in_every_form(bench: ModuleType, tmp_path: Path):
    from pypdfium2 import PdfDocument

    paths: dict[str, Path] = bench.material.write_material(tmp_path)
    kinds: dict[str, str] = {}
    for name, path in paths.items():
        with path.open("rb") as stream:
            kinds[name] = detect_kind(path.name, stream.read(HEAD_BYTES))[0]
        assert path.stat().st_size < Limits().source_bytes
    assert kinds == {
        "text": "text",
        "web page": "html",
        "CSV": "table",
        "XLSX": "table",
        "PDF page with text": "pdf",
        "scanned page": "pdf",
        "photo": "image",
    }
    document = PdfDocument(paths["PDF page with text"])
    text: str = document[0].get_textpage().get_text_bounded()
    document.close()
    assert text.splitlines() == bench.material.PAGE
    assert file_kind(paths["PDF page with text"]) == "pdf"
    assert file_kind(paths["scanned page"]) == "scan"


def test_a_figure_is_told_in_its_unit(bench: ModuleType):
    figure = bench.figure.Figure
    assert figure("a", 3.0, "b", 1.5).as_row() == "| a | 3.00 s | b: 1.50 s | 2.00 |"
    memory = figure("a", 3 * 1024**2, "b", 1024**2, "B")
    assert memory.as_row() == "| a | 3 MiB | b: 1 MiB | 3.00 |"
