"""The assistant through the real `openai` package."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import OpenAI
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from domain.settings import Limits
from tests.fakes.openai_server import Request, answer_minimally, serve_openai
from tests.serving import Served, serve_home, settings_for

LAMP = "Name: Juniper Lamp\nLive price: $49.00\nMaterial: oak\n"
PIXEL = base64.b64encode(Path("examples/kiln-mug/label.jpg").read_bytes()).decode()


def answer(request: Request) -> str:
    """The smallest answer, but the router is told `none`."""
    schema = request.get("response_format", {}).get("json_schema", {}).get("schema", {})
    if "specialist" in schema.get("properties", {}):
        return json.dumps({"specialist": "none"})
    return answer_minimally(request)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A home with a published lamp; one chat message takes at most 4 files of 1 MiB."""
    home = tmp_path_factory.mktemp("chat") / "home"
    limits = Limits(chat_chars=2000, chat_files=4, upload_bytes=1024 * 1024)
    with serve_openai() as fake:
        fake.answer = answer
        with serve_home(settings_for(home, fake.base_url, limits=limits)) as server:
            server.intake({"lamp.txt": LAMP}, name="Juniper Lamp", approve=True)
            yield server


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{served.address}/v1", api_key="none", max_retries=0) as made:
        yield made


def say(client: OpenAI, content: Any) -> ChatCompletion:
    return client.chat.completions.create(
        model="livecue", messages=[{"role": "user", "content": content}]
    )


def stream(client: OpenAI, content: Any, **given: Any) -> list[ChatCompletionChunk]:
    chunks = client.chat.completions.create(
        model="livecue", messages=[{"role": "user", "content": content}], stream=True, **given
    )
    return list(chunks)


def extension(completion: Any) -> dict[str, Any]:
    return completion.model_extra["livecue"]


def text_part(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def file_part(name: str, data: bytes, kind: str = "text/plain") -> dict[str, Any]:
    encoded = base64.b64encode(data).decode()
    return {
        "type": "file",
        "file": {"filename": name, "file_data": f"data:{kind};base64,{encoded}"},
    }


def test_the_assistant_is_the_one_model(client: OpenAI):
    assert [model.id for model in client.models.list()] == ["livecue"]


def test_a_question_is_answered_from_the_record(client: OpenAI):
    reply = say(client, "How much is the Juniper Lamp?")
    assert "49" in (reply.choices[0].message.content or "")
    assert reply.choices[0].finish_reason == "stop"
    assert extension(reply)["specialist"] == "qa_responder"
    assert extension(reply)["answer"]["citations"][0]["file"] == "lamp.txt"
    assert reply.usage is None


def test_a_streamed_answer_is_the_same_text(client: OpenAI):
    question = "What is the Juniper Lamp made of?"
    whole = say(client, question).choices[0].message.content
    chunks = stream(client, question, stream_options={"include_usage": True})
    assert chunks[0].choices[0].delta.role == "assistant"
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert text == whole
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert [c.usage for c in chunks] == [None] * len(chunks)


def test_copy_is_streamed_with_its_progress(client: OpenAI):
    chunks = stream(client, "Write bullets for the Juniper Lamp")
    progress = [
        chunk.model_extra["livecue"]["progress"]["stage"]
        for chunk in chunks
        if chunk.model_extra and "progress" in chunk.model_extra.get("livecue", {})
    ]
    assert "copy" in progress
    assert "oak" in "".join(c.choices[0].delta.content or "" for c in chunks)


def test_a_file_becomes_a_record_that_waits(client: OpenAI, served: Served):
    material = b"Name: Alder Stool\nLive price: $89.00\nMaterial: alder\n"
    reply = say(client, [text_part("Add this product"), file_part("stool.txt", material)])
    assert extension(reply)["specialist"] == "product_analyst"
    [product_id] = extension(reply)["products"]
    assert "89" in (reply.choices[0].message.content or "")
    assert served.get(f"/api/v1/products/{product_id}")["status"] == "awaiting_approval"
    approved = say(client, "Publish the Alder Stool")
    assert extension(approved)["published"] == product_id
    assert served.get(f"/api/v1/products/{product_id}")["status"] == "published"


@pytest.mark.models
def test_a_picture_is_read(client: OpenAI):
    picture = {"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{PIXEL}"}}
    reply = say(client, [text_part("Add the Kiln Mug"), picture])
    assert extension(reply)["specialist"] == "product_analyst"
    assert "350 ml" in (reply.choices[0].message.content or "")


def test_a_broken_picture_is_named(client: OpenAI):
    url = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n broken").decode()
    picture = {"type": "image_url", "image_url": {"url": url}}
    reply = say(client, [text_part("Add this"), picture])
    assert "picture-1.png" in (reply.choices[0].message.content or "")


def test_unknown_wording_is_asked_back(client: OpenAI):
    reply = say(client, "Hmm, well then")
    assert extension(reply)["specialist"] == "ask_back"


REFUSED: list[tuple[dict[str, Any], int, str]] = [
    ({"model": "gpt-9"}, 404, "gpt-9"),
    ({"content": ""}, 422, "empty"),
    ({"content": [text_part(" ")]}, 422, "empty"),
    ({"content": "x" * 2001}, 413, "2001"),
    (
        {"content": [{"type": "image_url", "image_url": {"url": "http://127.0.0.1/x.png"}}]},
        422,
        "not fetched",
    ),
    (
        {"content": [{"type": "file", "file": {"filename": "a.txt", "file_data": "%%%"}}]},
        422,
        "base64",
    ),
    ({"content": [file_part("a.txt", b"x")] * 5}, 413, "5 files"),
    ({"content": [file_part("big.txt", b"x" * 1024 * 1025)]}, 413, "big.txt"),
    ({"content": [file_part("empty.txt", b"")]}, 422, "empty.txt"),
    ({"content": [{"type": "input_audio", "input_audio": {}}]}, 422, "input_audio"),
]


@pytest.mark.parametrize(("given", "status", "word"), REFUSED)
@pytest.mark.parametrize("stream", [False, True])
def test_what_cannot_be_taken_is_refused_by_name(
    client: OpenAI, given: dict[str, Any], status: int, word: str, stream: bool
):
    message: Any = {"role": "user", "content": given.get("content", "Hi")}
    with pytest.raises(openai.APIStatusError) as refused:
        client.chat.completions.create(
            model=given.get("model", "livecue"), messages=[message], stream=stream
        )
    assert refused.value.status_code == status
    body = refused.value.response.json()["error"]
    assert word in body["message"]
    assert body["hint"]


def test_the_last_word_is_the_users(client: OpenAI):
    with pytest.raises(openai.UnprocessableEntityError):
        client.chat.completions.create(
            model="livecue", messages=[{"role": "assistant", "content": "Hello"}]
        )
