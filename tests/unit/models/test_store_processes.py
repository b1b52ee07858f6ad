"""The store across processes: a killed pull, and two at once."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fakes.file_hub import FileHub, serving
from tests.unit.models.test_store import CONTENT, NAME, make_manifest, make_store

pytestmark = pytest.mark.slow

PULL = """
import json, sys
from pathlib import Path
from models.manifest import Manifest
from models.store import ModelStore
root, hub, manifest = sys.argv[1:]
store = ModelStore(Path(root), manifest=Manifest.model_validate_json(manifest), hub=hub)
store.pull("chat", lambda event: print(event.message, flush=True))
"""


def start_pull(root: Path, hub: FileHub) -> subprocess.Popen[str]:
    manifest = json.dumps(make_manifest().model_dump(mode="json"))
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", PULL, str(root), hub.address, manifest],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )


def wait_for_bytes(hub: FileHub, count: int) -> None:
    deadline = time.monotonic() + 60
    while hub.sent < count:
        assert time.monotonic() < deadline, "the pull never started"
        time.sleep(0.02)


def test_a_pull_killed_in_the_middle_goes_on_where_it_stopped(tmp_path: Path):
    with serving(FileHub({NAME: CONTENT}, pause=0.1)) as hub:
        with start_pull(tmp_path, hub) as pull:
            wait_for_bytes(hub, 2_000_000)
            pull.kill()
        kept = (tmp_path / ".partial" / "chat" / f"{NAME}.hub").stat().st_size
        assert 0 < kept < len(CONTENT)
        hub.pause = 0
        assert make_store(tmp_path, hub).pull("chat").read_bytes() == CONTENT
        assert hub.asked == [None, f"bytes={kept}-"]


def test_two_processes_fetch_once(tmp_path: Path):
    with serving(FileHub({NAME: CONTENT}, pause=0.05)) as hub:
        with start_pull(tmp_path, hub) as first:
            wait_for_bytes(hub, 1)
            with start_pull(tmp_path, hub) as second:
                said_by_second = second.communicate(timeout=60)[0]
            said_by_first = first.communicate(timeout=60)[0]
        assert (first.returncode, second.returncode) == (0, 0)
        assert hub.sent == len(CONTENT)
    assert "another process is fetching Tiny: waiting for it" in said_by_second
    assert "verifying" in said_by_first
    assert "verifying" not in said_by_second
