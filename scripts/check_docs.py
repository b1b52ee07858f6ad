"""Checks what the documents promise: links, commands, make targets, and words that must not stand.

Prints one line for each problem (`file:line: what`) and exits with 1 when there is any.
"""

import importlib
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.main import get_command

ROOT = Path(__file__).resolve().parent.parent

LINK = re.compile(r"(?<!\\)\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
CODE = re.compile(r"`([^`]+)`")
MAKE = re.compile(r"\bmake ([a-z][a-z-]*)")
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)

FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.~])/(?:home|root|work|Users)/\w|\.\./shared\b"),
    "a package registry's address": re.compile(
        r"pypi\.org|pythonhosted\.org|registry\.(?:npmjs|yarnpkg)\.|npmmirror|deb\.debian\.org"
        r"|--(?:extra-)?index-url\b"
    ),
    "unfinished work": re.compile(r"\b(?:TODO|FIXME|XXX)\b"),
    "a word about how the project is made": re.compile(
        r"\b(?:Claude|Anthropic|Copilot|Co-Authored-By)\b", re.IGNORECASE
    ),
}
TEXT = {
    "", ".css", ".csv", ".html", ".ini", ".js", ".json", ".jsonl", ".mako", ".md", ".py", ".sh",
    ".toml", ".ts", ".tsx", ".txt", ".yaml", ".yml",
}  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """Something in a file that does not hold; `line` counts from 1."""

    file: Path
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line}: {self.what}"


@dataclass(frozen=True)
class Command:
    """A node of the command line: its subcommands by name, and the options it takes.

    `default` is the subcommand that is meant where none is named.
    """

    children: dict[str, "Command"]
    options: frozenset[str]
    default: "Command | None" = None


def tracked_files() -> list[Path]:
    """The files git tracks, and those it would, that exist."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [
        path for name in sorted(set(listing.split("\0")) - {""}) if (path := ROOT / name).is_file()
    ]


def anchors(document: Path) -> set[str]:
    """The heading anchors of a Markdown file, as GitHub makes them."""
    kept = (
        re.sub(r"[^\w\- ]", "", title.lower())
        for title in HEADING.findall(document.read_text("utf-8"))
    )
    return {title.strip().replace(" ", "-") for title in kept}


def check_links(document: Path, text: str) -> Iterator[Problem]:
    """Relative links that lead nowhere."""
    for number, line in enumerate(text.splitlines(), 1):
        for target in LINK.findall(CODE.sub("", line)):
            if re.match(r"[a-z][a-z+.-]*:", target):
                continue
            path, _, anchor = target.partition("#")
            place = (document.parent / path).resolve() if path else document
            if not place.exists():
                yield Problem(document, number, f"link to {target}, which is not there")
            elif anchor and place.suffix == ".md" and anchor not in anchors(place):
                yield Problem(document, number, f"link to {target}: no such heading")


def code_lines(text: str) -> Iterator[tuple[int, str]]:
    """`(line number, code)` for every code span and every line of a fenced block."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif fenced:
            yield number, line
        else:
            for code in CODE.findall(line):
                yield number, code


def check_command(command: Command, words: list[str]) -> str | None:
    """Why `livecue <words>` cannot be typed as written, or None."""
    said, rest = ["livecue"], list(words)
    while command.children and rest and re.fullmatch(r"[a-z][a-z-]*", rest[0]):
        if command.default and rest[0] not in command.children:
            break
        said.append(rest.pop(0))
        if said[-1] not in command.children:
            return f"`{' '.join(said)}` is no command"
        command = command.children[said[-1]]
    command = command.default or command
    for word in rest:
        flag = word.partition("=")[0]
        if re.fullmatch(r"--[a-z][a-z-]*", flag) and flag not in command.options:
            return f"`{' '.join(said)}` has no option {flag}"
    return None


def check_code(document: Path, text: str, root: Command, targets: set[str]) -> Iterator[Problem]:
    """Commands and make targets that do not exist."""
    for number, code in code_lines(text):
        for part in re.split(r"[|;&]{1,2}|(?<!\S)#", code):
            try:
                words = shlex.split(part)
            except ValueError:
                words = part.split()
            words = words[1:] if words[:1] == ["$"] else words
            while words and re.match(r"[A-Z_]+=", words[0]):
                words = words[1:]
            if words and words[0] in {"livecue", ".venv/bin/livecue"}:
                problem = check_command(root, words[1:])
                if problem:
                    yield Problem(document, number, problem)
        for target in MAKE.findall(code):
            if code.lstrip("$ ").startswith("make ") and target not in targets:
                yield Problem(document, number, f"`make {target}` is no target")


def check_words(path: Path, text: str) -> Iterator[Problem]:
    """Words and addresses that no file may hold."""
    for number, line in enumerate(text.splitlines(), 1):
        for what, pattern in FORBIDDEN.items():
            found = pattern.search(line)
            if found:
                yield Problem(path, number, f"{what}: {found.group()}")


def read_command(node: Any) -> Command:  # noqa: ANN401
    """The tree under a command of Typer's."""
    children: dict[str, Any] = getattr(node, "commands", {})
    flags = {"--help"}
    for parameter in node.params:
        flags.update(parameter.opts, parameter.secondary_opts)
    read = {name: read_command(child) for name, child in children.items()}
    return Command(read, frozenset(flags), read.get(getattr(node, "default_command", "")))


def command_line() -> Command:
    """The `livecue` command line, from the module that defines it."""
    sys.path.insert(0, str(ROOT))
    return read_command(get_command(importlib.import_module("cli").app))


def check_all() -> list[Problem]:
    """Every problem in the files of the checkout."""
    root = command_line()
    targets = set(TARGET.findall((ROOT / "Makefile").read_text("utf-8")))
    problems: list[Problem] = []
    for path in tracked_files():
        if path.suffix not in TEXT or path == Path(__file__).resolve():
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        problems.extend(check_words(path, text))
        if path.suffix == ".md" and "prompts" not in path.relative_to(ROOT).parts:
            problems.extend(check_links(path, text))
            problems.extend(check_code(path, text, root, targets))
    return problems


def main() -> int:
    """Print every problem; 1 when there is any."""
    problems = check_all()
    for problem in problems:
        print(problem)
    if not problems:
        print("documents: every link, command and target holds")
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
