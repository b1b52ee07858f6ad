import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field

from domain.errors import DeadlineExceeded, ModelOutputInvalid, ModelUnavailable
from models.calls import Reply
from models.chat import Priority
from models.journaled_chat import JournaledChat
from models.output_schema import output_schema
from models.prompts import PromptLibrary, PromptRef, RenderedPrompt
from tests.fakes.model_backend import MemoryCalls, ScriptedBackend

REF = PromptRef("a/b", 1, "0" * 64)
PROMPT = RenderedPrompt(REF, ({"role": "user", "content": "How heavy is it?"},), None)


class Weight(BaseModel):
    model_config = ConfigDict(extra="forbid")

    grams: int
    note: str = ""


class Box(BaseModel):
    weights: list[Weight] = Field(default_factory=list[Weight], max_length=3)


@pytest.fixture
def backend() -> ScriptedBackend:
    return ScriptedBackend()


@pytest.fixture
def model(backend: ScriptedBackend) -> JournaledChat:
    return JournaledChat(backend, MemoryCalls(), PromptLibrary())


async def test_parse_asks_by_schema_and_validates(
    model: JournaledChat, backend: ScriptedBackend
) -> None:
    backend.script.append('{"grams": 350, "note": "mug"}')
    parsed = await model.parse(PROMPT, Weight)
    assert parsed.value == Weight(grams=350, note="mug")
    assert parsed.repaired is False
    assert parsed.completion.prompt is REF
    assert backend.calls[0].schema == output_schema(Weight)


async def test_parse_takes_json_in_a_code_fence(
    model: JournaledChat, backend: ScriptedBackend
) -> None:
    backend.script.append('```json\n{"grams": 350, "note": ""}\n```')
    assert (await model.parse(PROMPT, Weight)).value.grams == 350


async def test_a_misfit_is_shown_its_faults_and_mended(
    model: JournaledChat, backend: ScriptedBackend
) -> None:
    backend.script.extend(['{"grams": "heavy", "note": ""}', '{"grams": 350, "note": ""}'])
    parsed = await model.parse(PROMPT, Weight)
    assert parsed.value.grams == 350
    assert parsed.repaired
    repair = backend.calls[1]
    assert repair.messages[0] == PROMPT.messages[0]
    assert repair.messages[1] == {"role": "assistant", "content": '{"grams": "heavy", "note": ""}'}
    assert "grams: Input should be a valid integer" in repair.messages[2]["content"]
    assert repair.prompt.startswith(f"{REF} models/repair@")


async def test_one_repair_and_no_more(model: JournaledChat, backend: ScriptedBackend) -> None:
    backend.script.extend(["no", "never"])
    with pytest.raises(ModelOutputInvalid, match="Weight") as caught:
        await model.parse(PROMPT, Weight)
    assert len(backend.calls) == 2
    assert caught.value.details["text"] == "never"


async def test_json_that_was_cut_off_is_not_repaired(
    model: JournaledChat, backend: ScriptedBackend
) -> None:
    backend.script.append(Reply(text='{"grams": 35', finish="length"))
    with pytest.raises(ModelOutputInvalid, match="cut off at 9 tokens"):
        await model.parse(PROMPT, Weight, max_tokens=9)
    assert len(backend.calls) == 1


async def test_complete_tells_that_it_was_cut(
    model: JournaledChat, backend: ScriptedBackend
) -> None:
    backend.script.append(Reply(text="It wei", finish="length"))
    assert (await model.complete(PROMPT)).finish == "length"


async def test_the_deadline_spans_the_repair(
    model: JournaledChat, backend: ScriptedBackend
) -> None:
    backend.script.append("no")
    backend.gate = asyncio.Event()
    with pytest.raises(DeadlineExceeded):
        await model.parse(PROMPT, Weight, timeout=0.05)


