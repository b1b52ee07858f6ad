"""`livecue experiment`: variants tried against each other, and what can be concluded."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from cli.experiment_view import show_policy, show_recorded, show_report, show_stopped
from cli.session import AsJson, print_json, say, session
from domain.errors import InvalidInput

app = typer.Typer(
    help="Online experiments: create, assign, record, report, evaluate, stop, undo, weights, list.",
    no_args_is_help=True,
)

Id = Annotated[str, typer.Argument(help="The experiment's id.")]


@app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="What is tried.")],
    variant: Annotated[
        list[str],
        typer.Option(help="ID[=SHARE][:TAG>TAG>…]; give two or more. A share is at most 1."),
    ],
    smallest_effect: Annotated[
        float, typer.Option(help="The least difference worth acting on, e.g. 0.01 = one point.")
    ],
    metric: Annotated[str, typer.Option(help="binary or continuous.")] = "binary",
    measures: Annotated[str, typer.Option(help="What is measured, in a word.")] = "conversion",
    industry: Annotated[str, typer.Option(help="Whose storylines learn from it.")] = "general",
    policy: Annotated[str, typer.Option(help="fixed or thompson.")] = "fixed",
    window_hours: Annotated[
        float | None, typer.Option(help="How long after its exposure an outcome counts.")
    ] = None,
    clip: Annotated[list[str] | None, typer.Option(help="ID=CLIP, a variant's clip.")] = None,
    ident: Annotated[str | None, typer.Option("--id", help="Its id; one is made up.")] = None,
    as_json: AsJson = False,
) -> None:
    """Begin an experiment. Its plan, and the rule of its verdict, never change afterwards."""
    clips = dict(_parted(one, "=", "--clip takes ID=CLIP") for one in clip or [])
    variants = [_variant(one) for one in variant]
    shares = {one["variant_id"]: share for one, share in variants if share is not None}
    plan = {
        "name": name,
        "industry": industry,
        "variants": [one | {"clip_id": clips.get(one["variant_id"])} for one, _ in variants],
        "metric": {
            "kind": metric,
            "name": measures,
            "smallest_effect": smallest_effect,
            "window_hours": window_hours,
        },
        "policy": {"kind": policy} | ({"shares": shares} if shares else {}),
        "experiment_id": ident,
    }
    with session() as client:
        made = client.request("POST", "/api/v1/experiments", body=plan)
    if as_json:
        print_json(made)
        return
    print(made["experiment_id"])
    say(f"give units their variants: livecue experiment assign {made['experiment_id']} UNIT")


@app.command("list")
def list_experiments(
    industry: Annotated[str | None, typer.Option(help="Of this industry alone.")] = None,
    status: Annotated[str | None, typer.Option(help="running or stopped.")] = None,
    as_json: AsJson = False,
) -> None:
    """The experiments, the newest first."""
    with session() as client:
        wanted = {"industry": industry, "status": status}
        found = client.request("GET", "/api/v1/experiments", params=wanted)
    if as_json:
        print_json(found)
        return
    for one in found["experiments"]:
        names = ", ".join(variant["variant_id"] for variant in one["variants"])
        print(
            f"{one['experiment_id']}  {one['status']}  {one['industry']}  {one['name']} ({names})"
        )
    if not found["experiments"]:
        print("there are no experiments")


@app.command("assign")
def assign(
    experiment: Id,
    unit: Annotated[str, typer.Argument(help="Who is shown a variant.")],
    feature: Annotated[list[str] | None, typer.Option(help="NAME=VALUE, known of it.")] = None,
    as_json: AsJson = False,
) -> None:
    """The variant of a unit, the same at every call; the first call is its exposure."""
    given = dict(_parted(one, "=", "--feature takes NAME=VALUE") for one in feature or [])
    body = {"unit": unit, "context": {name: _value(value) for name, value in given.items()}}
    with session() as client:
        exposure = client.request("POST", _path(experiment, "assign"), body=body)
    if as_json:
        print_json(exposure)
        return
    print(exposure["variant_id"])


@app.command("record")
def record(
    experiment: Id,
    file: Annotated[
        Path | None, typer.Argument(help="CSV: unit,variant,exposed_at,value,outcome_at,…")
    ] = None,
    unit: Annotated[str | None, typer.Option(help="One unit, in place of a file.")] = None,
    value: Annotated[float | None, typer.Option(help="Its outcome.")] = None,
    variant: Annotated[str | None, typer.Option(help="What it was shown.")] = None,
    as_json: AsJson = False,
) -> None:
    """Note exposures and outcomes; rows that were noted before change nothing."""
    if (file is None) == (unit is None):
        raise typer.BadParameter("give a CSV file, or --unit with --value or --variant")
    if file is not None and not file.is_file():
        raise InvalidInput(f"there is no file {file}", hint="give a CSV file")
    with session() as client:
        if file is not None:
            recorded = client.send_file(file, _path(experiment, "import"), "text/csv")
        else:
            row = {"unit": unit, "variant": variant, "value": value}
            body = {"rows": [row]}
            recorded = client.request("POST", _path(experiment, "records"), body=body)
    if as_json:
        print_json(recorded)
    else:
        show_recorded(recorded)
    if recorded["refused_rows"]:
        raise typer.Exit(1)


@app.command("report")
def report(
    experiment: Id,
    as_of: Annotated[
        datetime | None, typer.Option(help="As it stood at an earlier time, UTC.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Estimates, the verdict, and in plain words what can and what cannot be concluded."""
    at = None if as_of is None else f"{as_of.isoformat()}Z"
    with session() as client:
        found = client.request("GET", _path(experiment, "report"), params={"as_of": at})
    if as_json:
        print_json(found)
        return
    show_report(found)


