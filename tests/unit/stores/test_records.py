"""Copies, answers, model calls, uploads, sources, idempotency keys, the index's state."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.answer import Answer, AnswerStatus
from domain.compliance import ComplianceReport
from domain.copywriting import Copy, CopyBrief, Section
from domain.errors import NotFound, StateConflict
from domain.evidence import Source
from domain.product import ProductRecord
from domain.scope import Scope
from stores.answers import UNANSWERED, AnswerStore
from stores.blobs import BlobRef
from stores.calls import CallStore
from stores.catalog import CatalogStore
from stores.copies import CopyStore
from stores.idempotency import IdempotencyStore, StoredResponse
from stores.index_state import IndexLag, IndexStateStore
from stores.sources import SourceStore
from stores.sql import Database
from stores.tables import CopyRow
from stores.uploads import UploadStore

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
STRANGER = Scope("other")


def copy(copy_id: str, product_id: str = "pack", minute: int = 0) -> Copy:
    return Copy(
        copy_id=copy_id,
        product_id=product_id,
        product_version=1,
        brief=CopyBrief(),
        lang="en",
        text="A light pack.",
        sections=[Section(name="hook", text="A light pack.")],
        claims=[],
        compliance=ComplianceReport(violating=False, rewrite="A light pack."),
        status="passed",
        created_at=START + timedelta(minutes=minute),
    )


def answer(answer_id: str, status: AnswerStatus, minute: int = 0) -> Answer:
    return Answer(
        answer_id=answer_id,
        question="防水吗？",
        lang="zh",
        product_id="pack",
        product_version=1,
        text="防水。",
        status=status,
        method="model",
        created_at=START + timedelta(minutes=minute),
    )


def test_copies(database: Database, scope: Scope):
    copies = CopyStore(database)
    copies.save(scope, copy("c1"))
    copies.save(scope, copy("c1"))
    copies.save(scope, copy("c2", minute=1))
    copies.save(scope, copy("c3", product_id="mug", minute=2))
    assert copies.get(scope, "c1") == copy("c1")
    assert [found.copy_id for found in copies.list(scope, "pack")] == ["c2", "c1"]
    assert [found.copy_id for found in copies.list(scope, limit=2)] == ["c3", "c2"]
    copies.save(scope, copy("c4", product_id="mug", minute=2))
    pages = [copies.list(scope, limit=2), copies.list(scope, limit=2, after=copy("c4", minute=2))]
    assert [found.copy_id for page in pages for found in page] == ["c3", "c4", "c2", "c1"]
    assert copies.list(STRANGER) == []
    with pytest.raises(NotFound, match="c1"):
        copies.get(STRANGER, "c1")


def test_a_copy_of_before_is_still_read(database: Database, scope: Scope):
    copies = CopyStore(database)
    copies.save(scope, copy("c1"))
    removal = {"text": "The best.", "reason": "rule x: y", "replacement": None}
    with database.session() as session:
        row = session.get_one(CopyRow, (scope.workspace_id, "c1"))
        old = {key: value for key, value in row.document.items() if key != "jurisdictions"}
        del old["brief"]["comment"]
        old["brief"] |= {"tone": "x" * 300}
        row.document = old | {"removals": [removal]}
    found = copies.get(scope, "c1")
    assert found.jurisdictions is None
    assert found.removals[0].rules == []


def test_answers_and_the_unanswered_queue(database: Database, scope: Scope):
    answers = AnswerStore(database)
    answers.save(scope, answer("a1", "grounded"))
    answers.save(scope, answer("a2", "abstained", 1))
    answers.save(scope, answer("a3", "escalated", 2))
    assert answers.get(scope, "a1") == answer("a1", "grounded")
    assert [found.answer_id for found in answers.list(scope, status=UNANSWERED)] == ["a3", "a2"]
    assert [found.answer_id for found in answers.list(scope, status="abstained")] == ["a2"]
    answers.save(scope, answer("a2", "grounded", 1))
    assert [found.answer_id for found in answers.list(scope, status=UNANSWERED)] == ["a3"]
    assert answers.list(scope, product_id="mug") == []
    with pytest.raises(NotFound, match="a1"):
        answers.get(STRANGER, "a1")


def test_the_first_response_to_a_call_wins(database: Database, scope: Scope):
    calls = CallStore(database)
    assert calls.get("key", scope) is None
    assert calls.put("key", "one", model="m", prompt="p@1+ab", scope=scope) == "one"
    assert calls.put("key", "two", model="m", prompt="p@1+ab", scope=scope) == "one"
    assert calls.get("key", scope) == "one"
    assert calls.get("key", STRANGER) is None
    assert calls.put("key", "two", model="m", prompt="p@1+ab", scope=STRANGER) == "two"


def test_uploads(database: Database, scope: Scope):
    uploads = UploadStore(database, lambda: START)
    sent = uploads.add(scope, "价格表.csv", "text/csv", BlobRef("a" * 64, 5_000_000_000))
    assert uploads.get(scope, sent.upload_id) == sent
    assert (sent.file, sent.size, sent.created_at) == ("价格表.csv", 5_000_000_000, START)
    with pytest.raises(NotFound):
        uploads.get(STRANGER, sent.upload_id)


def test_sources(database: Database, scope: Scope):
    sources = SourceStore(database)
    one, two = (
        Source(source_id=f"s{n}", file=f"{n}.txt", kind="text", media_type="t", blob=b, size=n)
        for n, b in ((1, "aa"), (2, "bb"))
    )
    sources.save(scope, [one, two])
    sources.save(scope, [one])
    assert [sources.get(scope, item) for item in ("s1", "s2")] == [one, two]
    with pytest.raises(NotFound, match="s1"):
        sources.get(STRANGER, "s1")


def test_a_request_with_a_key_is_answered_once(database: Database, scope: Scope):
    keys = IdempotencyStore(database)
    assert keys.begin(scope, "POST /jobs", "k", "hash") is None
    with pytest.raises(StateConflict, match="still at work"):
        keys.begin(scope, "POST /jobs", "k", "hash")
    answered = StoredResponse(201, {"job_id": "j"})
    keys.complete(scope, "POST /jobs", "k", answered)
    assert keys.begin(scope, "POST /jobs", "k", "hash") == answered
    with pytest.raises(StateConflict, match="another request"):
        keys.begin(scope, "POST /jobs", "k", "other")
    assert keys.begin(STRANGER, "POST /jobs", "k", "hash") is None
    assert keys.begin(scope, "POST /copies", "k", "hash") is None


def test_a_key_comes_back_after_a_failure_or_a_crash(database: Database, scope: Scope):
    keys = IdempotencyStore(database)
    keys.begin(scope, "r", "failed", "h")
    keys.abandon(scope, "r", "failed")
    assert keys.begin(scope, "r", "failed", "h") is None
    keys.begin(scope, "r", "done", "h")
    keys.complete(scope, "r", "done", StoredResponse(200, {}))
    assert keys.abandon_all() == 1
    assert keys.begin(scope, "r", "failed", "h") is None
    assert keys.begin(scope, "r", "done", "h") == StoredResponse(200, {})


def test_the_index_state_tells_what_lags_behind(database: Database, scope: Scope):
    catalog, state = CatalogStore(database), IndexStateStore(database)
    for product in ("new", "same", "newer", "gone", "draft"):
        catalog.save_version(scope, product, ProductRecord(name=product))
        if product != "draft":
            catalog.publish(scope, product)
    for product in ("same", "newer", "gone"):
        state.mark(scope, product, version=1, embedder="e5")
    catalog.save_version(scope, "newer", ProductRecord(name="newer"))
    catalog.publish(scope, "newer")
    catalog.delete(scope, "gone")

    lags = {(lag.product_id, lag.version) for lag in state.lagging("e5")}
    assert lags == {("new", 1), ("newer", 2), ("gone", None)}
    assert IndexLag("shop", "same", 1) in state.lagging("another embedder")

    state.mark(scope, "gone", version=None, embedder="e5")
    state.mark(scope, "new", version=1, embedder="e5")
    state.mark(scope, "newer", version=2, embedder="e5")
    assert state.lagging("e5") == []
    state.forget_all()
    assert {lag.product_id for lag in state.lagging("e5")} == {"new", "newer", "same"}