async def test_a_stream_ends_with_its_completion(
    model: JournaledChat, backend: ScriptedBackend
) -> None:
    backend.script.append(["It ", "weighs ", "350 g"])
    stream = model.stream(PROMPT, priority=Priority.ANSWER)
    with pytest.raises(RuntimeError):
        _ = stream.completion
    assert "".join([delta async for delta in stream]) == "It weighs 350 g"
    assert stream.completion.text == "It weighs 350 g"
    assert stream.completion.cached is False
    again = model.stream(PROMPT, priority=Priority.ANSWER)
    assert [delta async for delta in again] == ["It weighs 350 g"]
    assert again.completion.cached
    await model.aclose()


async def test_a_stream_is_shown_before_it_is_complete(
    model: JournaledChat, backend: ScriptedBackend
) -> None:
    backend.script.append(["It ", "weighs"])
    backend.gate = asyncio.Event()
    stream = model.stream(PROMPT)
    assert await anext(stream) == "It "
    backend.gate.set()
    assert await anext(stream) == "weighs"
    await stream.aclose()
    await model.aclose()


async def test_leaving_a_stream_stops_the_model(
    model: JournaledChat, backend: ScriptedBackend
) -> None:
    backend.script.append(["It ", "weighs"])
    backend.gate = asyncio.Event()
    stream = model.stream(PROMPT)
    await anext(stream)
    await stream.aclose()
    for _ in range(5):
        await asyncio.sleep(0)
    assert backend.stopped == 1
    assert [delta async for delta in stream] == []
    await model.aclose()


async def test_a_stream_keeps_its_deadline(model: JournaledChat, backend: ScriptedBackend) -> None:
    backend.script.append(["It ", "weighs"])
    backend.gate = asyncio.Event()
    stream = model.stream(PROMPT, timeout=0.05)
    with pytest.raises(DeadlineExceeded):
        _ = [delta async for delta in stream]
    await model.aclose()


async def test_a_preempted_stream_goes_on_where_it_was(
    model: JournaledChat, backend: ScriptedBackend
) -> None:
    backend.script.append(["It ", "weighs"])
    backend.gate = asyncio.Event()
    stream = model.stream(PROMPT, priority=Priority.DRAFT)
    shown = [await anext(stream)]
    backend.came.clear()
    urgent = RenderedPrompt(REF, ({"role": "user", "content": "Price?"},), None)
    answer = asyncio.create_task(model.complete(urgent, priority=Priority.ANSWER))
    await backend.came.wait()
    backend.gate.set()
    await answer
    shown += [delta async for delta in stream]
    assert "".join(shown) == stream.completion.text
    assert backend.stopped == 1
    await model.aclose()


async def test_warming_reads_the_prompt_and_writes_nothing(
    model: JournaledChat, backend: ScriptedBackend
) -> None:
    await model.warm(PROMPT)
    [call] = backend.warmed
    assert call.max_tokens == 1
    assert backend.calls == []


async def test_a_closed_model_says_so(model: JournaledChat, backend: ScriptedBackend) -> None:
    backend.gate = asyncio.Event()
    caller = asyncio.create_task(model.complete(PROMPT))
    await backend.came.wait()
    await model.aclose()
    with pytest.raises(ModelUnavailable, match="closed"):
        await caller


def test_the_schema_is_flat_closed_and_complete() -> None:
    weight = {
        "type": "object",
        "properties": {"grams": {"type": "integer"}, "note": {"type": "string"}},
        "required": ["grams", "note"],
        "additionalProperties": False,
    }
    assert output_schema(Box) == {
        "type": "object",
        "properties": {"weights": {"type": "array", "maxItems": 3, "items": weight}},
        "required": ["weights"],
        "additionalProperties": False,
    }


def test_nothing_heavy_is_imported_before_the_first_call(tmp_path: Path) -> None:
    code = (
        "import sys, models.chat, models.prompts, models.journaled_chat, models.endpoint, "
        "models.embedded_llm, models.opening\n"
        "heavy = {'openai', 'langchain_openai', 'langchain_core', 'xllamacpp', 'jsonschema'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
