"""LangGraph's checkpoints and long-term store, on one SQLite file of the home."""

import importlib
import inspect
import pkgutil
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import is_dataclass
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import aiosqlite
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.store.sqlite.aio import AsyncSqliteStore
from pydantic import BaseModel

import domain

BUSY_TIMEOUT_MS = 30_000


class Checkpoints(NamedTuple):
    """What graphs are compiled with."""

    saver: AsyncSqliteSaver
    store: AsyncSqliteStore


@asynccontextmanager
async def open_checkpoints(
    path: Path, *, types: Iterable[type] = ()
) -> AsyncGenerator[Checkpoints]:
    """Open the checkpoint file, made when missing.

    What a checkpoint may hold is closed: plain values, messages, LangGraph's own types, the types
    of `domain`, and `types`. No other class in the file is imported or called: it comes back as
    plain data, with a warning in the log.

    Args:
        path: the SQLite file.
        types: further types that graph states hold, such as `types_in(graphs.state)`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    serde = JsonPlusSerializer(allowed_msgpack_modules=[*domain_types(), *types])
    async with (
        aiosqlite.connect(path) as for_saver,
        aiosqlite.connect(path, isolation_level=None) as for_store,
    ):
        for connection in (for_saver, for_store):
            await connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
            await connection.execute("PRAGMA journal_mode=WAL")
            await connection.execute("PRAGMA synchronous=FULL")
        saver = AsyncSqliteSaver(for_saver, serde=serde)
        await saver.setup()
        async with AsyncSqliteStore(for_store) as store:
            await store.setup()
            yield Checkpoints(saver, store)


def types_in(module: ModuleType) -> list[type]:
    """Every pydantic model, enumeration and dataclass that `module` defines."""
    return [
        item
        for _, item in inspect.getmembers(module, inspect.isclass)
        if item.__module__ == module.__name__
        and (issubclass(item, BaseModel | Enum) or is_dataclass(item))
    ]


def domain_types() -> list[type]:
    """Every pydantic model, enumeration and dataclass of `domain`."""
    return [
        item
        for info in pkgutil.iter_modules(domain.__path__, "domain.")
        for item in types_in(importlib.import_module(info.name))
    ]
