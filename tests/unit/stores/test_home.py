import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from domain.errors import HomeBusy, InvalidInput
from stores.home import LOCK_FILE, Owner, acquire_home, read_owner

ROOT = Path(__file__).parents[3]
OWN_IT = """
import sys, time
from pathlib import Path
from stores.home import acquire_home
with acquire_home(Path(sys.argv[1]), address="http://127.0.0.1:8765", command="livecue serve"):
    print("ready", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_owner(home: Path) -> Generator["subprocess.Popen[str]"]:
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", OWN_IT, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()


def test_a_new_home_is_private(tmp_path: Path):
    with acquire_home(tmp_path / "a" / "home", command="livecue serve") as lock:
        assert lock.path.stat().st_mode & 0o777 == 0o700
        assert lock.owner.pid == os.getpid()


def test_the_owner_is_read_while_the_lock_is_held(tmp_path: Path):
    assert read_owner(tmp_path) is None
    with acquire_home(tmp_path, address="http://127.0.0.1:8765", command="livecue serve") as lock:
        owner = read_owner(tmp_path)
        assert owner == lock.owner
        assert owner is not None
        assert owner.address == "http://127.0.0.1:8765"
    assert read_owner(tmp_path) is None
    lock.release()


def test_a_stale_file_is_no_owner(tmp_path: Path):
    record = {
        "pid": os.getpid(),
        "address": "http://127.0.0.1:1",
        "command": "livecue serve",
        "started_at": "2026-01-01T00:00:00+00:00",
    }
    (tmp_path / LOCK_FILE).write_text(json.dumps(record))
    assert read_owner(tmp_path) is None
    with acquire_home(tmp_path, command="livecue ask") as lock:
        assert read_owner(tmp_path) == lock.owner


def test_a_busy_home_names_its_owner(tmp_path: Path):
    with acquire_home(tmp_path, command="livecue product add 商品.txt"):
        with pytest.raises(HomeBusy, match="product add 商品") as caught:
            acquire_home(tmp_path, command="livecue ask")
        assert str(os.getpid()) in caught.value.message
        assert caught.value.details["pid"] == os.getpid()
    acquire_home(tmp_path, command="livecue ask").release()


def test_a_command_of_any_length_fits_the_file(tmp_path: Path):
    with acquire_home(tmp_path, address="http://127.0.0.1:1", command="清" * 5000):
        owner = read_owner(tmp_path)
        assert owner is not None
        assert owner.command.startswith("清" * 100)
        assert owner.address == "http://127.0.0.1:1"


def test_waiting_takes_the_home_over_when_it_is_free(tmp_path: Path):
    first = acquire_home(tmp_path, command="livecue serve")
    told: list[Owner | None] = []

    def release_when_told(owner: Owner | None) -> None:
        told.append(owner)
        threading.Timer(0.3, first.release).start()

    with acquire_home(
        tmp_path, command="livecue ask", wait_seconds=30, on_wait=release_when_told
    ) as second:
        assert told == [first.owner]
        assert read_owner(tmp_path) == second.owner


def test_readers_do_not_get_in_the_way_of_an_owner(tmp_path: Path):
    acquire_home(tmp_path, command="first").release()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            read_owner(tmp_path)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        for _ in range(20):
            acquire_home(tmp_path, command="livecue ask").release()
    finally:
        stop.set()
        for reader in readers:
            reader.join()


def test_a_home_that_is_a_file_is_refused(tmp_path: Path):
    (tmp_path / "home").write_text("")
    with pytest.raises(InvalidInput, match="home"):
        acquire_home(tmp_path / "home", command="livecue ask")


@pytest.mark.slow
def test_one_process_owns_a_home_until_it_is_killed(tmp_path: Path):
    with another_owner(tmp_path) as process:
        owner = read_owner(tmp_path)
        assert owner is not None
        assert (owner.pid, owner.command) == (process.pid, "livecue serve")
        assert owner.address == "http://127.0.0.1:8765"
        with pytest.raises(HomeBusy, match=str(process.pid)):
            acquire_home(tmp_path, command="livecue ask")
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        assert read_owner(tmp_path) is None
        acquire_home(tmp_path, command="livecue ask").release()


@pytest.mark.slow
def test_a_waiting_process_gets_the_home_of_a_killed_one(tmp_path: Path):
    with another_owner(tmp_path) as process:
        timer = threading.Timer(0.5, process.kill)
        timer.start()
        start = time.monotonic()
        with acquire_home(tmp_path, command="livecue ask", wait_seconds=30):
            assert 0.3 < time.monotonic() - start < 10
        timer.join()
