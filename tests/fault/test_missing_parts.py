"""What is missing, broken or full ends in a clear sentence, and nothing stored is lost."""

import json
import shutil
import socket
from pathlib import Path
from typing import NamedTuple

import pytest

from models.manifest import load_manifest
from tests.fakes.openai_server import OpenAIServer, drop_connection, say
from tests.fault.conftest import Terminal, environment
from tests.serving import serve_home, settings_for

pytestmark = pytest.mark.slow


def sentence(err: str) -> str:
    """The error that a command ended with."""
    return err[err.index("livecue: ") :]


def test_a_taken_port_is_named(terminal: Terminal):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        terminal.environment["LIVECUE_PORT"] = port
        ran = terminal.run("serve")
    assert ran.returncode == 1
    assert port in sentence(ran.stderr)
    assert "LIVECUE_PORT" in sentence(ran.stderr)


@pytest.mark.parametrize("arguments", [("product", "list"), ("serve",)], ids=" ".join)
def test_a_home_that_cannot_be_written_is_named(
    terminal: Terminal, tmp_path: Path, arguments: tuple[str, ...]
):
    (tmp_path / "file").write_text("no folder")
    terminal.environment["LIVECUE_HOME"] = str(tmp_path / "file" / "home")
    ran = terminal.run(*arguments)
    assert ran.returncode == 1
    assert "LIVECUE_HOME" in sentence(ran.stderr)
    assert (tmp_path / "file").read_text() == "no folder"


def test_a_home_without_permission_is_named(terminal: Terminal):
    terminal.environment["LIVECUE_HOME"] = "/sys/livecue"  # the kernel refuses root there, too
    ran = terminal.run("product", "list")
    assert ran.returncode == 1
    assert "LIVECUE_HOME" in sentence(ran.stderr)


def test_a_wrong_setting_is_named(terminal: Terminal):
    terminal.environment["LIVECUE_PORT"] = "many"
    for command in (("product", "list"), ("serve",)):
        ran = terminal.run(*command)
        assert ran.returncode == 1
        assert "LIVECUE_PORT" in sentence(ran.stderr)


def test_a_broken_database_is_named_and_left_alone(terminal: Terminal):
    terminal.home.mkdir()
    database = terminal.home / "livecue.sqlite"
    database.write_bytes(b"this is no database" * 100)
    for command in (("product", "list"), ("serve",)):
        ran = terminal.run(*command)
        assert ran.returncode == 1
        assert "livecue.sqlite" in sentence(ran.stderr)
    assert database.read_bytes() == b"this is no database" * 100


def test_without_a_model_the_intake_waits_for_one(
    terminal: Terminal, openai_server: OpenAIServer, lamp: Path
):
    with_endpoint = terminal.environment
    terminal.environment = environment(terminal.home)
    ran = terminal.run("product", "add", lamp, "--name", "Juniper Lamp")
    assert ran.returncode == 1
    assert "livecue models pull" in sentence(ran.stderr)
    [job] = json.loads(terminal.run("jobs", "list", "--json").stdout)["jobs"]
    assert job["status"] == "failed"
    assert terminal.run("check", "It cures insomnia!").returncode == 0

    terminal.environment = with_endpoint
    resumed = terminal.run("jobs", "resume", job["job_id"], "--json")
    assert resumed.returncode == 0
    assert json.loads(resumed.stdout)["status"] == "waiting"


def test_a_corrupt_model_file_is_named(terminal: Terminal, lamp: Path):
    terminal.environment = environment(terminal.home)
    models = Path(terminal.environment["LIVECUE_MODELS"])
    for entry in load_manifest().models:
        for file in entry.files:
            path = models / entry.name / file.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"GGUF" + b"\0" * 1000)
    ran = terminal.run("product", "add", lamp, "--name", "Juniper Lamp")
    assert ran.returncode == 1
    assert "livecue models pull" in sentence(ran.stderr)
    assert str(models) in sentence(ran.stderr)


def test_an_endpoint_that_goes_down_in_the_middle_costs_nothing_done(
    terminal: Terminal, openai_server: OpenAIServer, lamp: Path
):
    (lamp / "more.txt").write_text("It keeps a quiet room company on long evenings.\n")
    terminal.environment["LIVECUE_CHAT__MAX_CONCURRENCY"] = "1"
    openai_server.script(say("{}"), *[drop_connection] * 30)
    add = ("product", "add", lamp, "--name", "Juniper Lamp", "--json")
    failed = terminal.run(*add)
    assert failed.returncode == 1
    assert openai_server.base_url in sentence(failed.stderr)
    assert json.loads(failed.stdout)["error"]["code"] == "model_unavailable"
    assert json.loads(terminal.run("product", "list", "--json").stdout)["products"] == []

    first = openai_server.requests[0]
    openai_server.recover()
    before = len(openai_server.requests)
    again = terminal.run(*add)
    assert again.returncode == 0, again.stderr
    assert first not in openai_server.requests[before:]
    [product] = json.loads(terminal.run("product", "list", "--json").stdout)["products"]
    assert product["version"] == 1


class Disk(NamedTuple):
    total: int
    used: int
    free: int


def full_disk(_path: object) -> Disk:
    return Disk(10**9, 10**9 - 1, 1)


def test_a_full_disk_stops_the_work_and_not_what_is_there(
    tmp_path: Path, openai_server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
):
    with serve_home(settings_for(tmp_path / "home", openai_server.base_url)) as served:
        lamp = served.intake({"lamp.txt": "Name: Lamp\nLive price: $49\n"}, approve=True)
        upload = served.upload("stool.txt", b"Name: Alder Stool\nLive price: $89.00\n")
        with monkeypatch.context() as full:
            full.setattr(shutil, "disk_usage", full_disk)
            refused = served.http.post("/api/v1/uploads", params={"file": "a"}, content=b"x")
            assert refused.status_code == 507
            assert "LIVECUE_HOME" in refused.json()["error"]["hint"]
            body = {"uploads": [upload["upload_id"]], "name": "Alder Stool"}
            job = served.settled(served.post("/api/v1/intakes", body)["job_id"])
            assert job["status"] == "failed"
            assert job["error"]["code"] == "storage_full"
            answer = served.post("/api/v1/answers", {"question": "How much is the Lamp?"})
            assert answer["status"] == "grounded"
        assert not list((tmp_path / "home" / "blobs" / ".incoming").iterdir())
        served.post(f"/api/v1/jobs/{job['job_id']}/resume")
        assert served.settled(job["job_id"])["status"] == "waiting"
        assert served.get(f"/api/v1/jobs/{lamp['job_id']}")["status"] == "succeeded"
