import logging
import sqlite3
from enum import StrEnum
from pathlib import Path
from typing import Any, TypedDict

import pytest
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt
from pydantic import BaseModel

import domain.product
from domain.evidence import Evidence, Locator
from domain.product import ProductDocument, ProductRecord, ProductStatus, Variants
from stores.checkpoints import domain_types, open_checkpoints, types_in

DOCUMENT = ProductDocument(
    product_id="pack",
    version=2,
    status=ProductStatus.AWAITING_APPROVAL,
    record=ProductRecord(name="山野背包", live_price=19.9, variants=Variants(stock={"Moss M": 3})),
    evidence={
        "name": [Evidence(source="s1", file="a.jpg", locator=Locator(box=(1, 2, 3, 4)), quote="山")]
    },
)


class Mood(StrEnum):
    CALM = "calm"


class Foreign(BaseModel):
    word: str


class State(TypedDict, total=False):
    document: ProductDocument
    status: ProductStatus
    mood: Any
    foreign: Any
    approved: bool


def write(state: State) -> State:
    return {
        "document": DOCUMENT,
        "status": ProductStatus.PUBLISHED,
        "mood": Mood.CALM,
        "foreign": Foreign(word="x"),
    }


def ask(state: State) -> State:
    return {"approved": interrupt("approve?")}


async def run(path: Path, given: Any, types: list[type]) -> State:
    builder = StateGraph(State)
    builder.add_node("write", write)
    builder.add_node("ask", ask)
    builder.add_edge(START, "write")
    builder.add_edge("write", "ask")
    builder.add_edge("ask", END)
    config: Any = {"configurable": {"thread_id": "t"}}
    async with open_checkpoints(path, types=types) as (saver, _store):
        graph = builder.compile(checkpointer=saver)
        await graph.ainvoke(given, config, durability="sync")
        return State(**(await graph.aget_state(config)).values)


async def test_domain_types_survive_a_restart(tmp_path: Path):
    path = tmp_path / "home" / "checkpoints.sqlite"
    await run(path, State(), [Mood, Foreign])
    state = await run(path, Command(resume=True), [Mood, Foreign])
    assert state.get("approved") is True
    assert state.get("document") == DOCUMENT
    assert state.get("status") is ProductStatus.PUBLISHED
    assert state.get("mood") is Mood.CALM
    assert state.get("foreign") == Foreign(word="x")


async def test_a_type_that_is_not_allowed_comes_back_as_data(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    path = tmp_path / "checkpoints.sqlite"
    await run(path, State(), [Mood])
    with caplog.at_level(logging.WARNING):
        state = await run(path, Command(resume=True), [Mood])
    assert state.get("document") == DOCUMENT
    assert not isinstance(state.get("foreign"), Foreign)
    assert "Foreign" in caplog.text


async def test_the_long_term_store_is_on_the_same_file(tmp_path: Path):
    path = tmp_path / "checkpoints.sqlite"
    async with open_checkpoints(path) as opened:
        await opened.store.aput(("users", "ana"), "lang", {"value": "zh"})
    async with open_checkpoints(path) as opened:
        item = await opened.store.aget(("users", "ana"), "lang")
        assert item is not None
        assert item.value == {"value": "zh"}
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_allowed_types_are_those_of_the_module():
    assert ProductStatus in types_in(domain.product)
    assert Evidence not in types_in(domain.product)
    assert {ProductDocument, Evidence, ProductStatus} <= set(domain_types())
