"""The demo broadcast's truth: whole, in order, and true to the products that it sells."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from domain.errors import InvalidInput, NotFound
from evals.gold import GoldFact, read_example_gold
from live.demo import Programme, read_script
from live.demo.composing import EXAMPLE

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def programme() -> Programme:
    return Programme(read_script(EXAMPLE))


@pytest.fixture(scope="module")
def gold() -> dict[str, list[GoldFact]]:
    return {m.gold.id: m.gold.products[0].facts for m in read_example_gold()}


def test_it_is_as_long_and_as_wide_as_it_should_be(programme: Programme):
    assert programme.end_ms >= 20 * 60_000
    on_air = {topic.product for topic in programme.topics} - {None}
    assert on_air == {product.product_id for product in programme.script.look.products}
    assert len(on_air) >= 4
    languages = [block.language for block in programme.script.blocks.values()]
    assert languages.count("en") >= 2
    assert languages.count("zh") >= 2
    assert len({topic.layout for topic in programme.topics}) >= 3


def test_a_product_comes_back_after_another(programme: Programme):
    shown = [topic.product for topic in programme.topics if topic.product]
    runs = [b for a, b in pairwise(["", *shown]) if a != b]
    assert len(runs) > len(set(runs))


def test_times_are_in_order_and_blocks_meet(programme: Programme):
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(programme.said))
    assert all(a.end_ms == b.start_ms for a, b in pairwise(programme.topics))
    assert all(a.at_ms <= b.at_ms for a, b in pairwise(programme.comments))
    assert all(a.at_ms < b.at_ms for a, b in pairwise(programme.cards))
    assert programme.said[-1].end_ms < programme.end_ms == programme.topics[-1].end_ms


def test_speech_is_committed_in_small_files(programme: Programme):
    for name in programme.script.blocks:
        assert 100_000 < programme.script.sound(name).stat().st_size < 2 * MIB


def test_what_is_stated_stands_in_the_gold(programme: Programme, gold: dict[str, list[GoldFact]]):
    stated = [(said, fact) for said in programme.said for fact in said.line.states]
    assert len(stated) > 100
    for said, fact in stated:
        field, _, value = fact.partition(": ")
        known = {word for g in gold[said.product or ""] if g.field == field for word in g.wordings}
        assert value in known, f"{said.line.id}: {fact}"


def test_numbers_are_said_as_the_gold_has_them(programme: Programme):
    """A digit in a stated price, stock or size is spoken in that line."""
    for said in programme.said:
        for fact in said.line.states:
            field, _, value = fact.partition(": ")
            if field in ("list_price", "live_price"):
                assert re.sub(r"\.00?$", "", value) in said.line.say, said.line.id


def test_no_boast_of_the_material_is_said_but_in_the_marked_claims(programme: Programme):
    claims = [said for said in programme.said if said.line.claim]
    assert {said.language for said in claims} == {"en", "zh"}
    for said in claims:
        assert said.line.claim is not None
        assert said.line.claim in said.line.say
    for material in read_example_gold():
        for said in programme.said:
            if said.product == material.gold.id and not said.line.claim:
                for banned in material.gold.products[0].not_stored:
                    assert banned.lower() not in said.line.say.lower(), said.line.say


def test_prices_change_stock_ends_and_promises_are_kept_and_broken(programme: Programme):
    prices: dict[str, list[str]] = {}
    for said in programme.said:
        if (said.line.fact or "").startswith("price"):
            prices.setdefault(said.product or "", []).append(said.line.fact or "")
    assert any(len(set(told)) > 1 for told in prices.values())
    assert any((said.line.fact or "").startswith("stock") for said in programme.said)
    assert any(p.kept_ms for p in programme.promises)
    assert any(p.truth.broken for p in programme.promises)
    for promise in programme.promises:
        assert promise.kept_ms is None or promise.kept_ms > promise.made_ms
        assert not (promise.truth.kept and promise.truth.broken)
        assert programme.by_id[promise.truth.made].line.promise == promise.truth.promise
        if promise.truth.kept:
            assert programme.by_id[promise.truth.kept].line.keeps == promise.truth.promise


def test_the_card_shows_the_price_that_holds(programme: Programme):
    for said in programme.said:
        kind, _, value = (said.line.fact or "").partition(" ")
        if kind == "price":
            card = [c for c in programme.cards if c.at_ms <= said.end_ms][-1]
            assert card.product == said.product
            assert value in (card.price or ""), said.line.id


def test_comments_are_many_mixed_and_sometimes_at_once(programme: Programme):
    comments = programme.comments
    assert len(comments) == len(programme.script.comments) >= 250
    said = [c.viewer for c in comments if not c.viewer.notice]
    assert 0.3 < sum(v.asks for v in said) / len(said) < 0.6
    chinese = sum(bool(re.search(r"[\u4e00-\u9fff]", v.text)) for v in said)
    assert 0.25 < chinese / len(said) < 0.75
    assert sum(b.at_ms - a.at_ms < 500 for a, b in pairwise(comments)) >= 20
    earlier = [c for c in comments if c.viewer.about not in (None, programme.product_at(c.at_ms))]
    assert len(earlier) >= 5
    assert len(comments) - len(said) >= 10


def test_queries_are_answered_before_they_are_asked_or_not_at_all(programme: Programme):
    assert len(programme.queries) >= 30
    assert {timed.query.language for timed in programme.queries} == {"en", "zh"}
    spoken = {(said.start_ms, said.end_ms): said.language for said in programme.said}
    crossing = 0
    for timed in programme.queries:
        assert any(end <= timed.asked_ms for _, end in timed.answers) or not timed.answers
        crossing += any(spoken[span] != timed.query.language for span in timed.answers)
        if not timed.answers:
            assert timed.query.said_later
        for name in timed.query.said_later:
            assert programme.by_id[name].start_ms > timed.asked_ms
    assert crossing >= 8
    assert sum(not timed.answers for timed in programme.queries) >= 5


def test_a_script_with_times_of_another_is_refused(tmp_path: Path):
    _copy(tmp_path)
    path = next((tmp_path / "speech").glob("1-*.json"))
    told = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(told | {"lines": told["lines"][:-1]}), "utf-8")
    with pytest.raises(InvalidInput, match="times for"):
        read_script(tmp_path)


def test_a_missing_part_is_named(tmp_path: Path):
    _copy(tmp_path)
    (tmp_path / "queries.jsonl").unlink()
    with pytest.raises(NotFound, match=r"queries\.jsonl"):
        read_script(tmp_path)


def _copy(target: Path) -> None:
    for path in EXAMPLE.rglob("*"):
        if path.suffix in (".yaml", ".json", ".jsonl"):
            copied = target / path.relative_to(EXAMPLE)
            copied.parent.mkdir(parents=True, exist_ok=True)
            copied.write_bytes(path.read_bytes())
