"""The ASGI application: every protocol's router on one open home."""

import logging
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from api import (
    answers,
    clicks,
    clips,
    comments,
    compliance,
    copies,
    errors,
    experiments,
    health,
    jobs,
    models,
    on_air,
    openai_chat,
    operation,
    overrides,
    page,
    products,
    prompts,
    pushing,
    questions,
    recordings,
    resolving,
    streams,
    tags,
    uploads,
)
from api.body_limit import BodyLimit
from api.guard import Guard
from domain.errors import LivecueError
from domain.settings import Settings
from runtime import open_runtime
from stores.home import HomeLock, acquire_home

log = logging.getLogger("livecue.api")


def start_failure(app: FastAPI, error: BaseException | None = None) -> LivecueError:
    """Why `app` did not start: the error of its home, else `error`."""
    found = getattr(app.state, "start_error", error)
    if isinstance(found, LivecueError):
        return found
    return LivecueError(
        f"the home could not be opened: {found or 'see the log above'}", hint="run `livecue doctor`"
    )


def create_app(
    settings: Settings, lock: HomeLock | None = None, *, serving: bool = True
) -> FastAPI:
    """The application for `settings`; it opens the home when it starts.

    `lock` is the home's lock where the caller holds it already; else start-up takes it.
    `serving`: go on with the jobs that a killed process left (a server does; a single command
    leaves them to the next `jobs resume` or server).
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        with ExitStack() as stack:
            held = lock or stack.enter_context(
                acquire_home(settings.home_path, command="server:app")
            )
            opened = AsyncExitStack()
            try:
                app.state.runtime = await opened.enter_async_context(
                    open_runtime(settings, held, serving=serving)
                )
            except Exception as error:
                if not isinstance(error, LivecueError):
                    log.exception("the home could not be opened")
                app.state.start_error = error
                raise
            async with opened:
                yield

    app = FastAPI(
        title="Livecue",
        version=version("livecue"),
        summary="An AI assistant for live-stream commerce.",
        lifespan=lifespan,
    )
    errors.install(app)
    app.add_middleware(BodyLimit, limit=settings.limits.request_bytes)
    app.add_middleware(Guard, host=settings.host)
    for module in (
        health,
        uploads,
        products,
        copies,
        clicks,
        clips,
        comments,
        compliance,
        tags,
        overrides,
        answers,
        resolving,
        streams,
        questions,
        on_air,
        pushing,
        recordings,
        experiments,
        jobs,
        prompts,
        models,
        operation,
        openai_chat,
    ):
        app.include_router(module.router)
    page.install(app)
    return app
