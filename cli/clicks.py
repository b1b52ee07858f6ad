"""`livecue recognize`: the comment under a click on a screenshot."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.batch import BatchIn, BatchOut, Row, run_batch
from cli.session import AsJson, print_json, session
from domain.errors import InvalidInput


def recognize(
    image: Annotated[Path | None, typer.Argument(help="A JPEG, PNG or WebP.")] = None,
    at: Annotated[
        str | None, typer.Option(help="The click: X,Y in pixels from the top left.")
    ] = None,
    batch: BatchIn = None,
    out: BatchOut = None,
    as_json: AsJson = False,
) -> None:
    """Tell what the viewer wrote who was clicked, or that there is no comment."""
    if batch is not None:
        folder = batch.parent
        sent: dict[Path, str] = {}
        with session() as client:
            run_batch(
                batch, out, ["image", "x", "y"], lambda row: _click(client, folder, row, sent)
            )
        return
    if image is None or at is None:
        raise typer.BadParameter("give a picture and --at X,Y, or --batch")
    x, y = _point(at)
    with session() as client:
        found = _click(client, Path(), {"image": str(image), "x": x, "y": y}, {})
    if as_json:
        print_json(found)
    elif found["text"] is None:
        print("no comment there")
    else:
        for one in found["alternatives"] or [found]:
            asks = " (a question)" if one["is_question"] else ""
            print(f"{one['user']}: {one['text']}{asks}" if one["user"] else f"{one['text']}{asks}")


def _click(client: Any, folder: Path, row: Row, sent: dict[Path, str]) -> Row:  # noqa: ANN401
    """What was clicked; a picture is sent once."""
    path = folder / str(row["image"])
    if path not in sent:
        try:
            sent[path] = client.upload(path, path.name)["upload_id"]
        except OSError as error:
            raise InvalidInput(
                f"{path} cannot be read: {error.strerror}", hint="give a picture that is there"
            ) from error
    body = {"upload_id": sent[path], "x": row["x"], "y": row["y"]}
    return client.request("POST", "/api/v1/recognize", body=body)


def _point(given: str) -> tuple[float, float]:
    try:
        x, y = (float(part) for part in given.split(","))
    except ValueError:
        raise typer.BadParameter("--at takes X,Y, such as --at 120,860") from None
    return x, y
