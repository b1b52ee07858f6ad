"""`livecue serve` and `livecue doctor`."""

from typing import Annotated

import typer

from cli.session import AsJson, print_json, say, session


def serve() -> None:
    """Serve the console and the API until interrupted."""
    from api.logs import configure_logs
    from api.serving import serve as run
    from domain.settings import read_settings

    settings = read_settings()
    configure_logs(settings)
    run(settings, say)


def doctor(
    rebuild_index: Annotated[
        bool, typer.Option("--rebuild-index", help="Make the indexes of products and streams anew.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check the home, disk, models, prompts and index; exits 1 when something needs a mend."""
    with session() as client:
        rebuilt = client.request("POST", "/api/v1/doctor/rebuild-index") if rebuild_index else None
        report = client.request("GET", "/api/v1/doctor")
    if as_json:
        print_json(report | {"rebuilt": rebuilt})
    else:
        if rebuilt:
            print(f"index rebuilt: {rebuilt['facts']} facts, {rebuilt['streams']} streams")
        for item in report["checks"]:
            print(f"{item['state']:<8} {item['name']:<16} {item['message']}")
            if item["hint"]:
                print(f"{'':<25} -> {item['hint']}")
    if not report["ok"]:
        raise typer.Exit(1)
