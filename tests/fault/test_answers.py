"""Answers when the model is dead, slow or silent, and when fifty viewers click at once."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from domain.settings import Settings
from models.store import ModelStore
from tests.fakes.openai_server import OpenAIServer, Request, hang, slow
from tests.fakes.products import CUP, MUG
from tests.fault.conftest import Terminal
from tests.fault.records import publish
from tests.serving import Served, serve_home, settings_for, wait_until

pytestmark = pytest.mark.slow
ANSWERS = "/api/v1/answers"
FIRST_SENTENCE_SECONDS = 0.7
CLICKS = 50
ASKED = ["how much is it", "price?", "how heavy is it", "what colours are there", "多少钱"]


@pytest.fixture
def mug(tmp_path: Path, openai_server: OpenAIServer) -> Iterator[Served]:
    """A served home with a published mug; its endpoint says the price when it is let."""
    openai_server.answer = _say_price
    with serve_home(settings_for(tmp_path / "home", openai_server.base_url)) as served:
        publish(served.http, "mug", MUG)
        served.post(
            ANSWERS, {"question": "can it fly", "product_id": "mug"}
        )  # loads what is loaded once
        yield served


def _say_price(request: Request) -> str:
    asked = str(request["messages"][-1]["content"])
    return "现在直播价19.9美元。" if "Chinese" in asked else "It is $19.90 now."


def _ask(served: Served, question: str) -> tuple[dict[str, Any], float]:
    began = time.monotonic()
    answer = served.post(ANSWERS, {"question": question, "product_id": "mug"})
    return answer, time.monotonic() - began


def test_of_a_slow_endpoint_one_answer_waits_and_the_others_pass_it_over(
    mug: Served, openai_server: OpenAIServer
):
    openai_server.always = slow(5)
    first, _ = _ask(mug, ASKED[0])
    assert first["method"] == "extractive"
    assert "late" in first["rejected"][0]
    for question in ASKED[2:]:
        answer, _ = _ask(mug, question)
        assert (answer["status"], answer["method"]) == ("grounded", "extractive")
        assert answer["rejected"] == ["(passed over: the model has been late lately)"]
        assert answer["timings_ms"]["first_sentence"] < 1000 * FIRST_SENTENCE_SECONDS


def test_what_was_late_is_phrased_when_nobody_waits_and_then_goes_out_at_once(
    mug: Served, openai_server: OpenAIServer
):
    openai_server.script(slow(3))
    assert _ask(mug, "how much is it")[0]["method"] == "extractive"
    answer, _ = wait_until(lambda: _ask(mug, "price?"), lambda found: found[0]["method"] == "model")
    assert (answer["text"], answer["drafted"]) == ("It is $19.90 now.", True)
    assert answer["citations"][0]["fact"] == "live_price"
    assert answer["rejected"] == []


def test_fifty_clicks_at_once_are_all_answered_while_the_model_hangs(
    mug: Served, openai_server: OpenAIServer
):
    openai_server.always = hang
    health: list[float] = []
    done = threading.Event()

    def watch() -> None:
        with httpx.Client(base_url=mug.address, timeout=30) as http:
            while not done.is_set():
                began = time.monotonic()
                http.get("/health").raise_for_status()
                health.append(time.monotonic() - began)
                time.sleep(0.02)

    async def click_all() -> list[dict[str, Any]]:
        async with httpx.AsyncClient(base_url=mug.address, timeout=120) as http:
            asked = (ASKED[n % len(ASKED)] for n in range(CLICKS))
            bodies = [{"question": question, "product_id": "mug"} for question in asked]
            replies = await asyncio.gather(*(http.post(ANSWERS, json=body) for body in bodies))
        return [reply.raise_for_status().json() for reply in replies]

    watching = threading.Thread(target=watch)
    watching.start()
    began = time.monotonic()
    answers = asyncio.run(click_all())
    seconds = time.monotonic() - began
    done.set()
    watching.join()
    assert {answer["status"] for answer in answers} == {"grounded"}
    assert len({answer["answer_id"] for answer in answers}) == CLICKS
    late = sum("late:" in reason for answer in answers for reason in answer["rejected"])
    assert late <= 2, "who asks after the first does not wait for the model"
    assert seconds < CLICKS * FIRST_SENTENCE_SECONDS
    assert len(health) >= 5, "the event loop serves others meanwhile"
    assert sorted(health)[len(health) // 2] < seconds / 3
    stored = mug.get(ANSWERS)["answers"]
    assert {answer["answer_id"] for answer in answers} <= {one["answer_id"] for one in stored}


@pytest.mark.models
def test_a_model_server_that_is_killed_mid_answer_costs_no_answer(terminal: Terminal):
    settings = Settings()
    ModelStore(settings.models_path).path("chat")
    for name in ("LIVECUE_CHAT__BASE_URL", "LIVECUE_CHAT__MODEL"):
        terminal.environment.pop(name)
    terminal.environment["LIVECUE_MODELS"] = str(settings.models_path)
    terminal.environment["LIVECUE_ANSWERING__FIRST_SENTENCE_MS"] = "120000"
    process, address = terminal.serve()
    with httpx.Client(base_url=address, timeout=300) as http, ThreadPoolExecutor(1) as pool:
        publish(http, "mug", MUG)
        publish(http, "cup", CUP)

        def ask(question: str, product_id: str) -> dict[str, Any]:
            body = {"question": question, "product_id": product_id}
            return http.post(ANSWERS, json=body).raise_for_status().json()

        waiting = pool.submit(ask, "how much is it", "mug")
        first = wait_until(lambda: _model_servers(process.pid), lambda found: len(found) == 1)
        wait_until(lambda: _is_at_work(first[0]), lambda is_so: is_so, 120)
        os.kill(first[0].pid, signal.SIGKILL)
        answer = waiting.result()
        assert answer["status"] == "grounded"
        assert "19.90" in answer["text"]
        following = ask("多少钱", "cup")
        assert following["status"] == "grounded"
        assert "199" in following["text"]
        second = _model_servers(process.pid)
        assert [one.pid for one in second] != [first[0].pid]
        assert len(second) == 1


def _model_servers(parent: int) -> list[psutil.Process]:
    found: list[psutil.Process] = []
    for child in psutil.Process(parent).children(recursive=True):
        try:
            if "models.llama_process" in child.cmdline():
                found.append(child)
        except psutil.NoSuchProcess:
            continue
    return found


def _is_at_work(server: psutil.Process) -> bool:
    """Whether it has loaded its model, and computes."""
    times = server.cpu_times()
    return server.memory_info().rss > 500 * 1024 * 1024 and times.user > 2
