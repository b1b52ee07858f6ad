"""The `livecue` command: parse, call, print. Every command is a client of the REST API."""

import sys

import typer

from cli import (
    answer_queue,
    answers,
    chat,
    checks,
    clicks,
    clips,
    copies,
    experiments,
    jobs,
    models,
    on_air,
    operation,
    overrides,
    products,
    prompts,
    recordings,
    streams,
    tags,
)
from cli.session import report_error
from domain.errors import LivecueError

app = typer.Typer(
    name="livecue",
    help="An AI assistant for live-stream commerce.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(products.app, name="product")
app.add_typer(jobs.app, name="jobs")
app.add_typer(models.app, name="models")
app.add_typer(prompts.app, name="prompts")
app.add_typer(copies.app, name="copy")
app.command("check")(checks.check)
app.add_typer(overrides.app, name="overrides")
app.command("ask")(answers.ask)
app.add_typer(answer_queue.app, name="answers")
app.command("tag")(tags.tag)
app.command("recognize")(clicks.recognize)
app.command("watch")(streams.watch)
app.command("replay")(streams.replay)
streams.app.command("warnings")(on_air.list_warnings)
streams.app.command("promises")(on_air.list_promises)
app.add_typer(streams.app, name="streams")
app.command("segments")(recordings.segments)
app.command("candidates")(recordings.candidates)
app.command("clip")(clips.clip)
app.add_typer(clips.app, name="clips")
app.add_typer(experiments.app, name="experiment")
app.command("chat")(chat.chat)
app.command("serve")(operation.serve)
app.command("doctor")(operation.doctor)


def main() -> None:
    """Run the command line; exit codes: 0 done, 1 failed, 2 usage, 130 interrupted."""
    try:
        app()
    except LivecueError as error:
        report_error(error, as_json="--json" in sys.argv[1:])
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
