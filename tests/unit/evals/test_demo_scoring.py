"""A session that found all of the demo's truth scores full marks; one that did not scores less."""

import pytest

from domain.stream import Comment, Event, LiveFact, LogEntry, LogRow, Utterance
from evals.demo import record_of
from evals.demo_scoring import (
    Found,
    score_borders,
    score_comments,
    score_facts,
    score_on_air,
    score_speech,
)
from evals.gold import read_example_gold
from live.demo import Programme, read_script
from live.demo.composing import EXAMPLE
from tools.on_air import OnAirProduct


@pytest.fixture(scope="module")
def programme() -> Programme:
    return Programme(read_script(EXAMPLE))


def _said(programme: Programme) -> list[LogRow]:
    return [
        Utterance(start_ms=said.start_ms, end_ms=said.end_ms, text=said.line.say)
        for said in programme.said
    ]


def _read(programme: Programme) -> list[LogRow]:
    return [
        Comment(
            start_ms=comment.at_ms + 20_000,
            user=comment.viewer.user,
            text=comment.viewer.text,
            is_question=comment.viewer.asks,
            via="frame",
        )
        for comment in programme.comments
        if not comment.viewer.notice
    ]


def _found(programme: Programme, rows: list[LogRow], events: list[Event] | None = None) -> Found:
    entries = [LogEntry(seq=number, row=row) for number, row in enumerate(rows, start=1)]
    return Found(entries, events or [], programme.end_ms)


def test_speech_heard_word_by_word_has_no_error(programme: Programme):
    rows = _said(programme)
    assert set(score_speech(programme, _found(programme, rows)).measures.values()) == {0.0}
    half = score_speech(programme, _found(programme, rows[::2]))
    assert all(0.3 < value < 0.7 for value in half.measures.values())


def test_borders_within_five_seconds_count_and_others_do_not(programme: Programme):
    starts = [0, *programme.borders]

    def f1(shift_ms: int) -> float:
        events = [
            Event(event_id=str(at), start_ms=at + shift_ms, end_ms=at, available_at_ms=at)
            for at in starts
        ]
        return score_borders(programme, _found(programme, [], events)).measures["F1"]

    assert f1(0) == f1(4900) == 1.0
    assert f1(7000) < 0.3


def test_comments_missing_doubled_and_misread_are_told_apart(programme: Programme):
    rows = _read(programme)
    reading, asking = score_comments(programme, _found(programme, rows))
    assert reading.measures["missing"] <= 1
    assert reading.measures["doubled"] == reading.measures["misread or no comment"] == 0
    assert reading.measures["user right"] >= 0.99
    assert asking.measures["F1"] == 1.0
    long = next(row for row in rows if len(row.text) > 20)
    wrong = rows[3].model_copy(update={"text": "nothing like it was ever written"})
    spoilt = [*(row for row in rows if row is not rows[3]), long, wrong]
    worse, _ = score_comments(programme, _found(programme, spoilt))
    assert worse.measures["missing"] == reading.measures["missing"] + 1
    assert worse.measures["doubled"] == 1
    assert worse.measures["misread or no comment"] == 1


def test_facts_count_with_their_value_and_their_moment(programme: Programme):
    rows = _said(programme)
    facts: list[LogRow] = []
    for seq, said in enumerate(programme.said, start=1):
        kind, _, value = (said.line.fact or "").partition(" ")
        if kind in ("price", "stock", "promise"):
            facts.append(
                LiveFact(
                    start_ms=said.end_ms,
                    fact=kind,
                    product_id=said.product,
                    field=kind,
                    value=value,
                    quote=said.line.say,
                    said_in=seq,
                )
            )
    for report in score_facts(programme, _found(programme, [*rows, *facts])):
        full = {name: v for name, v in report.measures.items() if name in ("recall", "precision")}
        assert set(full.values()) <= {1.0}, report.job
    dear = [
        fact.model_copy(update={"value": "1"})
        for fact in facts
        if isinstance(fact, LiveFact) and fact.fact == "price"
    ]
    price = score_facts(programme, _found(programme, [*rows, *dear]))[0]
    assert price.measures["recall"] == price.measures["precision"] == 0.0


def test_the_product_on_air_is_known_from_the_script_itself(programme: Programme):
    gold = {m.gold.id: m.gold.products[0] for m in read_example_gold()}
    line_up = [
        OnAirProduct(p.product_id, (gold[p.product_id].name, p.brand))
        for p in programme.script.look.products
    ]
    report = score_on_air(programme, _found(programme, _said(programme)), line_up)
    assert report.measures["8 s later, of products"] > 0.8
    nothing = score_on_air(programme, _found(programme, []), line_up)
    assert nothing.measures["8 s later, of products"] == 0.0


def test_a_gold_record_holds_its_facts():
    (material,) = read_example_gold(["kiln-mug"])
    record = record_of(material.gold.products[0])
    assert (record.name, record.live_price, record.list_price) == ("Kiln Mug", 19.9, 28.0)
    assert record.variants.stock["Ink 350 ml"] == 9
    assert record.variants.colours == ["Moss", "Chalk", "Ink"]
    assert "390 g" in record.specs.values()
