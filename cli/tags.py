"""`livecue tag`: what each utterance of a host does, by the 21 speech tags."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.batch import BatchIn, BatchOut, Outcome, Row, run_groups
from cli.session import AsJson, print_json, say, session
from domain.errors import InvalidInput, LivecueError
from domain.settings import read_settings

_TEXTS_AT_ONCE = 128
_TRANSCRIPTS = frozenset({".jsonl", ".ndjson", ".json", ".srt", ".vtt"})
_TEXT_FILES = frozenset({".txt", ".text", ".md"})


def tag(
    text: Annotated[
        str | None,
        typer.Argument(
            help="An utterance, or a file: lines of text, a JSON Lines transcript, SRT or WebVTT; "
            "stdin if absent or “-”."
        ),
    ] = None,
    batch: BatchIn = None,
    out: BatchOut = None,
    as_json: AsJson = False,
) -> None:
    """Say what each utterance does: greet, show, price, answer, urge and so on; often nothing."""
    with session() as client:
        if batch is not None:
            _run_batch(client, batch, out)
            return
        texts = _read(text)
        if not texts:
            raise InvalidInput("there is no text to tag", hint="give a text, a file, or pipe it in")
        rows: list[Row] = []
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            rows += _ask(client, texts[start : start + _TEXTS_AT_ONCE])
            if len(texts) > _TEXTS_AT_ONCE:
                say(f"{len(rows)}/{len(texts)}")
    if as_json:
        told = zip(texts, rows, strict=True)
        print_json({"utterances": [{"text": said, **row} for said, row in told]})
        return
    for said, row in zip(texts, rows, strict=True):
        named = ", ".join(f"{name} {row['scores'][name]:.2f}" for name in row["tags"])
        print(f"{named or '(none)'}  {said}" if len(texts) > 1 else named or "(none)")


def _read(text: str | None) -> list[str]:
    """The utterances given: one text, or those of the file that it names.

    Raises:
        InvalidInput: what looks like a file cannot be read.
    """
    if text is None or text == "-":
        return _lines(sys.stdin.read())
    path = Path(text)
    kind = path.suffix.lower()
    if kind not in _TRANSCRIPTS | _TEXT_FILES:
        return [text] if text.strip() else []
    if not path.is_file():
        raise InvalidInput(
            f"there is no file {text}",
            hint="correct the path; if it is the text itself, pipe it into: livecue tag -",
        )
    if kind in _TRANSCRIPTS:
        return _read_transcript(path)
    try:
        return _lines(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path} cannot be read: {error}", hint="save it as UTF-8") from error


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _read_transcript(path: Path) -> list[str]:
    """What is said in a transcript; what stands on the screen is not."""
    from live.feeds import read_transcript

    feed = read_transcript(path, read_settings().streaming)
    said = [row.text for row in feed if row.speaker != "screen"]
    if feed.problem_count:
        say(f"{feed.problem_count} lines of {path.name} could not be read")
    return said


def _ask(client: Any, texts: Sequence[str]) -> list[Row]:  # noqa: ANN401 - the REST client
    return client.request("POST", "/api/v1/tags", body={"texts": list(texts)})["rows"]


def _run_batch(client: Any, batch: Path, out: Path | None) -> None:  # noqa: ANN401
    """`{id, tags, scores}` a row, and who decided where it was a model that was asked."""

    def answer(rows: Sequence[Row]) -> list[Outcome]:
        limit = read_settings().limits.check_chars
        checked = [_problem_of(row["text"], limit) for row in rows]
        good = [row["text"] for row, problem in zip(rows, checked, strict=True) if problem is None]
        told = iter(_ask(client, good) if good else [])
        return [next(told) if problem is None else problem for problem in checked]

    run_groups(batch, out, ["text"], answer, size=_TEXTS_AT_ONCE)


def _problem_of(text: object, limit: int) -> LivecueError | None:
    if not isinstance(text, str):
        return InvalidInput("text is not a string", hint="give the utterance as a string")
    if len(text) > limit:
        return InvalidInput(
            f"text has {len(text):,} characters; the limit is {limit:,}", hint="split it"
        )
    return None
