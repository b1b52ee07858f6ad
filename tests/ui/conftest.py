"""A served home, and the console on it in Debian's chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.fakes.openai_server import OpenAIServer
from tests.serving import Served, serve_home, settings_for

CHROMIUM = Path("/usr/bin/chromium")
CONSOLE = Path(__file__).parents[2] / "web" / "dist" / "index.html"


@pytest.fixture
def served(tmp_path: Path, openai_server: OpenAIServer) -> Iterator[Served]:
    with serve_home(settings_for(tmp_path / "home", openai_server.base_url)) as server:
        yield server


@pytest.fixture
def page(served: Served) -> Iterator[Page]:
    """The console's first page; a script error anywhere on the way fails the test."""
    assert CHROMIUM.is_file(), "chromium is not installed: apt-get install chromium"
    assert CONSOLE.is_file(), "the console is not built: make test builds it"
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page(
            viewport={"width": 1400, "height": 900},
            permissions=["clipboard-read", "clipboard-write"],
        )
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(served.address)
        yield page
        browser.close()
        assert problems == []
