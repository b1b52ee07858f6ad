"""`livecue clip` and `livecue clips`: ads cut from a recording, looked at, edited, exported."""

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from cli.recordings import find_candidates, understand, write_whole
from cli.session import AsJson, follow_job, print_json, raise_if_failed, say, session
from cli.streams import clock

app = typer.Typer(
    help="Clips: list, show, approve, reject, edit, render, export, rm.", no_args_is_help=True
)

_KINDS = ("mp4", "cover", "receipt", "srt", "vtt", "ass", "otio", "edl", "fcpxml", "chapters")
_ENDINGS = {".jpg": "cover", ".jpeg": "cover", ".json": "receipt"}
_CLIPS = "/api/v1/clips"

ClipId = Annotated[str, typer.Argument(help="The clip's id.")]


def clip(
    video: Annotated[Path, typer.Argument(help="The recording of a broadcast.")],
    product: Annotated[str | None, typer.Option(help="The product that the ad is for.")] = None,
    seconds: Annotated[int | None, typer.Option(help="How long a clip is to be.")] = None,
    aspect: Annotated[str | None, typer.Option(help="9:16, 1:1, 4:5 or 16:9.")] = None,
    variants: Annotated[int | None, typer.Option(help="How many different ones.")] = None,
    brief: Annotated[
        str, typer.Option(help="What it is to be: 30 s, petite women, no price, upbeat.")
    ] = "",
    industry: Annotated[str | None, typer.Option(help="Whose storylines; told otherwise.")] = None,
    theme: Annotated[str | None, typer.Option(help="The look: plain, bold, …")] = None,
    products: Annotated[
        str, typer.Option(help="Ids of what is sold, by comma; else what is published.")
    ] = "",
    language: Annotated[str | None, typer.Option(help="en, zh, …; told by ear if absent.")] = None,
    approve: Annotated[bool, typer.Option("--approve", help="Render without asking.")] = False,
    preview: Annotated[bool, typer.Option("--preview", help="Half as large, and fast.")] = False,
    as_json: AsJson = False,
) -> None:
    """Cut ads from a recording: storylines are searched, checked, shown, and rendered."""
    with session() as client:
        if product is not None:
            client.request("GET", f"/api/v1/products/{quote(product)}")
            listed = [one.strip() for one in products.split(",") if one.strip()]
            products = ",".join(dict.fromkeys([*listed, product])) if listed else products
        recording = understand(client, video, products, language)
        wanted = {
            "recording_id": recording["recording_id"],
            "product_id": product,
            "brief": brief,
            "seconds": seconds,
            "aspect": aspect,
            "variants": variants,
            "industry": industry,
            "theme": theme,
            "approve": approve,
            "preview": preview,
        }
        job = client.request("POST", _CLIPS, body=wanted)
        job = _follow(client, job)
        made = [_get(client, one) for one in job["result"]["clips"]]
        candidates = find_candidates(client, recording, product) if as_json else {}
    _tell(job, made, as_json=as_json, candidates=candidates)


@app.command("list")
def list_clips(
    recording: Annotated[str | None, typer.Option(help="Of this recording alone.")] = None,
    as_json: AsJson = False,
) -> None:
    """The clips, the newest first."""
    with session() as client:
        found = client.request("GET", _CLIPS, params={"recording_id": recording})
    if as_json:
        print_json(found)
        return
    for one in found["clips"]:
        print(_line(one))


@app.command("show")
def show(clip_id: ClipId, as_json: AsJson = False) -> None:
    """A clip: its story, what guards object to, and its files."""
    with session() as client:
        found = _get(client, clip_id)
    if as_json:
        print_json(found)
        return
    _print(found)


@app.command("approve")
def approve_clip(clip_id: ClipId, as_json: AsJson = False) -> None:
    """Approve a clip that waits; it is rendered once all of its job are decided."""
    _decide(clip_id, approve=True, as_json=as_json)


@app.command("reject")
def reject_clip(clip_id: ClipId, as_json: AsJson = False) -> None:
    """Reject a clip that waits."""
    _decide(clip_id, approve=False, as_json=as_json)


