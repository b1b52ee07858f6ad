"""A served home for the tests of a module, and one with a prepared mug."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.openai_server import serve_openai
from tests.serving import Served, serve_home, settings_for


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home: Path = tmp_path_factory.mktemp("served") / "home"
    with serve_openai() as fake, serve_home(settings_for(home, fake.base_url)) as server:
        yield server
