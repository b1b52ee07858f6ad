import asyncio
import dataclasses
from pathlib import Path

import pytest

from domain.errors import ModelUnavailable
from domain.scope import Scope
from domain.settings import Settings
from models.calls import ModelCall, Reply, TextSink
from models.chat import ChatModel, Priority
from models.journaled_chat import JournaledChat
from models.opening import open_chat_model
from models.prompts import PromptLibrary, PromptRef, RenderedPrompt
from models.store import ModelStore
from stores.calls import CallStore
from stores.sql import Database
from tests.fakes.model_backend import MemoryCalls, ScriptedBackend
from tests.fakes.openai_server import OpenAIServer, drop_connection

CALL = ModelCall("a/b@1+0", ({"role": "user", "content": "重量?"},))
REF = PromptRef("a/b", 1, "0" * 64)


def asking(question: str) -> RenderedPrompt:
    return RenderedPrompt(REF, ({"role": "user", "content": question},), None)


@pytest.mark.parametrize(
    "change",
    [
        {"prompt": "a/b@2+0"},
        {"messages": ({"role": "user", "content": "尺寸?"},)},
        {"schema": {"type": "object"}},
        {"tools": ({"type": "function"},)},
        {"tool_choice": "required"},
        {"max_tokens": 7},
        {"temperature": 0.5},
        {"sample": 1},
    ],
)
def test_everything_that_decides_the_reply_is_in_the_key(change: dict[str, object]) -> None:
    assert dataclasses.replace(CALL, **change).key("m") != CALL.key("m")


def test_the_key_is_of_the_model_and_of_nothing_else() -> None:
    same = dataclasses.replace(CALL, schema=None)
    assert same.key("m") == CALL.key("m")
    assert CALL.key("m2") != CALL.key("m")
    one = dataclasses.replace(CALL, schema={"a": 1, "b": 2})
    other = dataclasses.replace(CALL, schema={"b": 2, "a": 1})
    assert one.key("m") == other.key("m")


def test_the_key_stays_the_same_from_release_to_release() -> None:
    assert CALL.key("m") == "e26118284b73904ea9fd9ccaabcd33e2afde6628bd8a57bbab311ce962397e74"


def endpoint(server: OpenAIServer, database: Database, tmp_path: Path) -> ChatModel:
    settings = Settings.model_validate(
        {"chat": {"base_url": server.base_url, "model": "m", "max_retries": 0}}
    )
    return open_chat_model(settings, ModelStore(tmp_path), CallStore(database))


async def test_a_journaled_call_never_reaches_the_server_again(
    openai_server: OpenAIServer, database: Database, tmp_path: Path
) -> None:
    model = endpoint(openai_server, database, tmp_path)
    first = await model.complete(asking("How heavy?"))
    again = await model.complete(asking("How heavy?"))
    await model.aclose()
    reopened = endpoint(openai_server, database, tmp_path)
    third = await reopened.complete(asking("How heavy?"))
    streamed = [delta async for delta in reopened.stream(asking("How heavy?"))]
    await reopened.aclose()
    assert len(openai_server.requests) == 1
    assert [c.cached for c in (first, again, third)] == [False, True, True]
    assert first.text == again.text == third.text == "".join(streamed)
    assert third.prompt_tokens == first.prompt_tokens == 11


async def test_what_failed_is_not_journaled(
    openai_server: OpenAIServer, database: Database, tmp_path: Path
) -> None:
    model = endpoint(openai_server, database, tmp_path)
    openai_server.script(drop_connection)
    with pytest.raises(ModelUnavailable):
        await model.complete(asking("How heavy?"))
    assert (await model.complete(asking("How heavy?"))).cached is False
    await model.aclose()


async def test_each_workspace_has_its_own_journal(
    openai_server: OpenAIServer, database: Database, tmp_path: Path
) -> None:
    model = endpoint(openai_server, database, tmp_path)
    for workspace in ("one", "two", "one"):
        await model.within(Scope(workspace_id=workspace)).complete(asking("How heavy?"))
    await model.aclose()
    assert len(openai_server.requests) == 2


