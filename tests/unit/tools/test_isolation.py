import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from domain.errors import (
    InvalidInput,
    JobCancelled,
    LimitExceeded,
    LivecueError,
    UnsupportedSource,
)
from domain.settings import MIB, Limits
from tools import isolation
from tools.isolation import run_isolated

ROOT = Path(isolation.__file__).parent.parent
LIMITS = Limits(reader_memory=256 * MIB, reader_seconds=20)


def run(task: str, request: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
    options = {"file": "bad.pdf", "limits": LIMITS} | options
    return run_isolated(f"tests.fakes.foreign_tasks:{task}", request or {}, **options)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_until_gone(pids: list[int], seconds: float = 10) -> bool:
    late_at = time.monotonic() + seconds
    while any(is_alive(pid) for pid in pids):
        if time.monotonic() > late_at:
            return False
        time.sleep(0.05)
    return True


def test_a_task_gets_its_request_and_gives_its_result() -> None:
    request = {"name": "釉", "list": [1, 2.5, None]}
    assert run("echo", request)["got"] == request


def test_no_key_of_ours_reaches_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIVECUE_CHAT__API_KEY", "secret")
    assert not [name for name in run("echo")["variables"] if "KEY" in name]


def test_lines_arrive_in_order_in_the_calling_thread() -> None:
    seen: list[tuple[int, int]] = []

    def see(line: dict[str, Any]) -> None:
        seen.append((line["number"], threading.get_ident()))

    result = run("count", {"to": 5000}, on_line=see)
    assert result == {"counted": 5000}
    assert seen == [(number, threading.get_ident()) for number in range(5000)]


def test_what_on_line_raises_ends_the_task() -> None:
    def refuse(_line: dict[str, Any]) -> None:
        raise JobCancelled("enough", hint="none")

    with pytest.raises(JobCancelled, match="enough"):
        run("count", {"to": 5}, on_line=refuse)


def test_the_time_that_on_line_takes_is_not_the_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "WALL_FACTOR", 1)
    waited: list[Any] = []

    def wait(line: dict[str, Any]) -> None:
        waited.append(line)
        time.sleep(0.7)

    assert run("count", {"to": 3}, on_line=wait, seconds=1) == {"counted": 3}
    assert len(waited) == 3


def test_what_a_library_prints_is_no_answer() -> None:
    assert run("print_noise") == {"forged": False}


def test_an_error_of_ours_comes_back_as_it_was() -> None:
    with pytest.raises(UnsupportedSource) as caught:
        run("refuse", {"file": "odd.pdf"})
    assert caught.value.as_dict() == {
        "code": "unsupported_source",
        "message": "odd.pdf is odd",
        "hint": "mend it",
        "details": {"why": "odd"},
    }


@pytest.mark.parametrize(
    ("task", "request_", "kind", "says"),
    [
        ("fail", {}, InvalidInput, "no such stream"),
        ("crash", {}, InvalidInput, "SIGSEGV"),
        ("leave", {}, InvalidInput, "exit code 3"),
        ("eat", {"bytes": 300 * MIB}, LimitExceeded, "LIVECUE_LIMITS__READER_MEMORY"),
        ("starve", {}, LimitExceeded, "LIVECUE_LIMITS__READER_MEMORY"),
        ("flood", {}, LimitExceeded, "Split it"),
        ("garble", {"hex": b"{\n".hex()}, InvalidInput, "garbles"),
        ("garble", {"hex": b"\xff\xfe\n".hex()}, InvalidInput, "garbles"),
        ("garble", {"hex": b"5\n".hex()}, InvalidInput, "garbles"),
        ("garble", {"hex": (b"[" * 200_000 + b"\n").hex()}, InvalidInput, "garbles"),
        ("garble", {"hex": b'{"result": 5}\n'.hex()}, InvalidInput, "garbles"),
        ("garble", {"hex": b'{"error": {"class": []}}\n'.hex()}, InvalidInput, "garbles"),
    ],
)
def test_every_bad_end_names_the_file(
    task: str, request_: dict[str, Any], kind: type[LivecueError], says: str
) -> None:
    with pytest.raises(kind) as caught:
        run(task, request_)
    error = caught.value
    assert type(error) is kind
    assert "bad.pdf" in error.message
    assert says in f"{error.message} {error.hint} {error.details}"


def test_memory_within_the_limit_is_given() -> None:
    assert run("eat", {"bytes": 100 * MIB}) == {"took": 100 * MIB}


@pytest.mark.parametrize("task", ["no_such_task", "spin.x"])
def test_a_task_that_does_not_exist_is_our_own_mistake(task: str) -> None:
    with pytest.raises(RuntimeError, match="cannot be run"):
        run(task)


def test_computing_without_end_is_stopped() -> None:
    began = time.monotonic()
    with pytest.raises(LimitExceeded, match="1 seconds") as caught:
        run("spin", seconds=1)
    assert "LIVECUE_LIMITS__READER_SECONDS" in caught.value.hint
    assert time.monotonic() - began < 10


def test_hanging_is_stopped_with_all_that_it_started(tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded, match=r"bad\.pdf"):
        run("sleep", {"ids": str(tmp_path / "ids")}, seconds=0.3)
    assert wait_until_gone([int(pid) for pid in (tmp_path / "ids").read_text().split()])


def test_a_cancel_stops_the_task_at_once(tmp_path: Path) -> None:
    ids = tmp_path / "ids"
    began = time.monotonic()
    with pytest.raises(JobCancelled, match=r"bad\.pdf"):
        run("sleep", {"ids": str(ids)}, cancelled=ids.exists)
    assert time.monotonic() - began < 10
    assert wait_until_gone([int(pid) for pid in ids.read_text().split()])


def test_a_cancel_reaches_those_who_wait_for_their_turn(tmp_path: Path) -> None:
    stop = threading.Event()
    holders = [
        threading.Thread(target=_hold, args=(tmp_path / str(index), stop))
        for index in range(isolation.PROCESSES)
    ]
    for holder in holders:
        holder.start()
    try:
        assert _until(lambda: all((tmp_path / str(i)).exists() for i in range(len(holders))))
        asked: list[bool] = []
        with pytest.raises(JobCancelled):
            run("echo", cancelled=lambda: len(asked) > 2 or bool(asked.append(True)))
    finally:
        stop.set()
        for holder in holders:
            holder.join()
    assert run("echo")["got"] == {}


def _hold(ids: Path, stop: threading.Event) -> None:
    with pytest.raises(JobCancelled):
        run("sleep", {"ids": str(ids)}, cancelled=stop.is_set)


def _until(holds: Any, seconds: float = 10) -> bool:
    late_at = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > late_at:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal")
def test_the_process_dies_with_its_parent(tmp_path: Path) -> None:
    ids = tmp_path / "ids"
    code = (
        "from domain.settings import Limits\n"
        "from tools.isolation import run_isolated\n"
        f"run_isolated('tests.fakes.foreign_tasks:sleep', {{'ids': {str(ids)!r}}},"
        " file='f', limits=Limits())"
    )
    parent = subprocess.Popen((sys.executable, "-c", code), cwd=ROOT)  # noqa: S603
    assert _until(lambda: ids.exists() and len(ids.read_text().split()) == 2, 30)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    assert wait_until_gone([int(ids.read_text().split()[0])])
    os.kill(int(ids.read_text().split()[1]), signal.SIGKILL)
