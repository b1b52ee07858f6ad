"""`livecue models`: which models serve, and fetching their files."""

from typing import Annotated

import typer

from cli.session import AsJson, follow_job, print_json, raise_if_failed, session

app = typer.Typer(help="Model files: list, pull, path.", no_args_is_help=True)


@app.command("list")
def list_models(as_json: AsJson = False) -> None:
    """What serves each job, and whether it is ready."""
    with session() as client:
        found = client.request("GET", "/api/v1/models")
    if as_json:
        print_json(found)
        return
    for model in found["models"]:
        state = model["state"].replace("_", " ")
        print(f"{model['job']:<10} {model['by']:<9} {model['name'] or '':<44} {state}")


@app.command("pull")
def pull(
    names: Annotated[list[str] | None, typer.Argument(help="Which; all if absent.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fetch and verify model files; an interrupted pull goes on where it stopped."""
    with session() as client:
        job = client.request("POST", "/api/v1/models/pull", body={"names": names or []})
        job = follow_job(client, job["job_id"])
    raise_if_failed(job)
    if as_json:
        print_json(job["result"])
    else:
        print(f"ready: {', '.join(job['result']['models'])}")


@app.command("path")
def path(name: str, as_json: AsJson = False) -> None:
    """Where a model's file or folder lies."""
    from domain.settings import read_settings
    from models.store import ModelStore

    settings = read_settings()
    found = str(ModelStore(settings.models_path, settings.model_sources).path(name))
    if as_json:
        print_json({"name": name, "path": found})
    else:
        print(found)
