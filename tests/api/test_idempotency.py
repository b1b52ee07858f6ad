"""A POST that is sent twice with one key does its work once."""

import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fakes.openai_server import OpenAIServer, hang
from tests.serving import Served, serve_home, settings_for

MUG = b"Name: Fjord Mug\nLive price: $19.90\n"


def post(served: Served, path: str, key: str, **given: Any) -> httpx.Response:
    return served.http.post(path, headers={"Idempotency-Key": key}, **given)


def conflict(answer: httpx.Response) -> str:
    assert answer.status_code == 409, answer.text
    assert answer.json()["error"]["code"] == "state_conflict"
    return answer.json()["error"]["message"]


def test_the_header_is_described_where_it_is_heeded(served: Served):
    paths = served.get("/openapi.json")["paths"]

    def described(path: str, method: str = "post") -> bool:
        parameters = paths[path][method].get("parameters", [])
        return "Idempotency-Key" in [parameter["name"] for parameter in parameters]

    assert described("/api/v1/uploads")
    assert described("/api/v1/intakes")
    assert described("/api/v1/copies")
    assert described("/api/v1/models/pull")
    assert described("/api/v1/answers")
    assert not described("/api/v1/answers", "get")
    assert not described("/api/v1/answers/stream")


def test_an_upload_sent_twice_is_one_upload(served: Served):
    given = {"params": {"file": "mug.txt"}, "content": MUG}
    first = post(served, "/api/v1/uploads", "up-1", **given)
    again = post(served, "/api/v1/uploads", "up-1", **given)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize(
    ("name", "data"),
    [("other.txt", MUG), ("mug.txt", MUG + b"x"), ("mug.txt", MUG.swapcase())],
    ids=["name", "length", "bytes"],
)
def test_another_upload_under_the_key_is_refused(served: Served, name: str, data: bytes):
    post(served, "/api/v1/uploads", "up-2", params={"file": "mug.txt"}, content=MUG)
    conflict(post(served, "/api/v1/uploads", "up-2", params={"file": name}, content=data))


def test_an_intake_sent_twice_is_one_job(served: Served):
    uploads = [served.upload("mug.txt", MUG)["upload_id"]]
    first = post(served, "/api/v1/intakes", "in-1", json={"uploads": uploads, "approve": True})
    served.settled(first.json()["job_id"])
    again = post(served, "/api/v1/intakes", "in-1", json={"uploads": uploads, "approve": True})
    assert again.json() == first.json()
    assert again.status_code == 202
    assert len(served.get("/api/v1/jobs")["jobs"]) == 1
    conflict(post(served, "/api/v1/intakes", "in-1", json={"uploads": uploads}))


def test_a_key_belongs_to_its_route(served: Served):
    body = {"question": "How much is it?"}
    answer = post(served, "/api/v1/answers", "up-1", json=body)
    assert answer.status_code == 200
    assert post(served, "/api/v1/answers", "up-1", json=body).json() == answer.json()


def test_a_failure_gives_the_key_back(served: Served):
    failed = post(served, "/api/v1/copies", "co-1", json={"product_id": "nope"})
    assert failed.status_code == 404
    invalid = post(served, "/api/v1/copies", "co-1", json={"product": "nope"})
    assert invalid.status_code == 422


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_that_is_none_is_refused(served: Served, key: str):
    assert post(served, "/api/v1/answers", key, json={"question": "x"}).status_code == 422


def test_a_key_whose_request_is_at_work_is_refused(tmp_path: Path, openai_server: OpenAIServer):
    settings = settings_for(
        tmp_path / "home", openai_server.base_url, answering={"first_sentence_ms": 20_000}
    )
    openai_server.script(hang)
    body = {"question": "How much is it?", "draft": True}
    with serve_home(settings) as served:
        served.intake({"mug.txt": MUG}, name="Fjord Mug", approve=True)
        answers: list[httpx.Response] = []

        def ask() -> None:
            answers.append(post(served, "/api/v1/answers", "an-1", json=body))

        openai_server.came.acquire(timeout=0)
        asking = threading.Thread(target=ask)
        asking.start()
        while not any(request.get("stream") for request in openai_server.requests):
            assert openai_server.came.acquire(timeout=20)
        message = conflict(post(served, "/api/v1/answers", "an-1", json=body))
        assert "at work" in message
        openai_server.released.set()
        asking.join()
        assert post(served, "/api/v1/answers", "an-1", json=body).json() == answers[0].json()
