"""What the commands share: the connection, the way results and errors are printed."""

import json
import shlex
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Annotated, Any

import httpx
import typer

from domain.errors import LivecueError, ModelUnavailable
from domain.settings import read_settings

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")]


def say(line: str) -> None:
    """A line for people, on stderr."""
    print(line, file=sys.stderr, flush=True)


def print_json(document: Any) -> None:  # noqa: ANN401 - any JSON
    """The one document of a `--json` run."""
    print(json.dumps(document, ensure_ascii=False, indent=2))


def report_error(error: LivecueError, *, as_json: bool) -> None:
    """Say what went wrong and what to do; as the error shape on stdout under `--json`."""
    if as_json:
        print_json({"error": error.as_dict()})
    say(f"livecue: {error.message}\n  {error.hint}")


class OwnerGone(ModelUnavailable):
    """The server that a command talked to went away in the middle."""

    code = "owner_gone"


@contextmanager
def session() -> Generator[Any]:
    """An `api.client.Client` of the home's owner."""
    from api.client import connect
    from api.logs import configure_logs

    settings = read_settings()
    if settings.log_level == "info":
        settings = settings.model_copy(update={"log_level": "warning"})
    configure_logs(settings)
    command = shlex.join(["livecue", *sys.argv[1:]])[:200]
    try:
        with connect(settings, command, say) as client:
            yield client
    except httpx.TransportError as error:
        raise OwnerGone(
            f"The Livecue server went away: {error}.",
            hint="Start it again; unfinished jobs go on: livecue jobs list",
        ) from error


def follow_job(client: Any, job_id: str) -> dict[str, Any]:  # noqa: ANN401
    """Show a job's progress on stderr until it ends or waits; Ctrl-C cancels it."""
    try:
        for event, data in client.events("GET", f"/api/v1/jobs/{job_id}/events"):
            if event == "job":
                return data
            say(_progress_line(data["progress"]))
    except KeyboardInterrupt:
        client.request("POST", f"/api/v1/jobs/{job_id}/cancel")
        say(f"cancelled; `livecue jobs resume {job_id}` goes on from the last finished step")
        raise
    raise OwnerGone(
        f"The Livecue server stopped while job {job_id} ran.",
        hint=f"Start it again, or: livecue jobs resume {job_id}",
    )


def _progress_line(progress: dict[str, Any]) -> str:
    done, total, unit = progress["done"], progress["total"], progress["unit"]
    if not total or done is None:
        return f"[{progress['stage']}] {progress['message']}"
    return f"[{progress['stage']}] {progress['message']} {_amount(done, total, unit)}"


def _amount(done: int, total: int, unit: str | None) -> str:
    if unit == "bytes":
        return f"{done / 2**20:.0f}/{total / 2**20:.0f} MiB"
    return f"{done}/{total}"


def raise_if_failed(job: dict[str, Any]) -> None:
    """Raise a failed or cancelled job's error."""
    if job["status"] in ("failed", "cancelled"):
        from api.client import RemoteError

        raise RemoteError(500, job["error"] or {"message": f"job {job['status']}"})
