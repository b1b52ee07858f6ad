"""`livecue watch` and `livecue streams`: a broadcast as it runs, and what is known of it."""

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from cli.session import (
    AsJson,
    OwnerGone,
    follow_job,
    print_json,
    raise_if_failed,
    say,
    session,
)

app = typer.Typer(
    help="Watched streams: list, show, search, warnings, promises, stop, resume, rm.",
    no_args_is_help=True,
)

_DEMO = "demo"
_SHOWN = {
    "utterance": "said",
    "screen_line": "shown",
    "comment": "asked",
    "live_fact": "fact",
    "notice": "note",
    "warning": "WARN",
    "promise": "vow",
    "cluster": "asks",
    "answer": "reply",
}


def watch(
    source: Annotated[
        str | None,
        typer.Argument(help="A recording, a screenshot, a stream's address, or: demo"),
    ] = None,
    stream: Annotated[str | None, typer.Option(help="The stream's id; one is made up.")] = None,
    products: Annotated[
        str, typer.Option(help="Ids of the products that will be shown, by comma.")
    ] = "",
    transcript: Annotated[str | None, typer.Option(help="JSONL, SRT or VTT.")] = None,
    comments: Annotated[str | None, typer.Option(help="JSONL, or bilibili's XML.")] = None,
    speed: Annotated[str, typer.Option(help="live, max, or how many times as fast.")] = "live",
    language: Annotated[str | None, typer.Option(help="en, zh, …; told by ear if absent.")] = None,
    as_json: AsJson = False,
) -> None:
    """Watch a stream until it ends; with only a transcript, until all of it can be found."""
    if source is None and transcript is None and comments is None:
        raise typer.BadParameter("give a source, or --transcript, or --comments")
    wanted = {
        "stream_id": stream,
        "source": source if source == _DEMO else _absolute(source),
        "transcript": _absolute(transcript),
        "comments": _absolute(comments),
        "products": [one.strip() for one in products.split(",") if one.strip()],
        "speed": speed if speed in ("live", "max") else _times(speed),
        "language": language,
    }
    with session() as client:
        if source == _DEMO:
            job = client.request("POST", "/api/v1/streams/demo")
            job = follow_job(client, job["job_id"])
            raise_if_failed(job)
            wanted["source"] = job["result"]["film"]
        started = client.request("POST", "/api/v1/streams", body=wanted)
        ended = _follow(client, started["stream_id"])
    _report_end(ended, as_json=as_json)


def replay(
    stream_id: Annotated[str, typer.Argument(help="A stream that is over.")],
    speed: Annotated[str, typer.Option(help="live, max, or how many times as fast.")] = "max",
    as_json: AsJson = False,
) -> None:
    """See a stream again, and tell whether it gives the same.

    Exits 1 where something differs that should not.
    """
    body = {"speed": speed if speed in ("live", "max") else _times(speed)}
    with session() as client:
        started = client.request("POST", f"/api/v1/streams/{quote(stream_id)}/replay", body=body)
        _follow(client, started["stream_id"])
        again = quote(started["stream_id"])
        report = client.request("GET", f"/api/v1/streams/{again}/replay")
    if as_json:
        print_json(report)
    else:
        print(f"{report['stream_id']}: {'the same' if report['is_same'] else 'not the same'}")
        if not report["complete"]:
            print(
                "  the same pictures were not all seen both times: "
                "what hangs on them may differ (screen, facts, events)"
            )
        for one in report["kinds"]:
            print(
                f"  {one['kind']:<14} {one['same']} the same, {one['only_before']} only before, "
                f"{one['only_now']} only now"
            )
    if not report["is_as_expected"]:
        raise typer.Exit(1)


@app.command("list")
def list_streams(
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20, as_json: AsJson = False
) -> None:
    """The newest streams."""
    with session() as client:
        found = client.request("GET", "/api/v1/streams", params={"limit": limit})
    if as_json:
        print_json(found)
        return
    for one in found["streams"]:
        print(f"{one['stream_id']:<24} {one['status']:<12} {clock(one['position_ms'])}")


@app.command("show")
def show(stream_id: str, as_json: AsJson = False) -> None:
    """A stream's state and events."""
    with session() as client:
        stream = client.request("GET", f"/api/v1/streams/{quote(stream_id)}")
        found = client.request("GET", f"/api/v1/streams/{quote(stream_id)}/events")
    if as_json:
        print_json({"stream": stream, "events": found["events"]})
        return
    health = stream["health"]
    print(f"{stream_id}: {stream['status']}, {clock(stream['position_ms'])} can be found")
    print(f"  lag {health['lag_ms']} ms, {health['reconnects']} reconnects")
    if health["detail"]:
        print(f"  {health['detail']}")
    if stream["error"]:
        print(f"  {stream['error']['message']} {stream['error'].get('hint', '')}".rstrip())
    for event in found["events"]:
        span = f"{clock(event['start_ms'])}-{clock(event['end_ms'])}"
        print(f"  {span} {', '.join(event['products'])} {event['caption']}")


