"""The command line in this process, talking to a served home."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cli import main
from tests.fakes.openai_server import serve_openai
from tests.serving import Served, serve_home, settings_for

LAMP = "Name: Juniper Lamp\nLive price: $49.00\nMaterial: oak\nShips within 2 days.\n"


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which has to be one JSON document."""
        return json.loads(self.out)


Livecue = Callable[..., Ran]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A home with a published lamp."""
    home: Path = tmp_path_factory.mktemp("served") / "home"
    with serve_openai() as fake, serve_home(settings_for(home, fake.base_url)) as server:
        server.intake({"lamp.txt": LAMP}, name="Juniper Lamp", approve=True)
        yield server


@pytest.fixture
def lamp(served: Served) -> str:
    """The lamp's product id."""
    products = served.get("/api/v1/products")["products"]
    return next(p["product_id"] for p in products if p["name"] == "Juniper Lamp")


@pytest.fixture
def livecue(
    served: Served, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Livecue]:
    monkeypatch.setenv("LIVECUE_HOME", str(served.settings.home_path))
    monkeypatch.setenv("LIVECUE_MODELS", str(served.settings.models_path))
    root = logging.getLogger()
    handlers, level = root.handlers, root.level

    def run(*arguments: str | Path, stdin: str = "") -> Ran:
        monkeypatch.setattr(sys, "argv", ["livecue", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return Ran(code, printed.out, printed.err)

    yield run
    root.handlers, root.level = handlers, level
