"""Drafted answers: whom they serve, and for how long."""

from datetime import UTC, datetime

import pytest

from domain.answer import Answer
from domain.product import ProductDocument
from domain.scope import Scope
from domain.stream import LiveFact, StreamSpec
from stores.drafts import DraftStore
from stores.sql import Database
from stores.streams import StreamStore
from tests.fakes.catalogs import catalog_in
from tests.fakes.products import MUG, document_of
from tools.drafts import Draft, Drafts


class Show:
    """A mug on air."""

    def __init__(self, database: Database, scope: Scope) -> None:
        self.scope = scope
        self.streams = StreamStore(database)
        self.streams.create(scope, "night", StreamSpec())
        self.catalog = catalog_in(database)
        stored, _ = self.catalog.take_in(scope, document_of(MUG))
        self.mug: ProductDocument = self.catalog.publish(scope, stored.product_id)
        self.drafts = Drafts(DraftStore(database), self.streams, self.catalog)

    def draft(self, cluster_id: str, question: str, text: str) -> None:
        answer = Answer(
            answer_id=f"answer-{cluster_id}", question=question, lang="en", product_id="p-1",
            product_version=self.mug.version, text=text, status="grounded", method="extractive",
            created_at=datetime.now(UTC),
        )  # fmt: skip
        basis = self.drafts.basis(self.scope, "night", self.mug)
        self.drafts.save(self.scope, "night", Draft(cluster_id, basis, answer))

    def find(self, question: str, product_id: str = "p-1") -> str | None:
        answer = self.drafts.find(self.scope, "night", question, product_id)
        return None if answer is None else answer.answer_id

    def say_price(self, product_id: str) -> None:
        fact = LiveFact(
            start_ms=9000, fact="price", product_id=product_id, field="live_price", value="17.9",
            quote="now 17.90", said_in=3,
        )  # fmt: skip
        self.streams.append(self.scope, "night", [(f"fact:{product_id}", fact)])


@pytest.fixture
def show(database: Database, scope: Scope) -> Show:
    show = Show(database, scope)
    show.draft("q1", "How much is it?", "It is $19.90.")
    show.draft("q2", "does it leak?", "No, the lid is leak-proof.")
    show.draft("q3", "is moss green in stock?", "No, it is sold out.")
    return show


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("how much is it", "answer-q1"),
        ("HOW MUCH IS IT ?", "answer-q1"),
        ("what does it cost", "answer-q1"),
        ("多少钱", None),
        ("does it leak", "answer-q2"),
        ("is it leakproof?", None),
        ("is moss green in stock", "answer-q3"),
        ("is cream white in stock", None),
        ("how much does shipping cost", None),
    ],
)
def test_a_draft_serves_who_asks_for_the_very_same(show: Show, question: str, found: str | None):
    assert show.find(question) == found


def test_a_draft_serves_its_own_product_and_stream(show: Show):
    assert show.find("how much is it", "p-2") is None
    assert show.drafts.find(show.scope, "day", "how much is it", "p-1") is None


def test_a_live_fact_about_the_product_ends_its_drafts(show: Show):
    show.say_price("p-2")
    assert show.find("how much is it") == "answer-q1"
    assert show.drafts.withdraw_stale(show.scope, "night") == []
    show.say_price("p-1")
    assert show.find("how much is it") is None
    assert show.drafts.withdraw_stale(show.scope, "night") == ["q1", "q2", "q3"]
    assert show.drafts.withdraw_stale(show.scope, "night") == []


def test_a_new_version_ends_its_drafts_once_it_is_published(show: Show):
    changed = show.catalog.correct(show.scope, "p-1", "live_price", "18.9")
    assert show.find("how much is it") == "answer-q1"
    show.catalog.publish(show.scope, "p-1", changed.version)
    assert show.find("how much is it") is None


def test_what_the_host_has_answered_is_withdrawn(show: Show):
    assert show.drafts.withdraw_stale(show.scope, "night", frozenset({"q2"})) == ["q2"]
    assert show.find("does it leak") is None
    assert show.find("how much is it") == "answer-q1"
