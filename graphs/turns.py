"""Live turns: a question or a chat turn, streamed back as it is worked out.

Unlike jobs they belong to a waiting caller: when the caller goes, the run is cancelled.
"""

import uuid
from collections.abc import AsyncGenerator, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from domain.answer import Answer, Ask
from domain.product import ProductDocument
from domain.progress import Progress
from domain.right_of_way import RightOfWay
from domain.scope import Scope
from graphs import answer as answer_graph
from graphs import assistant
from graphs.deps import Deps, JobStarter, RunContext
from graphs.state import Turn, Update
from graphs.warming import Warmer


@dataclass(frozen=True)
class Reply:
    """The end of a chat turn: the whole reply, who gave it, and what it rests on."""

    text: str
    specialist: str
    details: dict[str, Any]


class Turns:
    """Runs the answer and assistant graphs for callers that wait."""

    def __init__(
        self,
        deps: Callable[[Scope], Deps],
        jobs: JobStarter,
        warmer: Warmer,
        way: RightOfWay | None = None,
    ) -> None:
        self._deps = deps
        self._jobs = jobs
        self._warmer = warmer
        self._way = way or RightOfWay()

    async def ask(self, scope: Scope, ask: Ask) -> AsyncGenerator[str | Answer]:
        """Verified sentences as they are ready, then the stored answer.

        Until the first of them others give way, unless nobody waits for it.
        """
        run_id = f"answer-{uuid.uuid4().hex[:12]}"
        state: Update = {"ask": ask}
        answer: Answer | None = None
        document: ProductDocument | None = None
        deps = self._deps(scope)
        with ExitStack() as served:
            if not ask.drafted:
                served.enter_context(self._way.taken())
            async for part in answer_graph.build().astream(
                state,
                context=RunContext(deps, scope, run_id, self._jobs),
                stream_mode=["custom", "values"],
                version="v2",
            ):
                if part["type"] == "custom" and "sentence" in part["data"]:
                    served.close()
                    yield part["data"]["sentence"]
                elif part["type"] == "values":
                    answer = part["data"].get("answer", answer)
                    live = part["data"].get("record")
                    document = live.document if live is not None else document
        assert answer is not None  # noqa: S101 - the graph ends with an answer or raises
        if document is not None:
            self._warmer.start(scope, deps, document)
        yield answer

    async def chat(
        self,
        scope: Scope,
        turns: list[Turn],
        uploads: list[str],
        *,
        product_id: str | None = None,
    ) -> AsyncGenerator[Progress | str | Reply]:
        """Progress and verified sentences as they come, then the whole reply."""
        run_id = f"turn-{uuid.uuid4().hex[:12]}"
        state: Update = {"turns": turns, "uploads": uploads, "product_id": product_id}
        final: Update = {}
        async for part in assistant.build().astream(
            state,
            context=RunContext(self._deps(scope), scope, run_id, self._jobs),
            stream_mode=["custom", "values"],
            version="v2",
        ):
            if part["type"] == "custom":
                data = part["data"]
                if "progress" in data:
                    yield Progress.model_validate(data["progress"])
                elif "sentence" in data:
                    yield str(data["sentence"])
            elif part["type"] == "values":
                final = part["data"]
        yield Reply(final["reply"], final["specialist"], final.get("details", {}))
