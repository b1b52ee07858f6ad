"""Fixtures that tests of several floors share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.scope import Scope
from stores.sql import Database, open_database
from tests.fakes.openai_server import OpenAIServer, serve_openai


@pytest.fixture
def scope() -> Scope:
    return Scope(workspace_id="shop", actor="ana")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "livecue.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def openai_server() -> Iterator[OpenAIServer]:
    with serve_openai() as fake:
        yield fake