async def test_a_reply_is_committed_before_anyone_sees_it() -> None:
    rows = MemoryCalls()
    model = JournaledChat(ScriptedBackend(), rows, PromptLibrary())
    seen: list[str] = []

    def nothing_seen_yet() -> None:
        assert seen == []

    rows.before_put = nothing_seen_yet
    seen.append((await model.complete(asking("q"))).text)
    assert len(rows.rows) == 1
    assert rows.labels[0]["prompt"] == str(REF)
    assert rows.labels[0]["model"] == "scripted"
    await model.aclose()


async def test_a_reply_that_cannot_be_committed_is_not_used() -> None:
    rows = MemoryCalls()
    model = JournaledChat(ScriptedBackend(), rows, PromptLibrary())

    def full() -> None:
        raise OSError("disk full")

    rows.before_put = full
    with pytest.raises(OSError, match="disk full"):
        await model.complete(asking("q"))
    await model.aclose()


async def test_when_another_process_was_first_its_reply_counts() -> None:
    rows = MemoryCalls()
    backend = ScriptedBackend()
    model = JournaledChat(backend, rows, PromptLibrary())

    def someone_else_commits() -> None:
        key = backend.calls[0].key(backend.identity)
        rows.rows["default", key] = Reply(text="theirs").model_dump_json()

    rows.before_put = someone_else_commits
    assert (await model.complete(asking("q"))).text == "theirs"
    await model.aclose()


async def test_identical_calls_at_once_are_one() -> None:
    gate = asyncio.Event()
    backend = ScriptedBackend(gate=gate)
    model = JournaledChat(backend, MemoryCalls(), PromptLibrary())
    callers = [asyncio.create_task(model.complete(asking("q"))) for _ in range(5)]
    await backend.came.wait()
    gate.set()
    texts = {completion.text for completion in await asyncio.gather(*callers)}
    assert texts == {"ok"}
    assert len(backend.calls) == 1
    await model.aclose()


async def test_one_caller_that_leaves_does_not_stop_the_others() -> None:
    gate = asyncio.Event()
    backend = ScriptedBackend(gate=gate)
    model = JournaledChat(backend, MemoryCalls(), PromptLibrary())
    leaver, stayer = (asyncio.create_task(model.complete(asking("q"))) for _ in range(2))
    await backend.came.wait()
    leaver.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaver
    gate.set()
    assert (await stayer).text == "ok"
    assert backend.stopped == 0
    await model.aclose()


async def test_the_last_caller_to_leave_stops_the_call() -> None:
    backend = ScriptedBackend(gate=asyncio.Event())
    model = JournaledChat(backend, MemoryCalls(), PromptLibrary())
    caller = asyncio.create_task(model.complete(asking("q")))
    await backend.came.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert backend.stopped == 1
    await model.aclose()


async def test_a_click_on_what_is_being_drafted_raises_the_draft() -> None:
    gate = asyncio.Event()
    backend = ScriptedBackend(gate=gate)
    model = JournaledChat(backend, MemoryCalls(), PromptLibrary())
    draft = asyncio.create_task(model.complete(asking("q"), priority=Priority.DRAFT))
    await backend.came.wait()
    backend.came.clear()
    click = asyncio.create_task(model.complete(asking("q"), priority=Priority.ANSWER))
    await asyncio.sleep(0)
    other = asyncio.create_task(model.complete(asking("other"), priority=Priority.ANSWER))
    await backend.came.wait()
    gate.set()
    assert await draft == await click
    await other
    assert backend.stopped == 0, "as a draft it would have made way for the other answer"
    await model.aclose()


async def test_an_attempt_that_begins_anew_is_shown_from_where_it_left_off() -> None:
    sink = TextSink()
    sink.write("It weighs")
    sink.restart()
    sink.write("It ")
    assert sink.text == "It weighs"
    sink.write("weighs 350 g")
    assert sink.text == "It weighs 350 g"
