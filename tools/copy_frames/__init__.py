"""The sentence frames and host vocabulary that copy is composed with, a data file a language."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

from domain.errors import InvalidInput
from domain.language import LANGUAGES

_FOLDER = Path(__file__).parent
_NOT_SPOKEN = ("join", "bullets")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What to ask viewers about when a selling point matches `pattern`."""

    pattern: re.Pattern[str]
    says: tuple[str, ...]


@dataclass(frozen=True)
class Frames:
    """One language's frames.

    `spoken` and `bullets` are keyed by topic, or topic and shape (`point_verb`); `chat`, lines
    that claim nothing, by section. `verbs` are third-person forms that a selling point may start
    with; `adjective` matches one that is a property. `number` names a certificate of
    which only the number is known; `of_size` tells which size a listed spec is about. `labels` are
    names of specs in the other language, in small letters, with this language's word.
    """

    lang: str
    spoken: dict[str, tuple[str, ...]]
    bullets: dict[str, str]
    chat: dict[str, tuple[str, ...]]
    last: str
    of_size: str
    either: str
    comma: str
    number: str
    verbs: frozenset[str]
    adjective: re.Pattern[str]
    troubles: tuple[Trouble, ...]
    labels: dict[str, str]

    def join(self, items: list[str], *, either: bool = False) -> str:
        """`a, b and c` (or `… or c`) in this language."""
        if len(items) < 2:
            return "".join(items)
        return self.comma.join(items[:-1]) + (self.either if either else self.last) + items[-1]


@dataclass(frozen=True, slots=True)
class HostWords:
    """What may be said without a fact: whole words, phrases and single characters."""

    words: frozenset[str]
    phrases: tuple[str, ...]
    characters: frozenset[str]


@cache
def read_frames(name: str) -> dict[str, Any]:
    """The data file `name` of this folder: frames by language, or by key within one."""
    path = _FOLDER / f"{name}.yaml"
    return cast("dict[str, Any]", yaml.safe_load(path.read_text(encoding="utf-8")))


def load_frames(lang: str, tone: str | None = None) -> Frames:
    """The frames of `lang`, those of a tone that is known by the words of `tone` before the others.

    InvalidInput if copy cannot be composed in the language.
    """
    if lang not in LANGUAGES:
        raise InvalidInput(
            f"Copy cannot be written in `{lang}`.", hint=f"Choose one of {', '.join(LANGUAGES)}."
        )
    return _frames_in(lang, _known_tone(lang, tone) if tone else None)


@cache
def _frames_in(lang: str, tone: str | None) -> Frames:
    data, words = read_frames(lang), read_frames("words")[lang]
    toned: dict[str, Any] = read_frames("tones")[lang][tone]["frames"] if tone else {}
    return Frames(
        lang=lang,
        spoken={
            key: tuple(lines) for key, lines in (data | toned).items() if key not in _NOT_SPOKEN
        },
        bullets=data["bullets"],
        chat={section: tuple(lines) for section, lines in read_frames("chat")[lang].items()},
        last=data["join"]["last"],
        of_size=data["join"]["of_size"],
        either=data["join"]["either"],
        comma=data["join"]["comma"],
        number=data["join"]["number"],
        verbs=frozenset(words["verbs"].split()),
        adjective=re.compile(re.sub(r"\s+", "", words["adjectives"]), re.IGNORECASE),
        troubles=tuple(
            Trouble(re.compile(entry["pattern"], re.IGNORECASE), tuple(entry["says"]))
            for entry in read_frames("troubles")[lang]
        ),
        labels=words["labels"],
    )


def _known_tone(lang: str, wanted: str) -> str | None:
    tones = read_frames("tones")[lang]
    return next(
        (name for name in tones if re.search(tones[name]["words"], wanted, re.IGNORECASE)), None
    )


@cache
def load_host_words() -> HostWords:
    """The vocabulary of both languages."""
    data = read_frames("host_words")
    return HostWords(
        words=frozenset(data["en"].split()),
        phrases=tuple(sorted(data["zh"]["phrases"].split(), key=len, reverse=True)),
        characters=frozenset(data["zh"]["characters"]),
    )
