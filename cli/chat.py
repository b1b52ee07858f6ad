"""`livecue chat`: the assistant in a terminal, over the same endpoint as every other client."""

import base64
import mimetypes
import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.products import find_files, unreadable
from cli.session import report_error, say, session
from domain.errors import LivecueError


def chat(
    message: Annotated[
        str | None, typer.Argument(help="Say this and leave; else a dialogue.")
    ] = None,
) -> None:
    """Talk to the assistant. Names of files and folders in a message are sent along."""
    with session() as client:
        history: list[dict[str, Any]] = []
        if message is not None:
            _turn(client, history, message)
            return
        say("Name files to add material; ask for copy, a check, an answer. Ctrl-D leaves.")
        while (line := _read_line()) is not None:
            if not line.strip():
                continue
            try:
                _turn(client, history, line)
            except LivecueError as error:
                report_error(error, as_json=False)
                history.pop()


def _read_line() -> str | None:
    if sys.stdin.isatty():
        try:
            return input("> ")
        except EOFError:
            return None
    return sys.stdin.readline() or None


def _turn(client: Any, history: list[dict[str, Any]], line: str) -> None:  # noqa: ANN401
    history.append({"role": "user", "content": _with_files(line.strip())})
    reply = ""
    body = {"model": "livecue", "messages": history, "stream": True}
    for _event, chunk in client.events("POST", "/v1/chat/completions", body):
        if "error" in chunk:
            from api.client import RemoteError

            raise RemoteError(500, chunk["error"])
        progress = chunk.get("livecue", {}).get("progress")
        if progress:
            say(f"[{progress['stage']}] {progress['message']}")
        for choice in chunk["choices"]:
            text = choice["delta"].get("content") or ""
            reply += text
            print(text, end="", flush=True)
    print()
    history[-1] = {"role": "user", "content": line.strip()}
    history.append({"role": "assistant", "content": reply})


def _with_files(line: str) -> str | list[dict[str, Any]]:
    """The message with the files that it names, so that the server needs no path of ours."""
    try:
        words = shlex.split(line)
    except ValueError:
        words = line.split()
    paths = [Path(word).expanduser() for word in words if _is_path(word)]
    if not paths:
        return line
    parts: list[dict[str, Any]] = [{"type": "text", "text": line}]
    for path, name in find_files(paths):
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        try:
            data = base64.b64encode(path.read_bytes()).decode()
        except OSError as error:
            raise unreadable(path, error) from error
        parts.append(
            {"type": "file", "file": {"filename": name, "file_data": f"data:{kind};base64,{data}"}}
        )
    return parts


def _is_path(word: str) -> bool:
    if "/" not in word and "." not in word:
        return False
    try:
        return Path(word).expanduser().exists()
    except OSError:
        return False
