"""`livecue jobs`: long work, its progress, cancel and resume."""

from typing import Annotated, Any

import typer

from cli.session import AsJson, follow_job, print_json, raise_if_failed, say, session
from domain.job import JobStatus

app = typer.Typer(help="Long work: list, show, cancel, resume.", no_args_is_help=True)


@app.command("list")
def list_jobs(
    status: JobStatus | None = None,
    limit: Annotated[int, typer.Option(min=1, max=500)] = 20,
    as_json: AsJson = False,
) -> None:
    """The newest jobs."""
    with session() as client:
        found = client.request("GET", "/api/v1/jobs", params={"status": status, "limit": limit})
    if as_json:
        print_json(found)
        return
    for job in found["jobs"]:
        print(f"{job['job_id']:<24} {job['kind']:<12} {job['status']:<10} {job['updated_at']}")


@app.command("show")
def show(job_id: str, as_json: AsJson = False) -> None:
    """One job with its result or error."""
    with session() as client:
        job = client.request("GET", f"/api/v1/jobs/{job_id}")
    print_json(job)


@app.command("cancel")
def cancel(job_id: str, as_json: AsJson = False) -> None:
    """Stop a job; finished steps stay, and it can be resumed."""
    with session() as client:
        job = client.request("POST", f"/api/v1/jobs/{job_id}/cancel")
    if as_json:
        print_json(job)
    else:
        print(f"{job_id}: {job['status']}")


@app.command("resume")
def resume(job_id: str, as_json: AsJson = False) -> None:
    """Continue a failed, cancelled or interrupted job from its last finished step."""
    with session() as client:
        client.request("POST", f"/api/v1/jobs/{job_id}/resume")
        job = follow_job(client, job_id)
    if as_json:
        print_json(job)
    else:
        print(f"{job_id}: {job['status']}")
        result: dict[str, Any] = job["result"] or {}
        for item in result.get("waiting_for", []):
            say(f"look it over, then: livecue product approve {item['product_id']}")
    raise_if_failed(job)
