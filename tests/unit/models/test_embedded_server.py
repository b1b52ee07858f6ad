import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from domain.errors import LimitExceeded, ModelFileCorrupt, ModelUnavailable
from domain.settings import EmbeddedLlm, Settings
from models.chat import ChatModel, Priority
from models.embedded_llm import EmbeddedBackend
from models.embedded_server import EmbeddedServer, RunningServer
from models.journaled_chat import JournaledChat
from models.llama_process import LOG_BYTES
from models.opening import open_chat_model
from models.prompts import PromptLibrary, PromptRef, RenderedPrompt
from models.store import ModelStore
from tests.fakes.model_backend import MemoryCalls

ROOT = Path(__file__).resolve().parents[3]
REF = PromptRef("a/b", 1, "0" * 64)
SMALL = EmbeddedLlm(context_tokens=2048, slots=2, start_seconds=60)


def asking(*texts: str) -> RenderedPrompt:
    roles = ("system", "user") if len(texts) == 2 else ("user",)
    messages = tuple(
        {"role": role, "content": text} for role, text in zip(roles, texts, strict=True)
    )
    return RenderedPrompt(REF, messages, None)


async def test_a_missing_model_names_the_command(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", models=tmp_path / "models")
    model = open_chat_model(settings, ModelStore(settings.models_path), MemoryCalls())
    with pytest.raises(ModelUnavailable) as caught:
        await model.complete(asking("Hi"))
    assert "livecue models pull" in caught.value.hint
    await model.aclose()


async def test_a_damaged_model_names_the_command(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", models=tmp_path / "models")
    store = ModelStore(settings.models_path)
    store.location("chat").parent.mkdir(parents=True)
    store.location("chat").write_bytes(b"GGUF but not ours")
    model = open_chat_model(settings, store, MemoryCalls())
    with pytest.raises(ModelFileCorrupt) as caught:
        await model.complete(asking("Hi"))
    assert "livecue models pull" in caught.value.hint
    await model.aclose()


@pytest.mark.slow
@pytest.mark.parametrize("content", [b"", b"GGUF but not really", b"\0" * 4096])
async def test_what_cannot_be_loaded_is_told_with_the_end_of_the_log(
    tmp_path: Path, content: bytes
) -> None:
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(content)
    log = tmp_path / "logs" / "llm.log"
    server = EmbeddedServer(lambda: bad, llm=SMALL, threads=1, log=log)
    for start in (1, 2):
        with pytest.raises(ModelUnavailable, match=r"bad\.gguf cannot be loaded") as caught:
            async with server.using():
                raise AssertionError("must not start")
        assert log.read_text(errors="replace").count("--- ") == start
        assert caught.value.details["log"] == str(log)
        assert "bad.gguf" in str(caught.value.details["log_tail"])
    assert server.running is None
    await server.aclose()


def standing_in(tmp_path: Path, code: str, **changes: object) -> EmbeddedServer:
    """A server whose process runs `code`, after it has read its configuration."""
    start = "import http.server, json, os, socket, sys, time\nsys.stdin.readline()\n"
    log = tmp_path / "llm.log"
    log.write_text("ggml: out of memory\n", encoding="utf-8")
    return EmbeddedServer(
        lambda: tmp_path / "some.gguf",
        llm=SMALL.model_copy(update=changes),
        threads=1,
        log=log,
        command=(sys.executable, "-c", start + code),
    )


REFUSING = (
    "s = socket.create_server(('127.0.0.1', 0))\n"
    "port = s.getsockname()[1]\n"
    "s.close()\n"
    "print(json.dumps({'port': port}), flush=True)\n"
    "sys.stdin.read()\n"
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (REFUSING, "ConnectionRefusedError"),
        ("print('Segmentation fault')", "ValidationError"),
        ("print('[1]')", "ValidationError"),
        ("sys.exit(3)", "exit code 3"),
    ],
)
async def test_a_start_that_goes_wrong_is_told_with_the_end_of_the_log(
    tmp_path: Path, code: str, reason: str
) -> None:
    server = standing_in(tmp_path, code)
    with pytest.raises(ModelUnavailable, match=r"some\.gguf cannot be loaded") as caught:
        async with server.using():
            raise AssertionError("must not start")
    assert reason in caught.value.message
    assert "livecue doctor" in caught.value.hint
    assert caught.value.details["log_tail"] == "ggml: out of memory"
    assert server.running is None
    await server.aclose()


def until(condition: Callable[[], bool]) -> None:
    """Waits, at most 20 s."""
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


LOADING = """
class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if os.path.exists("{ready}") else 503)
        self.end_headers()
    def log_message(self, *_): pass
    def log_request(self, *_): open("{asked}", "a").close()
s = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Health)
import threading; threading.Thread(target=s.serve_forever, daemon=True).start()
print(json.dumps({{"port": s.server_port}}), flush=True)
sys.stdin.read()
"""


@pytest.mark.slow
async def test_nobody_gets_a_server_that_still_loads(tmp_path: Path) -> None:
    ready, asked = tmp_path / "ready", tmp_path / "asked"
    server = standing_in(tmp_path, LOADING.format(ready=ready, asked=asked))
    up: list[RunningServer] = []

    async def use() -> None:
        async with server.using() as running:
            up.append(running)

    first = asyncio.create_task(use())
    await asyncio.to_thread(until, asked.exists)
    second = asyncio.create_task(use())
    await asyncio.sleep(0.2)
    assert up == []
    assert server.running is None
    ready.touch()
    await asyncio.gather(first, second)
    assert up[0] is up[1]
    assert await server.answers(up[0])
    await server.aclose()
    assert not await server.answers(up[0])


@pytest.mark.slow
async def test_a_log_that_has_grown_large_is_set_aside(tmp_path: Path) -> None:
    log = tmp_path / "llm.log"
    log.write_bytes(b"x" * (LOG_BYTES + 1))
    server = EmbeddedServer(lambda: tmp_path / "missing", llm=SMALL, threads=1, log=log)
    with pytest.raises(ModelUnavailable):
        async with server.using():
            raise AssertionError("must not start")
    assert log.stat().st_size < 100_000
    assert (tmp_path / "llm.log.1").stat().st_size == LOG_BYTES + 1
    await server.aclose()


@pytest.mark.slow
async def test_a_server_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    slow = SMALL.model_copy(update={"start_seconds": 0.01})
    server = EmbeddedServer(lambda: tmp_path / "x", llm=slow, threads=1, log=tmp_path / "log")
    with pytest.raises(ModelUnavailable, match="not ready") as caught:
        async with server.using():
            raise AssertionError("must not start")
    assert "LIVECUE_LLM__START_SECONDS" in caught.value.hint
    await server.aclose()
    assert psutil.Process().children() == []


@pytest.mark.slow
async def test_a_user_who_leaves_during_the_start_does_not_stop_it(tmp_path: Path) -> None:
    asked: list[int] = []
    begun, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def find_model() -> Path:
        asked.append(1)
        loop.call_soon_threadsafe(begun.set)
        go_on.wait(30)
        return tmp_path / "missing.gguf"

    server = EmbeddedServer(find_model, llm=SMALL, threads=1, log=tmp_path / "log")

    async def use() -> None:
        async with server.using():
            raise AssertionError("must not start")

    leaver, stayer = asyncio.create_task(use()), asyncio.create_task(use())
    await begun.wait()
    leaver.cancel()
    go_on.set()
    with pytest.raises(ModelUnavailable, match=r"missing\.gguf cannot be loaded"):
        await stayer
    assert leaver.cancelled()
    assert len(asked) == 1
    await server.aclose()


async def test_closing_during_the_start_tells_the_user(tmp_path: Path) -> None:
    begun, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def find_model() -> Path:
        loop.call_soon_threadsafe(begun.set)
        go_on.wait(30)
        return tmp_path / "missing.gguf"

    server = EmbeddedServer(find_model, llm=SMALL, threads=1, log=tmp_path / "log")

    async def use() -> None:
        async with server.using():
            raise AssertionError("must not start")

    user = asyncio.create_task(use())
    await begun.wait()
    closing = asyncio.create_task(server.aclose())
    go_on.set()
    await closing
    with pytest.raises(ModelUnavailable, match="closed"):
        await user
    with pytest.raises(ModelUnavailable, match="closed"):
        await use()


def chat_file() -> Path:
    return ModelStore(Settings().models_path).path("chat")


@pytest.mark.models
class TestRunning:
    """Against the real model; each test starts its own server, as each treats it differently."""

    async def test_it_starts_once_answers_only_with_its_key_and_stops_when_idle(
        self, tmp_path: Path
    ) -> None:
        import httpx

        short = SMALL.model_copy(update={"idle_seconds": 0.2})
        server = EmbeddedServer(chat_file, llm=short, threads=2, log=tmp_path / "llm.log")

        async def use() -> tuple[int, int, int]:
            async with server.using() as running, httpx.AsyncClient(trust_env=False) as client:
                props = f"{running.base_url}/models"
                plain = await client.post(f"{running.base_url}/chat/completions", json={})
                known = await client.get(
                    props, headers={"Authorization": f"Bearer {running.api_key}"}
                )
                command = psutil.Process(running.process).cmdline()
                assert running.api_key not in " ".join(command)
                return running.process, plain.status_code, known.status_code

        found = await asyncio.gather(*(use() for _ in range(3)))
        assert len({process for process, _, _ in found}) == 1
        assert {codes[1:] for codes in found} == {(401, 200)}
        process = psutil.Process(found[0][0])
        await asyncio.to_thread(process.wait, 20)
        assert server.running is None
        await server.aclose()

    async def test_killed_under_a_call_the_call_is_done_on_a_new_server(
        self, tmp_path: Path
    ) -> None:
        settings = Settings(home=tmp_path, llm=SMALL)
        backend = EmbeddedBackend(settings, ModelStore(settings.models_path))
        model = JournaledChat(backend, MemoryCalls(), PromptLibrary())
        stream = model.stream(asking("Count from one to ten in words."), max_tokens=24)
        first = await anext(stream)
        assert backend.server.running is not None
        killed = backend.server.running.process
        os.kill(killed, signal.SIGKILL)
        rest = [delta async for delta in stream]
        assert backend.server.running is not None
        assert backend.server.running.process != killed
        assert first + "".join(rest) == stream.completion.text
        await model.aclose()

    async def test_an_answer_preempts_and_finds_its_prefix_warm(self, tmp_path: Path) -> None:
        settings = Settings(home=tmp_path, llm=SMALL)
        model: ChatModel = open_chat_model(
            settings, ModelStore(settings.models_path), MemoryCalls()
        )
        facts = " ".join(f"Colour {i} costs {i * 3} dollars." for i in range(40))
        loop = asyncio.get_running_loop()
        await model.complete(asking("Hi"), max_tokens=1)
        begun = loop.time()
        await model.warm(asking(facts, "?"))
        cold = loop.time() - begun
        story = model.stream(asking("Tell a story about the sea."), max_tokens=20)
        shown = await anext(story)
        begun = loop.time()
        answer = model.stream(
            asking(facts, "What does colour 3 cost?"), priority=Priority.ANSWER, max_tokens=8
        )
        await anext(answer)
        assert loop.time() - begun < cold / 2
        _ = [delta async for delta in answer]
        shown += "".join([delta async for delta in story])
        assert shown == story.completion.text
        assert story.completion.completion_tokens == 20
        await model.aclose()

    async def test_a_prompt_beyond_the_context_names_the_setting(self, tmp_path: Path) -> None:
        settings = Settings(home=tmp_path, llm=SMALL)
        model = open_chat_model(settings, ModelStore(settings.models_path), MemoryCalls())
        with pytest.raises(LimitExceeded) as caught:
            await model.complete(asking("word " * 3000))
        assert "LIVECUE_LLM__CONTEXT_TOKENS" in caught.value.hint
        await model.aclose()

    @pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
    async def test_it_is_gone_with_its_parent(self, tmp_path: Path, how: signal.Signals) -> None:
        code = (
            "import asyncio\n"
            "from pathlib import Path\n"
            "from domain.settings import EmbeddedLlm\n"
            "from models.embedded_server import EmbeddedServer\n"
            "async def main():\n"
            f"    server = EmbeddedServer(lambda: Path({str(chat_file())!r}),\n"
            "        llm=EmbeddedLlm(context_tokens=2048), threads=1,\n"
            f"        log=Path({str(tmp_path / 'llm.log')!r}))\n"
            "    async with server.using() as running:\n"
            "        print(running.process, flush=True)\n"
            "        await asyncio.Event().wait()\n"
            "asyncio.run(main())\n"
        )
        parent = subprocess.Popen(  # noqa: ASYNC220, S603
            [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert parent.stdout is not None
        line = await asyncio.to_thread(parent.stdout.readline)
        child = psutil.Process(int(line))
        parent.send_signal(how)
        await asyncio.to_thread(parent.wait)
        parent.stdout.close()
        gone, _ = await asyncio.to_thread(psutil.wait_procs, [child], 10)
        assert gone == [child]
