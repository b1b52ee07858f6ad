"""Livecue itself, started in a home of its own, for benchmarks that need the whole of it."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from domain.errors import DeadlineExceeded, InvalidInput, ModelUnavailable
from evals.rows import EXAMPLES

ROOT = Path(__file__).resolve().parent.parent
_START_SECONDS = 60.0
_INTAKE_SECONDS = 900.0
_ANNOUNCED = "Livecue at "


@contextmanager
def running_server(home: Path | None = None) -> Generator[httpx.Client]:
    """A client of `server.py` on a free port, serving `home`, by default one that is thrown away.

    Models and endpoints are the environment's. An intake writes no script: none is measured.

    Raises:
        DeadlineExceeded: the server did not announce its address in time.
    """
    with tempfile.TemporaryDirectory(prefix="livecue-evals-") as folder:
        log = Path(folder) / "server.log"
        state = home or Path(folder) / "home"
        env = os.environ | {
            "LIVECUE_HOME": str(state),
            "LIVECUE_PORT": "0",
            "LIVECUE_PREPARING__COPY_PRODUCTS": "0",
        }
        with log.open("wb") as sink:
            process = subprocess.Popen(
                [sys.executable, "server.py"], cwd=ROOT, env=env, stdout=sink, stderr=sink
            )
            try:
                address = _wait_for_address(process, log)
                with httpx.Client(base_url=address, timeout=300, trust_env=False) as client:
                    yield client
            finally:
                process.terminate()
                process.wait(timeout=60)


def _wait_for_address(process: subprocess.Popen[bytes], log: Path) -> str:
    """The announced address, once `/health` answers there."""
    deadline = time.monotonic() + _START_SECONDS
    address: str | None = None
    while time.monotonic() < deadline and process.poll() is None:
        if address is None:
            address = _announced(log)
        elif _is_healthy(address):
            return address
        time.sleep(0.02)
    raise DeadlineExceeded(
        f"the server did not start: {_read(log)[-2000:]}",
        hint="run `python server.py` by hand and mend what it says",
    )


def _announced(log: Path) -> str | None:
    lines = (line for line in _read(log).splitlines() if line.startswith(_ANNOUNCED))
    return next((line.removeprefix(_ANNOUNCED).split()[0] for line in lines), None)


def _is_healthy(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health", trust_env=False).is_success
    except httpx.TransportError:
        return False


def _read(log: Path) -> str:
    return log.read_text("utf-8", errors="replace")


def add_example(client: httpx.Client, folder: str, name: str) -> dict[str, Any]:
    """Take in `examples/<folder>` as the one product `name`, approve it, return its document.

    Raises:
        InvalidInput: the intake failed; the message holds the job's error.
        DeadlineExceeded: it did not end in time.
    """
    uploads: list[str] = []
    for path in sorted((EXAMPLES / folder).iterdir()):
        sent = client.post("/api/v1/uploads", params={"file": path.name}, content=path.read_bytes())
        uploads.append(_json(sent)["upload_id"])
    intake = {"uploads": uploads, "name": name, "product_id": folder, "approve": True}
    job = _json(client.post("/api/v1/intakes", json=intake))
    deadline = time.monotonic() + _INTAKE_SECONDS
    while job["status"] in {"queued", "running"}:
        if time.monotonic() > deadline:
            raise DeadlineExceeded(
                f"the intake of {folder} took over {_INTAKE_SECONDS:.0f} s",
                hint="see whether the machine is busy, or point LIVECUE_CHAT__BASE_URL elsewhere",
            )
        time.sleep(0.5)
        job = _json(client.get(f"/api/v1/jobs/{job['job_id']}"))
    if job["status"] != "succeeded":
        raise InvalidInput(
            f"the intake of {folder} ended as {job['status']}: {job['error']}",
            hint="`livecue jobs show` says more when it fails in your own home",
        )
    return _json(client.get(f"/api/v1/products/{folder}"))


def ask(client: httpx.Client, product_id: str, question: str) -> dict[str, Any]:
    """The stored answer to a viewer's question."""
    return _json(
        client.post("/api/v1/answers", json={"question": question, "product_id": product_id})
    )


def _json(response: httpx.Response) -> Any:  # noqa: ANN401
    if response.is_error:
        raise ModelUnavailable(
            f"{response.request.method} {response.request.url.path} answered "
            f"{response.status_code}: {response.text[:500]}",
            hint="the message above names the mend",
        )
    return response.json()