@app.command("evaluate")
def evaluate(
    experiment: Id,
    share: Annotated[list[str] | None, typer.Option(help="VARIANT=SHARE, adding up to 1.")] = None,
    feature: Annotated[str | None, typer.Option(help="Choose by this feature instead.")] = None,
    choose: Annotated[list[str] | None, typer.Option(help="VALUE=VARIANT of the feature.")] = None,
    otherwise: Annotated[str | None, typer.Option(help="The variant of all others.")] = None,
    as_json: AsJson = False,
) -> None:
    """What another way to choose variants would have brought, by what was recorded."""
    shares = dict(_parted(one, "=", "--share takes VARIANT=SHARE") for one in share or [])
    body = {
        "shares": {name: _number(value) for name, value in shares.items()},
        "feature": feature,
        "choices": dict(_parted(one, "=", "--choose takes VALUE=VARIANT") for one in choose or []),
        "otherwise": otherwise,
    }
    with session() as client:
        found = client.request("POST", _path(experiment, "evaluate"), body=body)
    if as_json:
        print_json(found)
        return
    show_policy(found)


@app.command("stop")
def stop(
    experiment: Id,
    learn: Annotated[bool, typer.Option(help="A winner changes its industry's weights.")] = True,
    as_json: AsJson = False,
) -> None:
    """Give out no more variants. Outcomes of units that have one are still noted."""
    with session() as client:
        stopped = client.request("POST", _path(experiment, "stop"), body={"learn": learn})
    if as_json:
        print_json(stopped)
        return
    show_stopped(stopped)


@app.command("undo")
def undo(experiment: Id, as_json: AsJson = False) -> None:
    """Take back what was learnt from an experiment; the record of it stays."""
    with session() as client:
        found = client.request("POST", _path(experiment, "undo"), body={})
    if as_json:
        print_json(found)
        return
    print(f"{len(found['undone'])} steps taken back")


@app.command("weights")
def weights(
    industry: Annotated[str, typer.Argument(help="beauty, fashion, …")] = "general",
    as_json: AsJson = False,
) -> None:
    """What experiments taught of an industry's storylines."""
    with session() as client:
        found = client.request("GET", f"/api/v1/template-weights/{quote(industry, safe='')}")
    if as_json:
        print_json(found)
        return
    for kind in ("templates", "bigrams"):
        for key, weight in sorted(found[kind].items(), key=lambda item: -item[1]):
            print(f"{weight:+.2f}  {key}")
    if not found["bigrams"] and not found["templates"]:
        print(f"no experiment has taught anything about {industry}")


def _path(experiment: str, step: str) -> str:
    return f"/api/v1/experiments/{quote(experiment, safe='')}/{step}"


def _parted(text: str, sign: str, problem: str) -> tuple[str, str]:
    left, found, right = text.partition(sign)
    if not found or not left or not right:
        raise typer.BadParameter(f"{problem}, not {text}")
    return left, right


def _variant(text: str) -> tuple[dict[str, Any], float | None]:
    """A variant and its share, of `ID[=SHARE][:TAG>TAG]`."""
    head, _, tags = text.partition(":")
    ident, has_share, share = head.partition("=")
    storyline = [tag.strip() for tag in tags.split(">") if tag.strip()]
    variant = {"variant_id": ident, "label": ident, "tags": storyline}
    return variant, _number(share) if has_share else None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is no number") from None


def _value(text: str) -> float | str:
    try:
        number = json.loads(text)
    except ValueError:
        return text
    return number if isinstance(number, int | float) and not isinstance(number, bool) else text
