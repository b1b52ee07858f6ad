"""Two logs are compared by all that their rows say."""

from pathlib import Path

import pytest

from domain.scope import Scope
from domain.stream import (
    Comment,
    LiveFact,
    LogRow,
    ScreenLine,
    Speed,
    StreamHealth,
    StreamSpec,
    Utterance,
)
from live.replaying import ReplayReport, compare_logs, pushed_rows
from stores.sql import open_database
from stores.streams import StreamStore

SCOPE = Scope()


@pytest.fixture
def store(tmp_path: Path) -> StreamStore:
    return StreamStore(open_database(tmp_path / "home.sqlite"))


def _fact(**given: object) -> LiveFact:
    price = {"fact": "price", "product_id": "mug", "field": "live_price", "value": "19"}
    return LiveFact.model_validate(
        {"start_ms": 5, "quote": "Now 19.", "said_in": 1} | price | given
    )


SAID = Utterance(start_ms=0, end_ms=5, text="Now 19.", product_id="mug")
ASKED = Comment(start_ms=1, user="ann", text="how much?", is_question=True)
SEEN = Comment(start_ms=2, user="bo", text="mine", via="frame")
SHOWN = ScreenLine(start_ms=3, text="19")


def _compare(
    store: StreamStore,
    before: list[LogRow],
    now: list[LogRow],
    *,
    speed: Speed = "live",
    source: str | None = "film.mp4",
) -> ReplayReport:
    store.create(SCOPE, "first", StreamSpec(source="film.mp4", speed=speed))
    store.create(SCOPE, "again", StreamSpec(source=source, replay_of="first"))
    for name, rows in (("first", before), ("again", now)):
        store.update(SCOPE, name, health=StreamHealth(has_video=source is not None))
        store.append(SCOPE, name, [(f"row:{n}", row) for n, row in enumerate(rows)])
    return compare_logs(store, SCOPE, "first", "again")


def test_numbers_of_rows_do_not_count(store: StreamStore) -> None:
    report = _compare(store, [SAID, ASKED, _fact()], [ASKED, SAID, _fact(said_in=2)])
    assert report.is_same
    assert {one.kind: one.same for one in report.kinds} == {
        "comment": 1,
        "live_fact": 1,
        "utterance": 1,
    }


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (SAID, SAID.model_copy(update={"product_id": "lamp"})),
        (SAID, SAID.model_copy(update={"speaker": "guest"})),
        (ASKED, ASKED.model_copy(update={"user": "cy"})),
        (ASKED, ASKED.model_copy(update={"is_question": False})),
        (_fact(), _fact(value="29")),
        (_fact(), _fact(product_id="lamp")),
    ],
)
def test_rows_of_one_text_may_say_different_things(
    store: StreamStore, before: LogRow, now: LogRow
) -> None:
    report = _compare(store, [before], [now], speed="max")
    assert (report.complete, report.is_same, report.is_as_expected) == (True, False, False)
    assert [(one.same, one.only_before, one.only_now) for one in report.kinds] == [(0, 1, 1)]


@pytest.mark.parametrize(
    ("missed", "speed", "complete", "expected"),
    [
        (SHOWN, "live", False, True),
        (SEEN, "live", False, True),
        (SEEN, "max", True, False),
        (ASKED, "live", False, False),
        (SAID, 2.0, False, False),
    ],
)
def test_only_what_hangs_on_pictures_may_differ_where_some_were_left_out(
    store: StreamStore, missed: LogRow, speed: Speed, complete: bool, expected: bool
) -> None:
    rest: list[LogRow] = [row for row in (SAID, ASKED, SEEN, SHOWN) if row is not missed]
    report = _compare(store, rest, [*rest, missed], speed=speed)
    assert not report.is_same
    assert (report.complete, report.is_as_expected) == (complete, expected)


def test_without_pictures_everything_is_complete(store: StreamStore) -> None:
    report = _compare(store, [SAID], [SAID, SHOWN], source=None)
    assert (report.complete, report.is_as_expected) == (True, False)


def test_what_was_pushed_is_found_again_as_it_came(store: StreamStore) -> None:
    store.create(SCOPE, "first", StreamSpec())
    store.append(SCOPE, "first", [("said:1", SAID), ("pushed:a", ASKED), ("pushedx", SEEN)])
    assert list(pushed_rows(store, SCOPE, "first")) == [
        ("pushed:2", ASKED.model_copy(update={"is_question": None}))
    ]
