"""The demo broadcast in time: who says, writes and shows what when, and what is true of it."""

import random
from dataclasses import dataclass
from functools import cached_property

from domain.errors import InvalidInput
from live.demo.script import Language, LayoutName, Line, PromiseTruth, Query, Script, Viewer

_BURST = 0.3
"""The share of comments that come in the same moment as the one before."""
_BURST_MS = (120, 450)
_LAST_WORD_MS = 6000
"""Before a block ends nobody writes any more, so that every comment can be read."""


@dataclass(frozen=True)
class SaidLine:
    """A line with its time; `product` is what is on air."""

    start_ms: int
    end_ms: int
    line: Line
    language: Language
    topic: str
    product: str | None


@dataclass(frozen=True)
class TimedTopic:
    """A stretch about one thing: an event of the truth, and one shot of the film."""

    topic: str
    block: str
    start_ms: int
    end_ms: int
    product: str | None
    language: Language
    layout: LayoutName


@dataclass(frozen=True)
class TimedComment:
    """A comment with the moment at which it appears, and the block in which it does."""

    number: int
    at_ms: int
    block: str
    viewer: Viewer


@dataclass(frozen=True)
class Card:
    """What the card of the product on air shows from `at_ms` on."""

    at_ms: int
    product: str | None
    price: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class TimedPromise:
    """A promise with the moments at which it has been made and kept."""

    truth: PromiseTruth
    made_ms: int
    kept_ms: int | None


@dataclass(frozen=True)
class TimedQuery:
    """A query, when it is asked, and the stretches of time that answer it by then."""

    query: Query
    asked_ms: int
    answers: tuple[tuple[int, int], ...]


class Programme:
    """The script laid out in time; block follows block without a gap."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.said: list[SaidLine] = []
        self.topics: list[TimedTopic] = []
        at = 0
        for name, block in script.blocks.items():
            times = iter(script.times[name].lines)
            end = at + script.times[name].length_ms
            starts: list[int] = []
            for topic in block.segments:
                spans = [next(times) for _ in topic.lines]
                starts.append(at + spans[0][0])
                self.said += [
                    SaidLine(at + a, at + b, line, block.language, topic.topic, topic.product)
                    for (a, b), line in zip(spans, topic.lines, strict=True)
                ]
            begins = [at, *starts[1:]]
            for topic, start, stop in zip(block.segments, begins, [*begins[1:], end], strict=True):
                layout = script.look.layouts[name]
                self.topics.append(
                    TimedTopic(
                        topic.topic, name, start, stop, topic.product, block.language, layout
                    )
                )
            at = end
        self.end_ms = at

    @cached_property
    def by_id(self) -> dict[str, SaidLine]:
        """The lines that have a name.

        Raises:
            InvalidInput: two have the same.
        """
        named = [said for said in self.said if said.line.id]
        found = {said.line.id or "": said for said in named}
        if len(found) < len(named):
            raise InvalidInput("Two lines of the script have one id.", hint="Rename one.")
        return found

    @cached_property
    def borders(self) -> list[int]:
        """When events begin, the first aside."""
        return [topic.start_ms for topic in self.topics[1:]]

    def product_at(self, at_ms: int) -> str | None:
        """What is on air."""
        found = (t.product for t in self.topics if t.start_ms <= at_ms < t.end_ms)
        return next(found, None)

    @cached_property
    def comments(self) -> list[TimedComment]:
        """The comments, spread over their topics; the moments come from the topic's name."""
        found: list[TimedComment] = []
        ends = {topic.block: topic.end_ms for topic in self.topics}
        for topic in self.topics:
            dice = random.Random(topic.topic)  # noqa: S311 (not a secret)
            end = min(topic.end_ms, ends[topic.block] - _LAST_WORD_MS)
            own = [viewer for viewer in self.script.comments if viewer.topic == topic.topic]
            step = (end - topic.start_ms) / max(1, len(own))
            before = 0
            for place, viewer in enumerate(own):
                at = int(topic.start_ms + (place + dice.uniform(0.2, 0.9)) * step)
                if place and dice.random() < _BURST:
                    at = before + dice.randint(*_BURST_MS)
                before = at = max(at, before + _BURST_MS[0])
                found.append(TimedComment(len(found) + 1, min(at, end), topic.block, viewer))
        return found

    @cached_property
    def cards(self) -> list[Card]:
        """The card at every moment at which it changes."""
        moments = [(topic.start_ms, topic.product) for topic in self.topics]
        changes = [(self.by_id[c.at].end_ms, c) for c in self.script.look.cards]
        moments += [(at, self.product_at(at)) for at, _ in changes]
        found: list[Card] = []
        for at, product in sorted(moments, key=lambda moment: moment[0]):
            shown = next((p for p in self.script.look.products if p.product_id == product), None)
            card = Card(at, product, shown.price if shown else None)
            for since, change in changes:
                if since <= at and change.product_id == product:
                    price, note = change.price or card.price, change.note or card.note
                    card = Card(at, product, price, note)
            if not found or (card.product, card.price, card.note) != (
                found[-1].product,
                found[-1].price,
                found[-1].note,
            ):
                found.append(card)
        return found

    @cached_property
    def promises(self) -> list[TimedPromise]:
        """What was promised, and whether it was kept."""
        return [
            TimedPromise(
                truth,
                self.by_id[truth.made].end_ms,
                self.by_id[truth.kept].end_ms if truth.kept else None,
            )
            for truth in self.script.look.promises
        ]

    @cached_property
    def queries(self) -> list[TimedQuery]:
        """Queries as of their moments."""
        found: list[TimedQuery] = []
        for query in self.script.queries:
            after = query.asked_after
            asked = self.end_ms if after == "end" else self.by_id[after].end_ms
            lines = [self.by_id[name] for name in query.answered_by]
            answers = [(said.start_ms, said.end_ms) for said in lines]
            found.append(TimedQuery(query, asked, tuple(answers)))
        return found
