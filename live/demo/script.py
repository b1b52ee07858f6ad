"""The demo broadcast as it is written: `examples/broadcast/`, read and checked.

`broadcast.yaml` names products, promises and looks, `script/NAME.yaml` holds a block of speech,
`speech/NAME.opus` its sound and `speech/NAME.json` when each line is said; `comments.jsonl` and
`queries.jsonl` hold what viewers write and what may be asked of the stream's memory.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from domain.errors import InvalidInput, NotFound

Language = Literal["en", "zh"]
LayoutName = Literal["inline", "stacked", "panel"]


class Written(BaseModel):
    """A part of the script."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Line(Written):
    """What the host says in one breath, and what is true of it.

    `states` names facts of the product's record as `field: value`; `fact` a live fact
    (`price 39`, `stock XL`, `promise`); `claim` the words that no host may say; `promise` and
    `keeps` a promise of `broadcast.yaml`.
    """

    say: str
    id: str | None = None
    states: tuple[str, ...] = ()
    fact: str | None = None
    claim: str | None = None
    promise: str | None = None
    keeps: str | None = None


class Topic(Written):
    """Lines about one thing; an event begins with the first. `product` is on air."""

    topic: str
    product: str | None = None
    lines: tuple[Line, ...] = Field(min_length=1)

    @field_validator("lines", mode="before")
    @classmethod
    def _plain_lines(cls, lines: list[str | dict[str, Any]]) -> list[dict[str, Any]]:
        return [{"say": line} if isinstance(line, str) else line for line in lines]


class Block(Written):
    """A stretch with one host, spoken in one go."""

    language: Language
    voice: str
    speed: float = 1.0
    segments: tuple[Topic, ...] = Field(min_length=1)


class Viewer(Written):
    """A comment, or what the platform says of a viewer (`notice`), while `topic` is on."""

    topic: str
    user: str
    text: str
    asks: bool = False
    about: str | None = None
    notice: bool = False


class Query(Written):
    """A question to the stream's memory, asked when the line `asked_after` has been said.

    Any line of `answered_by` answers it. Where nothing yet does, `said_later` names what will.
    """

    id: str
    ask: str
    language: Language
    answered_by: tuple[str, ...]
    said_later: tuple[str, ...] = ()
    asked_after: str


class ShownProduct(Written):
    """How a product looks: a photo beside the script, its card, two colours."""

    product_id: str
    picture: str
    card: str
    brand: str
    price: str
    colours: tuple[str, str]


class CardChange(Written):
    """From the end of the line `at` on, the card shows another price or a note."""

    at: str
    product_id: str
    price: str | None = None
    note: str | None = None


class PromiseTruth(Written):
    """A promise: the lines in which it is made and kept, or why it is broken."""

    promise: str
    what: str
    made: str
    kept: str | None = None
    broken: str | None = None


class Look(Written):
    """`broadcast.yaml`."""

    title: str
    width: int
    height: int
    fps: int
    products: tuple[ShownProduct, ...]
    layouts: dict[str, LayoutName]
    hosts: dict[str, str]
    promises: tuple[PromiseTruth, ...]
    cards: tuple[CardChange, ...]


class SpokenTimes(Written):
    """When the lines of a block are said, in milliseconds of its sound."""

    length_ms: int
    lines: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Script:
    """All of `folder`; blocks in the order of the show, by name."""

    folder: Path
    look: Look
    blocks: dict[str, Block]
    times: dict[str, SpokenTimes]
    comments: tuple[Viewer, ...]
    queries: tuple[Query, ...]

    def sound(self, block: str) -> Path:
        """The Opus file of a block."""
        return self.folder / "speech" / f"{block}.opus"


T = TypeVar("T", bound=Written)


def read_script(folder: Path) -> Script:
    """The script in `folder`.

    Raises:
        NotFound: a file is missing.
        InvalidInput: a file is not as it should be, or a block's times are of another script.
    """
    look = _read_yaml(folder / "broadcast.yaml", Look)
    blocks: dict[str, Block] = {}
    times: dict[str, SpokenTimes] = {}
    for name in look.layouts:
        blocks[name] = _read_yaml(folder / "script" / f"{name}.yaml", Block)
        times[name] = _read_yaml(folder / "speech" / f"{name}.json", SpokenTimes)
        lines = sum(len(topic.lines) for topic in blocks[name].segments)
        if len(times[name].lines) != lines:
            raise InvalidInput(
                f"speech/{name}.json has {len(times[name].lines)} times for {lines} lines.",
                hint="Speak the block again with examples/make_speech.py.",
            )
    comments = _read_rows(folder / "comments.jsonl", Viewer)
    queries = _read_rows(folder / "queries.jsonl", Query)
    return Script(folder, look, blocks, times, comments, queries)


def _read_yaml(path: Path, kind: type[T]) -> T:
    try:
        return kind.model_validate(yaml.safe_load(_text(path)))
    except (yaml.YAMLError, ValidationError) as error:
        raise _broken(path, error) from error


def _read_rows(path: Path, kind: type[T]) -> tuple[T, ...]:
    try:
        return tuple(
            kind.model_validate(json.loads(line)) for line in _text(path).splitlines() if line
        )
    except ValueError as error:
        raise _broken(path, error) from error


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError as error:
        raise NotFound(
            f"The demo broadcast has no {path.name}.", hint="Restore examples/broadcast/."
        ) from error


def _broken(path: Path, error: Exception) -> InvalidInput:
    return InvalidInput(
        f"{path.name} of the demo broadcast is not as it should be: {error}",
        hint="Restore examples/broadcast/.",
    )
