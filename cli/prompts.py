"""`livecue prompts`: the prompt files."""

import json
from pathlib import Path
from typing import Annotated

import typer

from cli.session import AsJson, print_json, session
from domain.errors import InvalidInput

app = typer.Typer(help="Prompt files: list, show, lint, render.", no_args_is_help=True)


@app.command("list")
def list_prompts(as_json: AsJson = False) -> None:
    """Every prompt with its identity `id@version+hash`."""
    with session() as client:
        found = client.request("GET", "/api/v1/prompts")
    if as_json:
        print_json(found)
        return
    for prompt in found:
        print(f"{prompt['ref']:<52} {prompt['description']}")


@app.command("show")
def show(prompt_id: str, as_json: AsJson = False) -> None:
    """One prompt in full."""
    with session() as client:
        found = client.request("GET", f"/api/v1/prompts/{prompt_id}")
    if as_json:
        print_json(found)
        return
    print(f"{found['ref']}\n{found['description']}\n")
    for role, text in found["sections"]:
        print(f"# {role}\n{text}\n")


@app.command("lint")
def lint(as_json: AsJson = False) -> None:
    """Check every prompt file; exits 1 when one breaks the format."""
    with session() as client:
        found = client.request("GET", "/api/v1/prompts/lint")
    if as_json:
        print_json(found)
    else:
        for problem in found["problems"]:
            print(f"{problem['where']}: {problem['message']}")
    if found["problems"]:
        raise typer.Exit(1)


@app.command("render")
def render(
    prompt_id: str,
    inputs: Annotated[str, typer.Option(help="A JSON object, or a file that holds one.")] = "{}",
    as_json: AsJson = False,
) -> None:
    """Fill a prompt in and print the messages; no model is called."""
    text = inputs
    if not inputs.lstrip().startswith("{"):
        try:
            text = Path(inputs).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidInput(
                f"--inputs {inputs} cannot be read: {error}", hint="give a JSON object or its file"
            ) from error
    try:
        values = json.loads(text)
    except json.JSONDecodeError as error:
        raise InvalidInput(f"--inputs is not JSON: {error}", hint="give a JSON object") from error
    with session() as client:
        found = client.request("POST", f"/api/v1/prompts/{prompt_id}/render", body=values)
    if as_json:
        print_json(found)
        return
    for message in found["messages"]:
        print(f"# {message['role']}\n{message['content']}\n")