@app.command("search")
def search(
    stream_id: str,
    query: str,
    at: Annotated[float | None, typer.Option(help="As of this second of the stream.")] = None,
    product: Annotated[str | None, typer.Option(help="Only what is about this product.")] = None,
    as_json: AsJson = False,
) -> None:
    """What was said, shown or asked in a stream."""
    params = {
        "q": query,
        "as_of_ms": None if at is None else round(at * 1000),
        "product_id": product,
    }
    with session() as client:
        found = client.request("GET", f"/api/v1/streams/{quote(stream_id)}/memory", params=params)
    if as_json:
        print_json(found)
        return
    for hit in found["hits"]:
        print(f"{clock(hit['start_ms'])} {hit['quote']}")


@app.command("questions")
def questions(
    stream_id: str,
    at: Annotated[float | None, typer.Option(help="As of this second of the stream.")] = None,
    answered: Annotated[
        str | None, typer.Option(help="Mark this question as answered by the host.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What viewers ask, the most urgent first."""
    path = f"/api/v1/streams/{quote(stream_id)}/questions"
    params = {"as_of_ms": None if at is None else round(at * 1000)}
    with session() as client:
        if answered is not None:
            client.request("POST", f"{path}/{quote(answered)}/answered", body={"by": "host"})
        found = client.request("GET", path, params=params)
    if as_json:
        print_json(found)
        return
    for one in found["questions"]:
        state = f"answered ({one['answered_by']})" if one["answered_by"] else ""
        state = state or ("ready" if one["draft_id"] else "")
        print(
            f"{one['cluster_id']:<8} {one['count']:>4} {clock(one['last_ms'])} {one['question']}"
            f"  {state}".rstrip()
        )


@app.command("stop")
def stop(stream_id: str, as_json: AsJson = False) -> None:
    """Stop watching; what was found stays."""
    with session() as client:
        stopped = client.request("POST", f"/api/v1/streams/{quote(stream_id)}/stop")
    if as_json:
        print_json(stopped)
    else:
        print(f"{stream_id}: {stopped['status']}")


@app.command("resume")
def resume(stream_id: str, as_json: AsJson = False) -> None:
    """Go on watching from where it was left, until it ends."""
    with session() as client:
        opened = client.request("POST", f"/api/v1/streams/{quote(stream_id)}/resume")
        ended = _follow(client, stream_id, after=opened["last_seq"])
    _report_end(ended, as_json=as_json)


@app.command("rm")
def remove(
    stream_id: str,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Forget a stream with all that was found in it; asks first."""
    if not yes:
        typer.confirm(f"Forget {stream_id} with all that was found in it?", abort=True, err=True)
    with session() as client:
        client.request("DELETE", f"/api/v1/streams/{quote(stream_id)}")
    if as_json:
        print_json({"removed": stream_id})
    else:
        print(f"{stream_id} removed")


def _report_end(ended: dict[str, Any], *, as_json: bool) -> None:
    """Print how a stream ended; exits 1 for one that failed."""
    if as_json:
        print_json(ended)
    else:
        print(f"{ended['stream_id']}: {ended['status']} at {clock(ended['position_ms'])}")
    if ended["status"] == "failed":
        error: dict[str, Any] = ended["error"] or {}
        hint = error.get("hint") or f"Try it again: livecue streams resume {ended['stream_id']}"
        say(f"livecue: {error.get('message', 'the stream failed')}\n  {hint}")
        raise typer.Exit(1)


def _follow(client: Any, stream_id: str, *, after: int = 0) -> dict[str, Any]:  # noqa: ANN401
    """Show the rows after a number on stderr until the stream ends; Ctrl-C stops it."""
    stream: dict[str, Any] = {}
    try:
        for event, data in client.events("GET", f"/api/v1/streams/{quote(stream_id)}/follow"):
            if event == "stream":
                stream = data
            elif data["seq"] > after:
                say(_line(data["row"]))
    except KeyboardInterrupt:
        client.request("POST", f"/api/v1/streams/{quote(stream_id)}/stop")
        say(
            f"stopped; what was found stays: livecue streams show {stream_id}\n"
            f"  to go on: livecue streams resume {stream_id}"
        )
        raise
    if stream.get("status") not in ("ended", "stopped", "failed"):
        raise OwnerGone(
            f"The Livecue server stopped while it watched {stream_id}.",
            hint=f"Start it again: it goes on by itself; or: livecue streams resume {stream_id}",
        )
    return stream


def _line(row: dict[str, Any]) -> str:
    who = f"{row['user']}: " if row.get("user") else ""
    text = row.get("text") or row.get("quote")
    if row["kind"] == "promise":
        text = f"{row['state']}: {text}"
    line = f"{clock(row['start_ms'])} {_SHOWN[row['kind']]:<5} {who}{text}"
    return f"{line}\n{'':>14}→ {row['suggestion']}" if row.get("suggestion") else line


def clock(ms: int) -> str:
    """A moment of a stream: `0:03:12`."""
    minutes, seconds = divmod(ms // 1000, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def _absolute(given: str | None) -> str | None:
    """A path as the server can open it; an address as it is."""
    if given is None or "://" in given:
        return given
    return str(Path(given).expanduser().absolute())


def _times(speed: str) -> float:
    try:
        times = float(speed)
    except ValueError:
        times = 0.0
    if times <= 0:
        raise typer.BadParameter("--speed is live, max, or a number above 0")
    return times