@app.command("edit")
def edit(
    clip_id: ClipId,
    title: Annotated[str | None, typer.Option(help="Its title.")] = None,
    aspect: Annotated[str | None, typer.Option(help="9:16, 1:1, 4:5 or 16:9.")] = None,
    order: Annotated[str | None, typer.Option(help="The pieces that stay: p2,p1,p3.")] = None,
    effect: Annotated[
        list[str] | None, typer.Option(help="NAME=VALUE, e.g. theme=bold, subtitles=off, bgm=none.")
    ] = None,
    word: Annotated[
        list[str] | None, typer.Option(help="PIECE:NUMBER=TEXT spells a word otherwise.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Change a clip's timeline; `clips render` then makes only what has changed."""
    words = [_word(one) for one in word or []]
    change: dict[str, Any] = {"title": title, "aspect": aspect}
    change["order"] = None if order is None else [p.strip() for p in order.split(",")]
    change["effects"] = dict(_effect(one) for one in effect or []) or None
    with session() as client:
        address = f"{_CLIPS}/{quote(clip_id)}"
        timeline = client.request("GET", f"{address}/timeline")
        if any(value is not None for value in change.values()):
            body = change | {"version": timeline["version"]}
            timeline = client.request("PATCH", f"{address}/timeline", body=body)
        for piece, number, text in words:
            body = {
                "version": timeline["version"],
                "piece_id": piece,
                "words": {str(number): text},
            }
            timeline = client.request("PATCH", f"{address}/words", body=body)
    if as_json:
        print_json(timeline)
        return
    print(f"{clip_id}: version {timeline['version']}")
    say(f"render it: livecue clips render {clip_id}")


@app.command("render")
def render(
    clip_id: ClipId,
    preview: Annotated[bool, typer.Option("--preview", help="Half as large, and fast.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check a clip and render what has changed in it."""
    with session() as client:
        address = f"{_CLIPS}/{quote(clip_id)}/render"
        job = _follow(client, client.request("POST", address, body={"preview": preview}))
        made = [_get(client, clip_id)]
    _tell(job, made, as_json=as_json)


@app.command("export")
def export(
    clip_id: ClipId,
    out: Annotated[Path, typer.Argument(help="The file; its ending tells what is written.")],
    kind: Annotated[str | None, typer.Option(help=", ".join(_KINDS))] = None,
    second: Annotated[
        bool, typer.Option("--second", help="Subtitles in the second language, too.")
    ] = False,
) -> None:
    """Write a file of a clip: the film, its cover, subtitles, an edit list, the receipt."""
    ending = out.suffix.lower()
    wanted = kind or _ENDINGS.get(ending, ending.lstrip("."))
    if wanted not in _KINDS:
        raise typer.BadParameter(f"{out.name} ends with none of {', '.join(_KINDS)}; give --kind")
    with session() as client:
        address = f"{_CLIPS}/{quote(clip_id)}/files/{wanted}"
        data = client.data(address, params={"second": "true"} if second else None)
    write_whole(out, data)
    say(f"{wanted} written to {out}")


@app.command("rm")
def remove(clip_id: ClipId) -> None:
    """Forget a clip."""
    with session() as client:
        client.request("DELETE", f"{_CLIPS}/{quote(clip_id)}")
    say(f"{clip_id} is forgotten")


def _decide(clip_id: str, *, approve: bool, as_json: bool) -> None:
    with session() as client:
        address = f"{_CLIPS}/{quote(clip_id)}/decision"
        found = client.request("POST", address, body={"approve": approve})
        others = client.request("GET", _CLIPS, params={"job_id": found["job_id"]})["clips"]
        if found["job_id"] and all(one["status"] != "arranged" for one in others):
            raise_if_failed(follow_job(client, found["job_id"]))
        found = _get(client, clip_id)
    if as_json:
        print_json(found)
        return
    print(_line(found))


def _follow(client: Any, job: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401
    say(f"job {job['job_id']}")
    job = follow_job(client, job["job_id"])
    raise_if_failed(job)
    return job


def _get(client: Any, clip_id: str) -> dict[str, Any]:  # noqa: ANN401 - api.client.Client
    return client.request("GET", f"{_CLIPS}/{quote(clip_id)}")


def _tell(
    job: dict[str, Any],
    made: list[dict[str, Any]],
    *,
    as_json: bool,
    candidates: dict[str, list[Any]] | None = None,
) -> None:
    result = job["result"]
    if as_json:
        print_json(
            {
                "job_id": job["job_id"],
                "status": job["status"],
                "estimate": result["estimate"] or _asked(result).get("estimate"),
                "notes": result["notes"],
                "clips": made,
            }
            | ({} if candidates is None else {"candidates": candidates})
        )
        return
    for note in result["notes"]:
        say(f"note: {note}")
    for one in made:
        _print(one)
    if job["status"] == "waiting":
        told = _asked(result)["estimate"]
        basis = "by the clips rendered here before" if told["measured"] else "by rule of thumb"
        say(
            f"{told['clips']} clips of {told['clip_seconds']} s take about"
            f" {told['render_seconds']:.0f} s to render ({basis}), {told['bytes'] / 2**20:.0f} MiB,"
            f" {told['model_calls']} model calls"
        )
        say("approve each: livecue clips approve CLIP (or reject)")


def _asked(result: dict[str, Any]) -> dict[str, Any]:
    waiting: list[dict[str, Any]] = result.get("waiting_for") or [{}]
    return waiting[0]


def _line(one: dict[str, Any]) -> str:
    pieces = one["timeline"]["pieces"]
    seconds = sum(p["end_ms"] - p["start_ms"] for p in pieces) / 1000
    story = one["storyline"]["template"]
    title = one["timeline"]["title"]
    return f"{one['clip_id']}  {one['status']:<9} {seconds:5.1f} s  {story}  {title}"


def _print(one: dict[str, Any]) -> None:
    print(_line(one))
    for piece in one["timeline"]["pieces"]:
        said = "".join(word["text"] for word in piece["words"]).strip()
        tag = (piece["tags"] or ["—"])[0].replace("_", " ")
        print(f"  {piece['piece_id']:<4} {clock(piece['start_ms'])}  {tag:<16} {said}")
    for found in one["rejections"]:
        print(f"  {found['guard']}/{found['rule']}: “{found['quote']}” — {found['reason']}")
    if one["mended"]:
        rules = sorted({f"{m['guard']}/{m['rule']}" for m in one["mended"]})
        print(f"  {len(one['mended'])} sentences were left out: {', '.join(rules)}")
    rendered: dict[str, Any] = one["rendered"] or {"notes": []}
    for note in rendered["notes"]:
        print(f"  note: {note}")


def _effect(given: str) -> tuple[str, Any]:
    name, equals, value = given.partition("=")
    if not equals:
        raise typer.BadParameter(f"--effect takes NAME=VALUE, not {given}")
    plain: dict[str, Any] = {"on": True, "off": False, "none": None}
    return name.strip(), plain.get(value, value)


def _word(given: str) -> tuple[str, int, str]:
    place, equals, text = given.partition("=")
    piece, colon, number = place.partition(":")
    if not (equals and colon and number.isdecimal()):
        raise typer.BadParameter(f"--word takes PIECE:NUMBER=TEXT, not {given}")
    return piece, int(number), text
