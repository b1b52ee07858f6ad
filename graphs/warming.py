"""Getting ready for the next question about the product that is talked about now."""

import asyncio
import contextlib
import logging

from domain.errors import LivecueError
from domain.pool import in_pool
from domain.product import ProductDocument
from domain.scope import Scope
from graphs.deps import Deps
from tools.retrieval import warm_passages

log = logging.getLogger("livecue.warming")


class Warmer:
    """Loads a record into the model's prefix cache and its facts into the embedder's, once.

    It works in the background and only where a process stays (`enabled`): a single command would
    load a model for nothing.
    """

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled
        self._warmed: tuple[str, str, int] | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self, scope: Scope, deps: Deps, document: ProductDocument) -> None:
        """Warm for `document`, unless it was the last one; replaces a warming under way."""
        version = (scope.workspace_id, document.product_id, document.version)
        if not self._enabled or version == self._warmed:
            return
        if self._task is not None:
            self._task.cancel()
        self._warmed = version
        self._task = asyncio.create_task(self._warm(deps, document), name="warming")

    async def _warm(self, deps: Deps, document: ProductDocument) -> None:
        try:
            embedder = await in_pool(deps.embedder)
            await in_pool(warm_passages, document, embedder)
            await in_pool(deps.on_air.warm, document)
            await deps.responder.warm(document)
        except LivecueError as error:
            self._warmed = None
            log.info("not warmed for %s: %s", document.product_id, error.message)

    async def aclose(self) -> None:
        """Stop what is under way."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
