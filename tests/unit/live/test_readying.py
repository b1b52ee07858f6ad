"""What is made ready before a click: the newest wish first, one at a time, as long as it holds."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from domain.answer import Answer, Ask
from domain.errors import ModelUnavailable
from domain.product import ProductDocument
from domain.scope import Scope
from domain.stream import LiveFact, StreamSpec
from live.readying import Readiness, TopQuestion
from stores.drafts import DraftStore
from stores.sql import Database
from stores.streams import StreamStore
from tests.fakes.catalogs import catalog_in
from tests.fakes.products import MUG, document_of
from tools.drafts import Drafts

PRICE, SIZE = TopQuestion("q1", "how much is it"), TopQuestion("q2", "how many ml")


@dataclass
class Responder:
    """Answers when it is let; `asked` are the questions in order."""

    status: str = "grounded"
    asked: list[str] = field(default_factory=list[str])
    at_once: int = 0
    most_at_once: int = 0
    may: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, scope: Scope, ask: Ask) -> AsyncIterator[str | Answer]:
        del scope
        assert ask.drafted
        self.asked.append(ask.question)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.may.wait()
        finally:
            self.at_once -= 1
        if ask.question == "fail":
            raise ModelUnavailable("no model", hint="start one")
        yield Answer.model_validate(
            {
                "answer_id": f"answer-{len(self.asked)}", "question": ask.question, "lang": "en",
                "product_id": ask.product_id, "product_version": 1, "text": "So it is.",
                "status": self.status, "method": "model", "stream_id": ask.stream_id,
                "cluster_id": ask.cluster_id, "drafted": True, "created_at": datetime.now(UTC),
            }
        )  # fmt: skip


class Show:
    def __init__(self, database: Database, scope: Scope) -> None:
        self.scope = scope
        self.streams = StreamStore(database)
        for name in ("night", "day"):
            self.streams.create(scope, name, StreamSpec())
        self.catalog = catalog_in(database)
        for product_id in ("p-1", "p-2"):
            document = document_of(MUG).model_copy(update={"product_id": product_id})
            self.catalog.take_in(scope, document)
            self.catalog.publish(scope, product_id)
        self.drafts = Drafts(DraftStore(database), self.streams, self.catalog)
        self.responder = Responder()
        self.warmed: list[str] = []
        self.wishes: list[str] = []
        self.told: list[tuple[str, str | None]] = []

    @asynccontextmanager
    async def readiness(
        self, settle_seconds: float = 0, usual: Mapping[str, Sequence[str]] = {}
    ) -> AsyncGenerator[Readiness]:
        readiness = Readiness(
            self.drafts,
            asyncio.get_running_loop(),
            settle_seconds=settle_seconds,
            usual=usual,
        )
        readiness.start(self.responder.ask, self.warm, self.phrase)
        yield readiness
        await readiness.aclose()

    async def phrase(self) -> bool:
        if self.wishes:
            self.responder.asked.append(self.wishes.pop())
            return True
        return False

    def warm(self, scope: Scope, document: ProductDocument) -> None:
        del scope
        self.warmed.append(document.product_id)

    def see(
        self,
        readiness: Readiness,
        *questions: TopQuestion,
        stream: str = "night",
        product_id: str | None = "p-1",
        answered: frozenset[str] = frozenset(),
    ) -> None:
        readiness.see(
            self.scope, stream, product_id, questions, answered=answered,
            tell=lambda cluster_id, draft_id: self.told.append((cluster_id, draft_id)),
        )  # fmt: skip

    async def until_told(self, count: int) -> None:
        await _until(lambda: len(self.told) >= count)

    async def until_asked(self, count: int) -> None:
        await _until(lambda: len(self.responder.asked) >= count)


async def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)


@pytest.fixture
def show(database: Database, scope: Scope) -> Show:
    return Show(database, scope)


async def test_the_top_questions_are_answered_ahead_once(show: Show):
    show.responder.may.set()
    async with show.readiness() as readiness:
        show.see(readiness, PRICE, SIZE)
        await show.until_told(2)
        show.see(readiness, PRICE, SIZE)
        await asyncio.sleep(0.1)
    assert show.told == [("q1", "answer-1"), ("q2", "answer-2")]
    assert show.responder.asked == ["how much is it", "how many ml"]
    found = show.drafts.find(show.scope, "night", "how much is it", "p-1")
    assert found is not None
    assert (found.answer_id, found.drafted) == ("answer-1", True)


async def test_one_at_a_time_and_the_newest_wish_first(show: Show):
    async with show.readiness() as readiness:
        show.see(readiness, PRICE, SIZE)
        await show.until_asked(1)
        show.see(readiness, TopQuestion("q7", "does it leak"), stream="day", product_id="p-2")
        show.responder.may.set()
        await show.until_told(3)
    assert show.responder.asked == ["how much is it", "does it leak", "how many ml"]
    assert show.responder.most_at_once == 1


async def test_a_live_fact_withdraws_a_draft_and_another_is_made(show: Show):
    show.responder.may.set()
    async with show.readiness() as readiness:
        show.see(readiness, PRICE)
        await show.until_told(1)
        fact = LiveFact(
            start_ms=1, fact="price", product_id="p-1", field="live_price", value="17.9",
            quote="now 17.90", said_in=1,
        )  # fmt: skip
        show.streams.append(show.scope, "night", [("fact:1", fact)])
        assert show.drafts.find(show.scope, "night", "how much is it", "p-1") is None
        show.see(readiness, PRICE)
        await _until(lambda: show.told[-1] == ("q1", "answer-2"))
    found = show.drafts.find(show.scope, "night", "how much is it", "p-1")
    assert found is not None
    assert found.answer_id == "answer-2"


async def test_what_the_host_answers_is_withdrawn_and_not_drafted_again(show: Show):
    show.responder.may.set()
    async with show.readiness() as readiness:
        show.see(readiness, PRICE)
        await show.until_told(1)
        show.see(readiness, answered=frozenset({"q1"}))
        await show.until_told(2)
    assert show.told[-1] == ("q1", None)
    assert show.drafts.find(show.scope, "night", "how much is it", "p-1") is None


async def test_an_abstention_and_a_failure_leave_nothing_and_are_not_tried_again(show: Show):
    show.responder.may.set()
    show.responder.status = "abstained"
    async with show.readiness() as readiness:
        show.see(readiness, PRICE, TopQuestion("q3", "fail"))
        await show.until_asked(2)
        show.see(readiness, PRICE, TopQuestion("q3", "fail"))
        await asyncio.sleep(0.1)
    assert len(show.responder.asked) == 2
    assert show.told == []


async def test_the_model_is_warmed_for_a_product_that_stays(show: Show):
    async with show.readiness(settle_seconds=0.2) as readiness:
        show.see(readiness, product_id="p-1")
        await asyncio.sleep(0.05)
        show.see(readiness, product_id="p-2")
        await asyncio.sleep(0.1)
        show.see(readiness, product_id="p-2")
        await asyncio.sleep(0.1)
        assert show.warmed == []
        await asyncio.sleep(0.1)
        show.see(readiness, product_id="p-2")
        await asyncio.sleep(0.1)
    assert show.warmed == ["p-2"]


async def test_nothing_is_made_ready_before_it_is_started_or_without_a_product(show: Show):
    show.responder.may.set()
    idle = Readiness(show.drafts, asyncio.get_running_loop(), settle_seconds=0)
    show.see(idle, PRICE)
    async with show.readiness() as readiness:
        show.see(readiness, PRICE, product_id=None)
        show.see(readiness, PRICE, stream="day", product_id="unknown")
        await asyncio.sleep(0.1)
    assert show.responder.asked == []


async def test_after_what_many_ask_come_wishes_and_then_what_is_usual(show: Show):
    show.responder.may.set()
    show.wishes = ["a wish"]
    usual = {"en": ["when does it ship"], "zh": ["包邮吗"]}
    async with show.readiness(usual=usual) as readiness:
        show.see(readiness, PRICE)
        await show.until_asked(3)
        show.see(readiness, PRICE)
        await asyncio.sleep(0.1)
        assert show.responder.asked == ["how much is it", "a wish", "when does it ship"]
        show.see(readiness, PRICE, TopQuestion("q5", "多少钱"))
        await show.until_asked(5)
    assert show.responder.asked[3:] == ["多少钱", "包邮吗"]
    assert show.told == [("q1", "answer-1"), ("q5", "answer-4")], "what is usual is no draft"


async def test_a_wish_is_heard_without_a_stream(show: Show):
    show.wishes = ["first", "second"]
    async with show.readiness() as readiness:
        readiness.wake()
        await show.until_asked(2)
    assert show.responder.asked == ["second", "first"]
