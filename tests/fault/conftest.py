"""The installed `livecue` command in processes of its own, on a home of the test."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.openai_server import OpenAIServer

LIVECUE = str(Path(sys.executable).with_name("livecue"))
LAMP = "Name: Juniper Lamp\nLive price: $49.00\nIt dims to a warm glow that helps you wind down.\n"


@dataclass
class Terminal:
    """Runs commands with one environment; what is left running at the end is killed."""

    home: Path
    environment: dict[str, str]
    started: list[subprocess.Popen[str]] = field(default_factory=list[subprocess.Popen[str]])

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Start a command in a process group of its own."""
        process = subprocess.Popen(  # noqa: S603
            [LIVECUE, *map(str, arguments)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; it never ends in a traceback."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        assert "Traceback" not in err, err
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def serve(self) -> tuple[subprocess.Popen[str], str]:
        """Start a server; its process and address."""
        server = self.start("serve")
        line = read_until(server, "Livecue at")
        return server, line.split()[2]

    def close(self) -> None:
        for process in self.started:
            with suppress(ProcessLookupError):
                process.kill()
            process.communicate()


def read_until(process: subprocess.Popen[str], word: str) -> str:
    """The first line on stderr that holds `word`."""
    assert process.stderr is not None
    lines: list[str] = []
    for line in process.stderr:
        lines.append(line)
        if word in line:
            return line
    raise AssertionError(f"{word!r} never came: {''.join(lines)}")


def environment(home: Path, base_url: str | None = None, **given: str) -> dict[str, str]:
    """This process's environment, without its settings, for a home with a chat endpoint."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("LIVECUE_")}
    endpoint: dict[str, Any] = {}
    if base_url is not None:
        endpoint = {
            "LIVECUE_CHAT__BASE_URL": base_url,
            "LIVECUE_CHAT__MODEL": "fake",
            "LIVECUE_CHAT__MAX_RETRIES": "0",
        }
    own = {"LIVECUE_HOME": str(home), "LIVECUE_MODELS": str(home.parent / "no-models")}
    return kept | own | {"LIVECUE_PORT": "0"} | endpoint | given


@pytest.fixture
def terminal(tmp_path: Path, openai_server: OpenAIServer) -> Iterator[Terminal]:
    home = tmp_path / "home"
    opened = Terminal(home, environment(home, openai_server.base_url))
    yield opened
    opened.close()


@pytest.fixture
def lamp(tmp_path: Path) -> Path:
    """A folder with one product's material."""
    folder = tmp_path / "lamp"
    folder.mkdir()
    (folder / "lamp.txt").write_text(LAMP)
    return folder
