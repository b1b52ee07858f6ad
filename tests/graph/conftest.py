"""The graphs in an open home, on a chat endpoint that the test scripts."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from domain.answer import Answer, Ask
from domain.job import Job
from domain.product import ProductStatus
from domain.progress import discard
from domain.scope import Scope
from graphs.state import Turn
from graphs.turns import Reply
from runtime import Runtime, open_runtime
from stores.home import acquire_home
from tests.fakes.openai_server import OpenAIServer
from tests.serving import settings_for

LAMP = "Name: Juniper Lamp\nLive price: $49.00\nMaterial: oak\n"
STOOL = "Name: Alder Stool\nLive price: $89.00\nMaterial: alder\n"


@dataclass(frozen=True)
class Home:
    """An open home and the runs that a test makes in it."""

    runtime: Runtime
    scope: Scope

    def upload(self, name: str, data: str | bytes) -> str:
        deps = self.runtime.deps
        blob = deps.blobs.put_bytes(self.scope, data.encode() if isinstance(data, str) else data)
        return deps.uploads.add(self.scope, name, "text/plain", blob).upload_id

    async def prepare(self, files: list[tuple[str, str | bytes]], **options: Any) -> Job:
        payload = {"uploads": [self.upload(*file) for file in files]}
        given = {"name": None, "product_id": None, "approve": False} | options
        return await self.run("prepare", payload | given)

    async def run(self, kind: str, payload: dict[str, Any]) -> Job:
        return await self.runtime.runner.run(self.scope, kind, payload, progress=discard)

    async def ask(self, question: str, product_id: str | None = None, **given: Any) -> Answer:
        ask = Ask(question=question, product_id=product_id, **given)
        parts = [part async for part in self.runtime.turns.ask(self.scope, ask)]
        assert isinstance(parts[-1], Answer)
        return parts[-1]

    async def say(self, text: str, uploads: list[str] | None = None) -> Reply:
        turns = [Turn(role="user", content=text)]
        chat = self.runtime.turns.chat(self.scope, turns, uploads or [])
        parts = [part async for part in chat]
        assert isinstance(parts[-1], Reply)
        return parts[-1]

    def statuses(self) -> dict[str, ProductStatus]:
        """The status of every product, by name."""
        return {p.name: p.status for p in self.runtime.deps.catalog.list(self.scope)}


@pytest.fixture
async def home(tmp_path: Path, openai_server: OpenAIServer) -> AsyncGenerator[Home]:
    # The model's sentences are what these tests are about, so that none may come too late.
    settings = settings_for(
        tmp_path / "home", openai_server.base_url, answering={"first_sentence_ms": 20_000}
    )
    with acquire_home(settings.home_path) as lock:
        async with open_runtime(settings, lock) as runtime:
            yield Home(runtime, Scope())
