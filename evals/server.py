"""Livecue itself, started in a home of its own, for benchmarks that need the whole of it."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from domain.copywriting import Copy, StoredCopy
from domain.errors import DeadlineExceeded, InvalidInput, ModelUnavailable
from domain.product import ProductDocument
from evals.gold import Material

ROOT = Path(__file__).resolve().parent.parent
_START_SECONDS = 60.0
_JOB_SECONDS = 900.0
_POLL_SECONDS = 0.1
_ANNOUNCED = "Livecue at "


@contextmanager
def running_server(
    home: Path | None = None, settings: Mapping[str, str] | None = None
) -> Generator[httpx.Client]:
    """A client of `server.py` on a free port, serving `home`, by default one that is thrown away.

    Models and endpoints are the environment's, `settings` (variables) above them. An intake writes
    no script: none is measured.

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
            **(settings or {}),
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


@dataclass(frozen=True)
class TakenIn:
    """The records that an intake ended with, and what was said of each source that failed."""

    documents: list[ProductDocument]
    failed: list[str]


def take_in(
    client: httpx.Client,
    files: Sequence[Path],
    *,
    name: str | None,
    product_id: str | None = None,
    approve: bool = False,
) -> TakenIn:
    """Take `files` in, as the one product `name` or as all the products that they tell of.

    Raises:
        InvalidInput: the intake failed; the message holds the job's error.
        DeadlineExceeded: it did not end in time.
    """
    uploads: list[str] = []
    for path in files:
        sent = client.post("/api/v1/uploads", params={"file": path.name}, content=path.read_bytes())
        uploads.append(_json(sent)["upload_id"])
    intake = {"uploads": uploads, "name": name, "product_id": product_id, "approve": approve}
    job = _json(client.post("/api/v1/intakes", json=intake))
    job = _follow(client, job, f"the intake of {', '.join(p.name for p in files)}")
    documents = [
        ProductDocument.model_validate(_json(client.get(f"/api/v1/products/{p['product_id']}")))
        for p in job["result"]["products"]
    ]
    failed = [
        f"{s['file']}: {(s['error'] or {}).get('message')}"
        for s in job["result"]["sources"]
        if s["status"] == "failed"
    ]
    return TakenIn(documents, failed)


def _follow(client: httpx.Client, job: dict[str, Any], what: str) -> dict[str, Any]:
    """`job` once it has ended or waits for a person."""
    deadline = time.monotonic() + _JOB_SECONDS
    while job["status"] in {"queued", "running"}:
        if time.monotonic() > deadline:
            raise DeadlineExceeded(
                f"{what} took over {_JOB_SECONDS:.0f} s",
                hint="see whether the machine is busy, or point LIVECUE_CHAT__BASE_URL elsewhere",
            )
        time.sleep(_POLL_SECONDS)
        job = _json(client.get(f"/api/v1/jobs/{job['job_id']}"))
    if job["status"] not in {"succeeded", "waiting"}:
        raise InvalidInput(
            f"{what} ended as {job['status']}: {job['error']}",
            hint="`livecue jobs show` says more when it fails in your own home",
        )
    return job


def remove_products(client: httpx.Client) -> None:
    """Empty the catalog; what was read and what models were asked stays on file."""
    for product in _json(client.get("/api/v1/products"))["products"]:
        client.delete(f"/api/v1/products/{product['product_id']}").raise_for_status()


def add_example(client: httpx.Client, material: Material) -> ProductDocument:
    """Take in an example folder as the one product that its gold names, approved."""
    gold = material.gold
    name = gold.given_name or gold.products[0].name
    taken = take_in(client, material.files, name=name, product_id=gold.id, approve=True)
    return taken.documents[0]


def add_record(client: httpx.Client, document: ProductDocument) -> None:
    """Store a record as it is, published."""
    body = document.model_dump(mode="json")
    _json(client.post("/api/v1/products/import", params={"approve": True}, json=body))


def write_copy(client: httpx.Client, product_id: str, brief: Mapping[str, Any]) -> Copy:
    """The copy that a job wrote for a product.

    Raises:
        InvalidInput: the job failed; the message holds its error.
        DeadlineExceeded: it did not end in time.
    """
    job = _json(client.post("/api/v1/copies", json={"product_id": product_id, "brief": brief}))
    done = _follow(client, job, f"the copy for {product_id}")
    found = client.get(f"/api/v1/copies/{done['result']['copies'][0]}")
    return StoredCopy.model_validate(_json(found))


def check(client: httpx.Client, request: Mapping[str, Any]) -> dict[str, Any]:
    """The report on a text."""
    return _json(client.post("/api/v1/check", json=request))


def ask(client: httpx.Client, product_id: str, question: str) -> dict[str, Any]:
    """The stored answer to a viewer's question."""
    return _json(
        client.post("/api/v1/answers", json={"question": question, "product_id": product_id})
    )


def watch_transcript(
    client: httpx.Client, stream_id: str, transcript: str, products: Sequence[str]
) -> str:
    """Watch what is said, JSON lines, to its end, in place of a stream of that name; its id.

    Raises:
        DeadlineExceeded: it did not end in time.
    """
    if client.get(f"/api/v1/streams/{stream_id}").is_success:
        client.delete(f"/api/v1/streams/{stream_id}").raise_for_status()
    with tempfile.TemporaryDirectory(prefix="livecue-evals-") as folder:
        path = Path(folder) / "transcript.jsonl"
        path.write_text(transcript, encoding="utf-8")
        wanted = {
            "stream_id": stream_id,
            "transcript": str(path),
            "products": list(products),
            "speed": "max",
        }
        stream = _json(client.post("/api/v1/streams", json=wanted))
        deadline = time.monotonic() + _JOB_SECONDS
        while stream["status"] not in ("ended", "failed", "stopped"):
            if time.monotonic() > deadline:
                raise DeadlineExceeded(
                    f"{stream_id} was not seen to its end in {_JOB_SECONDS:.0f} s",
                    hint="see the server's log",
                )
            time.sleep(_POLL_SECONDS)
            stream = _json(client.get(f"/api/v1/streams/{stream_id}"))
    return stream_id


def _json(response: httpx.Response) -> Any:  # noqa: ANN401
    if response.is_error:
        raise ModelUnavailable(
            f"{response.request.method} {response.request.url.path} answered "
            f"{response.status_code}: {response.text[:500]}",
            hint="the message above names the mend",
        )
    return response.json()
