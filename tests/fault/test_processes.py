"""Several processes on one home, interruption, and a server that dies."""

import json
import os
import signal
from pathlib import Path

import httpx
import pytest

from stores.home import read_owner
from tests.fakes.openai_server import OpenAIServer, hang
from tests.fault.conftest import Terminal, read_until
from tests.serving import wait_until

pytestmark = pytest.mark.slow


def test_two_commands_at_once_both_succeed(terminal: Terminal, lamp: Path, tmp_path: Path):
    stool = tmp_path / "stool.txt"
    stool.write_text("Name: Alder Stool\nLive price: $89.00\n")
    both = [terminal.start("product", "add", path, "--json") for path in (lamp, stool)]
    for process in both:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        assert len(json.loads(out)["products"]) == 1
    products = json.loads(terminal.run("product", "list", "--json").stdout)["products"]
    assert {product["name"] for product in products} == {"Juniper Lamp", "Alder Stool"}


def test_ctrl_c_cancels_the_job_which_can_go_on(
    terminal: Terminal, openai_server: OpenAIServer, lamp: Path
):
    openai_server.script(hang)
    process = terminal.start("product", "add", lamp, "--name", "Juniper Lamp")
    job_id = read_until(process, "job ").split()[1]
    assert openai_server.came.acquire(timeout=60)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert f"livecue jobs resume {job_id}" in err
    shown = json.loads(terminal.run("jobs", "show", job_id).stdout)
    assert shown["status"] == "cancelled"
    resumed = terminal.run("jobs", "resume", job_id, "--json")
    assert resumed.returncode == 0
    assert json.loads(resumed.stdout)["status"] == "waiting"


def test_commands_talk_to_the_server_and_its_jobs_outlive_it(
    terminal: Terminal, openai_server: OpenAIServer, lamp: Path
):
    server, address = terminal.serve()
    health = httpx.get(f"{address}/health").json()
    owner = read_owner(terminal.home)
    assert owner is not None
    assert (owner.pid, owner.address) == (server.pid, address)
    assert health["owner"]["pid"] == server.pid

    openai_server.script(hang)
    process = terminal.start("product", "add", lamp, "--name", "Juniper Lamp")
    job_id = read_until(process, "job ").split()[1]
    assert openai_server.came.acquire(timeout=60)
    running = httpx.get(f"{address}/api/v1/jobs/{job_id}").json()
    assert running["status"] == "running"
    assert running["lease_owner"].startswith(f"{server.pid}@")
    server.kill()
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in err
    assert "livecue jobs" in err
    assert read_owner(terminal.home) is None

    _, address = terminal.serve()
    job = wait_until(
        lambda: httpx.get(f"{address}/api/v1/jobs/{job_id}").json(),
        lambda found: found["status"] not in ("queued", "running"),
    )
    assert job["status"] == "waiting"
    assert job["attempts"] == 2


def test_a_second_server_on_the_home_is_refused(terminal: Terminal):
    _, address = terminal.serve()
    second = terminal.run("serve")
    assert second.returncode == 1
    assert address in second.stderr


def test_a_server_stops_cleanly_and_its_job_goes_on_later(
    terminal: Terminal, openai_server: OpenAIServer, lamp: Path
):
    server, address = terminal.serve()
    openai_server.script(hang)
    with httpx.Client(base_url=address) as http:
        upload = http.post("/api/v1/uploads", params={"file": "a.txt"}, content=b"Hello there all")
        body = {"uploads": [upload.json()["upload_id"]], "name": "Lamp"}
        job_id = http.post("/api/v1/intakes", json=body).json()["job_id"]
    assert openai_server.came.acquire(timeout=60)
    server.send_signal(signal.SIGTERM)
    _, err = server.communicate(timeout=30)
    assert "Traceback" not in err
    shown = json.loads(terminal.run("jobs", "show", job_id).stdout)
    assert shown["status"] == "queued"
    assert terminal.run("jobs", "resume", job_id).returncode == 0
