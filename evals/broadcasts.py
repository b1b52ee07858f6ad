"""Long broadcasts with known truth, joined by seed from hand-written stretches of talk.

`evals/data/events/<split>.<language>.txt` holds a line-up and stretches of 20 to 60 seconds, one
sentence a line, each followed by what is true of it: `??` a question that only it answers, `!!`
a live fact that it states. A host passes from product to product, comes back to one now and then,
and is interrupted by chatter; the order, the pauses and the interruptions come from the seed.
"""

import random
import re
from dataclasses import dataclass, field
from typing import Literal

from domain.errors import InvalidInput
from domain.stream import LogEntry, Utterance
from evals.gold import Split
from evals.rows import DATA
from tools.on_air import OnAirProduct, OnAirSpan
from tools.questions.reading import content_words

Language = Literal["en", "zh"]
_MS_PER_WORD = 60_000 / 160
_MS_PER_HAN = 60_000 / 270
"""Usual speaking rates of hosts: 160 English words or 270 Chinese characters a minute."""


@dataclass(frozen=True)
class Line:
    """A sentence, the question that it answers, and the live fact that it states."""

    text: str
    question: str | None = None
    fact: str | None = None


@dataclass(frozen=True)
class Talk:
    """A stretch of talk about one product."""

    name: str
    product_id: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Material:
    """What a file holds."""

    line_up: tuple[OnAirProduct, ...]
    talks: tuple[Talk, ...]
    chatter: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """A question and the log numbers of the sentences that answer it."""

    question: str
    gold: frozenset[int]


@dataclass(frozen=True)
class Broadcast:
    """A log with its truth: where stretches begin, what is on air, what is asked and stated."""

    name: str
    language: Language
    line_up: tuple[OnAirProduct, ...]
    entries: list[LogEntry] = field(default_factory=list[LogEntry])
    borders: list[int] = field(default_factory=list[int])
    spans: list[OnAirSpan] = field(default_factory=list[OnAirSpan])
    asked: list[Asked] = field(default_factory=list[Asked])
    facts: dict[int, str] = field(default_factory=dict[int, str])

    @property
    def end_ms(self) -> int:
        """When the last word was said."""
        return self.entries[-1].row.end_ms


def read_material(split: Split, language: Language) -> Material:
    """The stretches of talk of a split in a language.

    Raises:
        InvalidInput: a line stands where none may.
    """
    path = DATA / "events" / f"{split}.{language}.txt"
    line_up: list[OnAirProduct] = []
    talks: list[Talk] = []
    chatter: list[str] = []
    part: list[str] | list[Line] | None = None
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        told = line.strip()
        if told == "# products" or not told:
            continue
        if told == "== chatter":
            part = chatter
        elif told.startswith("== "):
            name, _, product_id = told[3:].partition(" | ")
            lines: list[Line] = []
            part = lines
            talks.append(Talk(name, product_id, ()))
        elif part is None:
            product_id, name, spoken, words = told.split(" | ")
            names = (name, *(alias.strip() for alias in spoken.split(";")))
            line_up.append(OnAirProduct(product_id, names, content_words(words)))
        elif part is chatter:
            chatter.append(told)
        elif told.startswith(("??", "!!")):
            if not talks or not talks[-1].lines:
                raise InvalidInput(f"{path.name}:{number}: no sentence before", hint="Add one.")
            *before, last = talks[-1].lines
            mark = told[2:].strip()
            question, fact = (mark, last.fact) if told[0] == "?" else (last.question, mark)
            lines_now = (*before, Line(last.text, question, fact))
            talks[-1] = Talk(talks[-1].name, talks[-1].product_id, lines_now)
        else:
            talk = talks[-1]
            talks[-1] = Talk(talk.name, talk.product_id, (*talk.lines, Line(told)))
    return Material(tuple(line_up), tuple(talks), tuple(chatter))


def make_broadcast(split: Split, language: Language, seed: int, *, rounds: int = 2) -> Broadcast:
    """A broadcast of `rounds` times the whole line-up, in another order each time."""
    material = read_material(split, language)
    dice = random.Random(f"{split} {language} {seed}")  # noqa: S311 (not a secret)
    order = list(material.line_up)
    dice.shuffle(order)
    made = Broadcast(f"{split}.{language}.{seed}", language, tuple(order))
    writer = _Writer(made, dice)
    answered: dict[str, set[int]] = {}
    for _ in range(rounds):
        for talk in _programme(material, [p.product_id for p in order], dice):
            writer.begin(talk.product_id)
            for line in talk.lines:
                seq = writer.say(line.text)
                if line.question:
                    answered.setdefault(line.question, set()).add(seq)
                if line.fact:
                    made.facts[seq] = line.fact
                if dice.random() < 0.08:
                    writer.say(dice.choice(material.chatter))
        dice.shuffle(order)
    writer.close()
    made.asked.extend(Asked(question, frozenset(seqs)) for question, seqs in answered.items())
    return made


def _programme(material: Material, order: list[str], dice: random.Random) -> list[Talk]:
    """Product by product, its first stretch first; one in three keeps a stretch for later."""
    programme: list[Talk] = []
    kept: list[Talk] = []
    for product_id in order:
        own = [talk for talk in material.talks if talk.product_id == product_id]
        first, *rest = own
        dice.shuffle(rest)
        if dice.random() < 1 / 3:
            kept.append(rest.pop())
        programme += [first, *rest]
        if kept and dice.random() < 0.5 and kept[0].product_id != product_id:
            programme.append(kept.pop(0))
    return [*programme, *kept]


class _Writer:
    def __init__(self, made: Broadcast, dice: random.Random) -> None:
        self._made = made
        self._dice = dice
        self._at = dice.randint(500, 4000)
        self._product: str | None = None
        self._since = 0

    def begin(self, product_id: str) -> None:
        """A new stretch; the pause before it is often no longer than within one."""
        if self._made.entries:
            self._at += self._dice.choice((0, 200, 500, 900, 1800))
            self._made.borders.append(self._at)
        if product_id != self._product:
            self.close()
            self._product, self._since = product_id, self._at

    def say(self, text: str) -> int:
        """A sentence at the pace of its language, and a breath."""
        han = len(re.findall(r"[\u3400-\u9fff]", text))
        words = len(re.findall(r"[A-Za-z0-9']+", text))
        length = int((han * _MS_PER_HAN + words * _MS_PER_WORD) * self._dice.uniform(0.85, 1.15))
        seq = len(self._made.entries) + 1
        row = Utterance(start_ms=self._at, end_ms=self._at + max(length, 400), text=text)
        self._made.entries.append(LogEntry(seq=seq, row=row))
        breath = self._dice.choice((80, 150, 300, 500, 900, 1600))
        fumble = self._dice.randint(1500, 4000) if self._dice.random() < 0.06 else 0
        self._at = row.end_ms + breath + fumble
        return seq

    def close(self) -> None:
        """The product on air goes off."""
        if self._product is not None:
            self._made.spans.append(OnAirSpan(self._since, self._at, self._product))
