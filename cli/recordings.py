"""`livecue segments` and `livecue candidates`: what a recording holds, to be cut."""

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from cli.session import AsJson, follow_job, print_json, raise_if_failed, say, session
from cli.streams import clock
from domain.errors import InvalidInput

_FORMATS = {".vtt": "vtt", ".txt": "txt", ".ffmetadata": "ffmetadata"}
_QUOTED = 60

Video = Annotated[Path, typer.Argument(help="The recording of a broadcast.")]
LineUp = Annotated[
    str, typer.Option(help="Ids of the products that are sold, by comma; else what is published.")
]
Language = Annotated[str | None, typer.Option(help="en, zh, …; told by ear if absent.")]


def segments(
    video: Video,
    products: LineUp = "",
    language: Language = None,
    chapters: Annotated[
        Path | None, typer.Option(help="Write chapters: FILE.vtt, FILE.txt or FILE.ffmetadata.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Cut a recording into the turns of its products, with the moments to jump to."""
    form = None if chapters is None else _form_of(chapters)
    with session() as client:
        recording = understand(client, video, products, language)
        address = _address(recording)
        found = client.request("GET", f"{address}/segments")["segments"]
        if chapters is not None:
            text = client.text(f"{address}/chapters", params={"format": form})
            write_whole(chapters, text.encode())
    if as_json:
        print_json(_head(recording) | {"segments": found})
        return
    for segment in found:
        _print_segment(segment)
    if chapters is not None:
        say(f"chapters written to {chapters}")


def candidates(
    video: Video,
    product: Annotated[str | None, typer.Option(help="Only what is about this product.")] = None,
    products: LineUp = "",
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Tell what an ad can be cut from: transcript, tags, segments, highlights, candidates."""
    with session() as client:
        if product is not None:
            client.request("GET", f"/api/v1/products/{quote(product)}")
        recording = understand(client, video, products, language)
        address = _address(recording)
        of = {"product_id": product}
        heard = client.request("GET", f"{address}/transcript")
        found = client.request("GET", f"{address}/segments", params=of)["segments"]
        by_tag = find_candidates(client, recording, product)
        highlights = client.request("GET", f"{address}/highlights")["highlights"]
    if as_json:
        print_json(
            _head(recording)
            | {
                "transcript": heard,
                "segments": found,
                "highlights": highlights,
                "candidates": by_tag,
            }
        )
        return
    for segment in found:
        _print_segment(segment)
    for tag, found_for in by_tag.items():
        print(_in_words(tag))
        for one in found_for:
            print(f"  {one['appeal']:.2f}  {_span(one)}  {_short(one['text'])}")
    if product is not None and not found:
        say(
            f"{product} is in none of the segments; is it in the line-up? "
            f"livecue candidates {video} --products {product},…"
        )
    say(f"this is what an ad can be made of (all of it: --json); cut one: livecue clip {video}")


def find_candidates(
    client: Any,  # noqa: ANN401 - api.client.Client
    recording: dict[str, Any],
    product: str | None,
) -> dict[str, list[Any]]:
    """What an ad can be cut from, by tag, the most appealing first."""
    found = client.request(
        "GET", f"{_address(recording)}/candidates", params={"product_id": product}
    )
    by_tag: dict[str, list[Any]] = {}
    for one in found["candidates"]:
        by_tag.setdefault(one["tag"], []).append(one)
    return by_tag


def understand(
    client: Any,  # noqa: ANN401 - api.client.Client
    video: Path,
    products: str,
    language: str | None,
) -> dict[str, Any]:
    """The recording, once all stages are through.

    Raises:
        InvalidInput: `video` is no file.
        RemoteError: its job failed.
    """
    path = video.expanduser()
    if not path.is_file():
        raise InvalidInput(f"{video} is not there, or is no file", hint="check the path")
    body = {
        "path": str(path.absolute()),
        "products": [one.strip() for one in products.split(",") if one.strip()],
        "language": language,
    }
    job = client.request("POST", "/api/v1/recordings", body=body)
    say(f"job {job['job_id']}")
    job = follow_job(client, job["job_id"])
    raise_if_failed(job)
    return client.request("GET", f"/api/v1/recordings/{job['result']['recording_id']}")


def _address(recording: dict[str, Any]) -> str:
    return f"/api/v1/recordings/{recording['recording_id']}"


def _head(recording: dict[str, Any]) -> dict[str, Any]:
    return {
        "recording_id": recording["recording_id"],
        "file": recording["file"]["name"],
        "sha256": recording["content"],
        "media": recording["media"],
    }


def _form_of(path: Path) -> str:
    form = _FORMATS.get(path.suffix.lower())
    if form is None:
        raise typer.BadParameter(
            f"--chapters takes a file that ends with {', '.join(_FORMATS)}, not {path.name}"
        )
    return form


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        InvalidInput: it cannot be written there.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InvalidInput(
            f"{path} cannot be written: {error.strerror}", hint="give another place"
        ) from error


def _print_segment(segment: dict[str, Any]) -> None:
    about = segment["product_id"] or "—"
    print(f"{segment['number']:>3}  {_span(segment)}  {segment['title']}  ({about})")
    for jump in sorted(segment["jumps"], key=lambda one: one["at_ms"]):
        print(f"       {clock(jump['at_ms'])}  {_in_words(jump['tag'])}: {_short(jump['text'])}")


def _span(part: dict[str, Any]) -> str:
    return f"{clock(part['start_ms'])}-{clock(part['end_ms'])}"


def _in_words(tag: str) -> str:
    return tag.replace("_", " ")


def _short(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[: _QUOTED - 1]}…"
