import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from pydantic import SecretStr

from domain.errors import (
    DeadlineExceeded,
    LimitExceeded,
    LivecueError,
    ModelRefused,
    ModelUnavailable,
)
from domain.settings import Endpoint
from models.calls import ModelCall, TextSink
from models.endpoint import EndpointBackend
from models.prompts import PromptLibrary
from tests.fakes.openai_server import (
    Behaviour,
    OpenAIServer,
    drip,
    drop_after,
    drop_connection,
    fail,
    hang,
    hang_after,
    say,
    send_broken_json,
    send_html,
    send_html_error,
    send_no_choices,
)

SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "string"}},
    "required": ["answer"],
    "additionalProperties": False,
}
CALL = ModelCall("a/b@1+0", ({"role": "user", "content": "How heavy is it?"},), max_tokens=9)


@dataclass
class Time:
    """A clock that only sleeping moves."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list[float])

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def time() -> Time:
    return Time()


Open = Callable[..., EndpointBackend]


@pytest.fixture
async def connect(openai_server: OpenAIServer, time: Time) -> AsyncIterator[Open]:
    opened: list[EndpointBackend] = []

    def connect(**settings: object) -> EndpointBackend:
        given = {"base_url": openai_server.base_url, "model": "m", "max_retries": 2, **settings}
        backend = EndpointBackend(
            Endpoint.model_validate(given),
            PromptLibrary(),
            clock=lambda: time.now,
            sleep=time.sleep,
        )
        opened.append(backend)
        return backend

    yield connect
    for backend in opened:
        await backend.aclose()


async def test_a_reply_carries_text_and_counts(connect: Open, openai_server: OpenAIServer) -> None:
    openai_server.script(say("350 g"))
    reply = await connect(api_key=SecretStr("k-1")).send(CALL, slot=0, sink=None)
    assert (reply.text, reply.finish) == ("350 g", "stop")
    assert (reply.prompt_tokens, reply.completion_tokens) == (11, 7)
    assert openai_server.keys == ["k-1"]
    [request] = openai_server.requests
    assert request["max_tokens"] == 9
    assert request["temperature"] == 0.0
    assert request["messages"] == [{"role": "user", "content": "How heavy is it?"}]


async def test_a_cut_reply_says_so(connect: Open, openai_server: OpenAIServer) -> None:
    openai_server.script(say("350", finish="length"))
    assert (await connect().send(CALL, slot=0, sink=None)).finish == "length"


@pytest.mark.parametrize(
    "fault",
    [
        fail(429),
        fail(500),
        fail(503),
        send_html,
        send_html_error,
        send_broken_json,
        send_no_choices,
        drop_connection,
    ],
)
async def test_a_passing_fault_is_retried(
    connect: Open, openai_server: OpenAIServer, time: Time, fault: Behaviour
) -> None:
    openai_server.script(fault, fault, say("350 g"))
    assert (await connect().send(CALL, slot=0, sink=None)).text == "350 g"
    assert len(time.slept) == 2
    assert time.slept[1] > time.slept[0] * 0.9


@pytest.mark.parametrize(
    ("fault", "error", "setting"),
    [
        (fail(429), ModelUnavailable, "LIVECUE_CHAT__REQUESTS_PER_MINUTE"),
        (fail(500), ModelUnavailable, "LIVECUE_CHAT__BASE_URL"),
        (send_html, ModelUnavailable, "LIVECUE_CHAT__BASE_URL"),
        (send_html_error, ModelUnavailable, "LIVECUE_CHAT__BASE_URL"),
        (send_broken_json, ModelUnavailable, "LIVECUE_CHAT__BASE_URL"),
        (send_no_choices, ModelUnavailable, "LIVECUE_CHAT__BASE_URL"),
        (drop_connection, ModelUnavailable, "LIVECUE_CHAT__BASE_URL"),
    ],
)
async def test_a_lasting_fault_is_told_after_all_retries(
    connect: Open,
    openai_server: OpenAIServer,
    fault: Behaviour,
    error: type[LivecueError],
    setting: str,
) -> None:
    openai_server.script(fault, fault, fault)
    with pytest.raises(error) as caught:
        await connect().send(CALL, slot=0, sink=None)
    assert setting in caught.value.hint
    assert openai_server.base_url in caught.value.message
    assert "3 attempts" in caught.value.message
    assert len(openai_server.requests) == 3


@pytest.mark.parametrize(
    ("fault", "error", "setting"),
    [
        (fail(401, "bad key"), ModelRefused, "LIVECUE_CHAT__API_KEY"),
        (fail(403, "not yours"), ModelRefused, "LIVECUE_CHAT__API_KEY"),
        (fail(404, "no such model"), ModelRefused, "LIVECUE_CHAT__MODEL"),
        (fail(400, "maximum context length is 8"), LimitExceeded, "LIVECUE_CHAT__MODEL"),
    ],
)
async def test_what_a_retry_cannot_mend_is_not_retried(
    connect: Open,
    openai_server: OpenAIServer,
    fault: Behaviour,
    error: type[LivecueError],
    setting: str,
) -> None:
    openai_server.script(fault)
    with pytest.raises(error) as caught:
        await connect().send(CALL, slot=0, sink=None)
    assert setting in caught.value.hint
    assert len(openai_server.requests) == 1


async def test_nobody_listens(connect: Open) -> None:
    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        await connect(base_url="http://127.0.0.1:9/v1").send(CALL, slot=0, sink=None)


async def test_retry_after_is_honoured(
    connect: Open, openai_server: OpenAIServer, time: Time
) -> None:
    openai_server.script(fail(429, retry_after="7"))
    await connect().send(CALL, slot=0, sink=None)
    [slept] = time.slept
    assert 7 <= slept < 8


async def test_retry_after_may_be_a_date(
    connect: Open, openai_server: OpenAIServer, time: Time
) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    openai_server.script(fail(503, retry_after=later))
    await connect().send(CALL, slot=0, sink=None)
    [slept] = time.slept
    assert 25 < slept < 32


async def test_a_wait_of_hours_is_not_waited(
    connect: Open, openai_server: OpenAIServer, time: Time
) -> None:
    openai_server.script(fail(429, retry_after="7200"))
    with pytest.raises(ModelUnavailable) as caught:
        await connect().send(CALL, slot=0, sink=None)
    assert caught.value.details["retry_after"] == 7200
    assert time.slept == []


@pytest.mark.parametrize("fault", [hang, drip])
async def test_a_reply_that_never_comes_or_never_ends_times_out(
    connect: Open, openai_server: OpenAIServer, fault: Behaviour
) -> None:
    openai_server.script(fault)
    backend = connect(timeout_seconds=0.2, max_retries=0)
    with pytest.raises(DeadlineExceeded) as caught:
        await backend.send(CALL, slot=0, sink=TextSink())
    assert "LIVECUE_CHAT__TIMEOUT_SECONDS" in caught.value.hint


async def test_requests_per_minute(connect: Open, time: Time) -> None:
    backend = connect(requests_per_minute=2)
    for _ in range(5):
        await backend.send(CALL, slot=0, sink=None)
    assert time.slept == [60, 60]


async def test_a_stream_arrives_in_pieces(connect: Open, openai_server: OpenAIServer) -> None:
    openai_server.script(say("It weighs 350 g"))
    sink = TextSink()
    reply = await connect().send(CALL, slot=0, sink=sink)
    assert sink.text == reply.text == "It weighs 350 g"
    assert reply.completion_tokens == 7


async def test_a_broken_stream_goes_on_where_it_broke(
    connect: Open, openai_server: OpenAIServer
) -> None:
    openai_server.script(drop_after("It weighs "), say("It weighs 350 g"))
    sink = TextSink()
    assert (await connect().send(CALL, slot=0, sink=sink)).text == "It weighs 350 g"
    assert sink.text == "It weighs 350 g"


async def test_a_broken_stream_that_comes_out_differently_is_an_error(
    connect: Open, openai_server: OpenAIServer
) -> None:
    openai_server.script(drop_after("It weighs "), say("The weight is 350 g"))
    with pytest.raises(ModelUnavailable, match="answered differently"):
        await connect().send(CALL, slot=0, sink=TextSink())


@pytest.mark.parametrize("sink", [None, TextSink])
async def test_cancelling_hangs_up(
    connect: Open, openai_server: OpenAIServer, sink: type[TextSink] | None
) -> None:
    openai_server.script(hang if sink is None else hang_after("It"))
    sending = asyncio.create_task(connect().send(CALL, slot=0, sink=sink and sink()))
    assert await asyncio.to_thread(openai_server.came.acquire, timeout=10)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert await asyncio.to_thread(openai_server.left.acquire, timeout=10)


async def test_json_is_asked_for_by_schema(connect: Open, openai_server: OpenAIServer) -> None:
    call = ModelCall("a/b@1+0", CALL.messages, schema=SCHEMA)
    assert (await connect().send(call, slot=0, sink=None)).text == '{"answer": "ok"}'
    wanted = openai_server.requests[0]["response_format"]
    assert wanted["json_schema"]["schema"] == SCHEMA


async def test_a_server_without_json_schema_is_shown_the_schema(
    connect: Open, openai_server: OpenAIServer
) -> None:
    openai_server.script(fail(400, "response_format json_schema is not supported"))
    openai_server.answer = lambda _request: '{"answer": "350 g"}'
    backend = connect()
    call = ModelCall("a/b@1+0", CALL.messages, schema=SCHEMA)
    assert (await backend.send(call, slot=0, sink=None)).text == '{"answer": "350 g"}'
    assert backend.dialect.structured == "json_object"
    request = openai_server.requests[1]
    assert request["response_format"] == {"type": "json_object"}
    assert '"answer"' in request["messages"][0]["content"]

    openai_server.script(fail(400, "response_format is not supported"))
    await backend.send(call, slot=0, sink=None)
    assert backend.dialect.structured == "prompt"
    assert "response_format" not in openai_server.requests[-1]


async def test_a_server_that_names_the_limit_otherwise(
    connect: Open, openai_server: OpenAIServer
) -> None:
    openai_server.script(fail(400, "Unsupported: use max_completion_tokens instead"))
    await connect().send(CALL, slot=0, sink=None)
    assert openai_server.requests[1]["max_completion_tokens"] == 9
    assert "max_tokens" not in openai_server.requests[1]


def test_half_a_configuration_is_refused() -> None:
    with pytest.raises(ModelUnavailable, match="LIVECUE_CHAT__MODEL is not set"):
        EndpointBackend(Endpoint(base_url="http://127.0.0.1:9/v1"), PromptLibrary())
