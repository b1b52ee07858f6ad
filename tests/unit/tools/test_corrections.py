from datetime import UTC, datetime
from typing import Any

import pytest

from domain.errors import InvalidInput, StateConflict
from domain.evidence import Evidence, Locator
from domain.extraction import ProductDraft
from domain.product import (
    Conflict,
    ConflictValue,
    Correction,
    ProductDocument,
    ProductRecord,
    ProductStatus,
    Variants,
    iter_fields,
)
from tools.correction_requests import make_correction, settle_conflict
from tools.corrections import apply_corrections
from tools.record_fields import FIELD_KINDS, check_value, parse_field

NOW = datetime(2026, 3, 1, tzinfo=UTC)
RECORD = ProductRecord(
    name="Fjord Mug",
    live_price=19.9,
    currency="USD",
    shipping="Ships in 48 hours",
    variants=Variants(colours=["Moss", "Cream"], stock={"Moss M": 3}),
    specs={"Weight": "210 g", "Net.content": "350 ml"},
    selling_points=["Keeps drinks hot", "Leak-proof lid", "Fits a cup holder"],
)


def said(quote: str, file: str = "list.csv") -> Evidence:
    return Evidence(source="s1", file=file, locator=Locator(row=2), quote=quote)


def draft_of(record: ProductRecord = RECORD, **given: Any) -> ProductDraft:
    evidence = {path: [said(value)] for path, value in iter_fields(record)}
    return ProductDraft(record=record, evidence=evidence, **given)


def document_of(draft: ProductDraft) -> ProductDocument:
    return ProductDocument(
        product_id="mug",
        version=1,
        status=ProductStatus.AWAITING_APPROVAL,
        record=draft.record,
        evidence=draft.evidence,
        conflicts=draft.conflicts,
    )


def correct(draft: ProductDraft, field: str, value: str | None = None, **given: Any) -> Correction:
    document = document_of(draft)
    return make_correction(document, field, value, by="ana", at=NOW, **given)


def settle(draft: ProductDraft, field: str, value: str) -> Correction:
    return settle_conflict(document_of(draft), field, value, by="ana", at=NOW)


def disputed(*values: str) -> ProductDraft:
    """A draft whose sources give these weights."""
    told = [ConflictValue(value=v, evidence=[said(v, f"{v}.txt")]) for v in values]
    record = RECORD.model_copy(update={"specs": {"Weight": values[0]}})
    return draft_of(record, conflicts=[Conflict(field="specs.Weight", values=told)])


def values_at(draft: ProductDraft, field: str) -> str | None:
    return dict(iter_fields(draft.record)).get(field)


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("live_price", "18.50", "18.5"),
        ("currency", "eur", "EUR"),
        ("shipping", "Ships today", "Ships today"),
        ("brand", "Fjord", "Fjord"),
        ("specs.weight", "200 g", "200 g"),
        ("specs.Net.content", "330 ml", "330 ml"),
        ("variants.stock.Moss M", "0", "0"),
        ("variants.colours[1]", "Ivory", "Ivory"),
        ("selling_points[2]", "Fits any cup holder", "Fits any cup holder"),
    ],
)
def test_a_value_of_every_kind_is_set_and_backed_by_the_person(field: str, value: str, stored: str):
    draft = draft_of()
    correction = correct(draft, field, value)
    made = apply_corrections(draft, [correction])
    assert values_at(made, correction.field) == stored
    [said_by] = made.evidence[correction.field]
    assert (said_by.source, said_by.file, said_by.quote) == ("person", "person", stored)
    assert draft == draft_of(), "the draft that was given stays as it is"
    if correction.was is not None:
        [conflict] = made.conflicts
        assert (conflict.status, conflict.policy) == ("resolved", "person")
        assert [v.value for v in conflict.values] == [stored, correction.was]
        assert conflict.values[1].evidence == draft.evidence[correction.field]


def test_every_field_of_a_record_can_be_corrected():
    full = ProductRecord.model_fields.keys() - {"variants"}
    parts = {f"variants.{name}" for name in Variants.model_fields}
    assert full | parts == set(FIELD_KINDS)


@pytest.mark.parametrize(
    ("field", "given", "words"),
    [
        ("prize", {"value": "1"}, "no field 'prize'"),
        ("variants", {"value": "1"}, "no field"),
        ("specs", {"value": "1"}, "specs.NAME"),
        ("specs.", {"value": "1"}, "no field"),
        ("name[0]", {"value": "x"}, "no field"),
        ("live_price", {"value": "cheap"}, "no price"),
        ("live_price", {"value": "-3"}, "no price"),
        ("live_price", {"value": "nan"}, "no price"),
        ("live_price", {"value": "$19"}, "no price"),
        ("variants.stock.Moss M", {"value": "2.5"}, "no count"),
        ("currency", {"value": "dollars"}, "no currency"),
        ("brand", {"value": "  "}, "characters"),
        ("brand", {"value": "a\x00b"}, "plain text"),
        ("brand", {"value": "x" * 5000}, "characters"),
        ("brand", {"remove": True}, "no value"),
        ("brand", {}, "give a value, or remove"),
        ("name", {"value": "x", "remove": True}, "one of the two"),
        ("selling_points[3]", {"value": "x"}, "selling_points[0]: Keeps drinks hot"),
        ("selling_points", {"remove": True}, "which item"),
        ("selling_points", {"value": "x", "was": "Floats"}, "no item 'Floats'"),
        ("specs.Depth", {"value": "x", "was": "3 cm"}, "no value"),
    ],
)
def test_what_a_field_does_not_take_is_named(field: str, given: dict[str, Any], words: str):
    with pytest.raises(InvalidInput) as refused:
        correct(draft_of(), field, given.pop("value", None), **given)
    assert words in f"{refused.value.message} {refused.value.hint}"


def test_an_unknown_field_lists_those_there_are():
    with pytest.raises(InvalidInput) as refused:
        parse_field("price")
    assert "live_price" in refused.value.hint
    assert refused.value.details["fields"] == list(FIELD_KINDS)


def test_a_value_that_is_another_by_now_is_not_replaced():
    with pytest.raises(StateConflict, match=r"'19\.9' by now"):
        correct(draft_of(), "live_price", "18", was="21")
    with pytest.raises(StateConflict, match="Leak-proof lid"):
        correct(draft_of(), "selling_points[1]", "x", was="Keeps drinks hot")
    assert correct(draft_of(), "live_price", "18", was="19.90").value == "18"


def test_an_item_is_found_again_where_a_new_reading_has_another_order():
    kept = [
        correct(draft_of(), "selling_points[0]", "Keeps drinks hot for 6 hours"),
        correct(draft_of(), "selling_points", was="LEAK-PROOF LID", remove=True),
        correct(draft_of(), "selling_points", "Made in Bergen"),
    ]
    points = ["Fits a cup holder", "Leak-proof lid", "Two colours", "Keeps drinks hot"]
    again = draft_of(RECORD.model_copy(update={"selling_points": points}))
    made = apply_corrections(again, kept)
    assert made.record.selling_points == [
        "Fits a cup holder",
        "Two colours",
        "Keeps drinks hot for 6 hours",
        "Made in Bergen",
    ]
    for path, value in iter_fields(made.record):
        assert value in made.evidence[path][0].quote, path
    assert len(made.evidence) == len(iter_fields(made.record))
    assert [(d.value, d.reason) for d in made.dropped] == [("Leak-proof lid", "removed_by_person")]
    assert made.dropped[0].evidence == said("Leak-proof lid")
    [conflict] = made.conflicts
    assert conflict.field == "selling_points[2]"
    assert [v.value for v in conflict.values] == [
        "Keeps drinks hot for 6 hours",
        "Keeps drinks hot",
    ]


def test_an_item_that_no_source_says_any_more_stays_as_the_person_worded_it():
    reworded = correct(draft_of(), "selling_points[1]", "The lid does not leak")
    removed = correct(draft_of(), "selling_points[2]", remove=True)
    bare = draft_of(RECORD.model_copy(update={"selling_points": ["Keeps drinks hot"]}))
    made = apply_corrections(bare, [reworded, removed])
    assert made.record.selling_points == ["Keeps drinks hot", "The lid does not leak"]
    assert made.dropped == []


def test_an_item_corrected_into_another_item_is_there_once():
    made = apply_corrections(
        draft_of(), [correct(draft_of(), "selling_points[0]", "leak-proof lid")]
    )
    assert made.record.selling_points == ["leak-proof lid", "Fits a cup holder"]
    assert made.evidence["selling_points[0]"][1:] == [said("Leak-proof lid")]
    assert made.evidence["selling_points[1]"] == [said("Fits a cup holder")]


def test_a_removed_value_is_gone_with_its_evidence_and_listed_as_dropped():
    kept = [
        correct(draft_of(), "live_price", remove=True),
        correct(draft_of(), "specs.WEIGHT", remove=True),
    ]
    made = apply_corrections(draft_of(), kept)
    assert made.record.live_price is None
    assert made.record.specs == {"Net.content": "350 ml"}
    assert not {"live_price", "specs.Weight"} & made.evidence.keys()
    assert [(d.field, d.value) for d in made.dropped] == [
        ("live_price", "19.9"),
        ("specs.Weight", "210 g"),
    ]


def test_a_spec_is_known_by_its_meaning_where_a_new_reading_names_it_otherwise():
    kept = [correct(draft_of(), "specs.Weight", "200 g")]
    again = draft_of(RECORD.model_copy(update={"specs": {"净重": "210克"}}))
    assert apply_corrections(again, kept).record.specs == {"净重": "200 g"}
    other = draft_of(RECORD.model_copy(update={"specs": {"Gross weight": "400 g"}}))
    made = apply_corrections(other, kept)
    assert made.record.specs == {"Gross weight": "400 g", "Weight": "200 g"}


def test_corrections_apply_in_order_and_a_second_time_change_nothing():
    draft = draft_of()
    first = correct(draft, "live_price", "18")
    once = apply_corrections(draft, [first])
    second = correct(once, "live_price", "17")
    added = correct(once, "selling_points", "Floats")
    made = apply_corrections(draft, [first, second, added])
    assert made.record.live_price == 17
    assert [v.value for v in made.conflicts[0].values] == ["17", "18", "19.9"]
    assert [found.quote for found in made.evidence["live_price"]] == ["17"]
    assert made.conflicts[0].values[2].evidence == [said("19.9")]
    assert made == apply_corrections(apply_corrections(draft, [first]), [second, added])
    assert apply_corrections(made, [second, added]) == made


def test_a_decision_takes_a_source_s_value_with_its_evidence():
    draft = disputed("210 g", "0.25 kg")
    made = apply_corrections(draft, [settle(draft, "specs.weight", "250 g")])
    assert made.record.specs["Weight"] == "0.25 kg"
    assert [e.file for e in made.evidence["specs.Weight"]] == ["person", "0.25 kg.txt"]
    [conflict] = made.conflicts
    assert (conflict.status, conflict.policy) == ("resolved", "person")
    assert [v.value for v in conflict.values] == ["0.25 kg", "210 g"]


def test_a_decision_stands_while_the_sources_say_the_same_values():
    draft = disputed("210 g", "250 g")
    kept = [settle(draft, "specs.Weight", "250 g")]
    for again in (draft, disputed("250 g", "210 g"), draft_of()):
        made = apply_corrections(again, kept)
        assert made.record.specs["Weight"] == "250 g"
        assert [c.status for c in made.conflicts] == ["resolved"]
    agreed = apply_corrections(
        draft_of(RECORD.model_copy(update={"specs": {"重量": "250克"}})), kept
    )
    assert agreed.record.specs == {"重量": "250 g"}
    assert agreed.conflicts == []


def test_a_value_that_was_not_there_to_choose_from_reopens_a_decision():
    draft = disputed("210 g", "250 g")
    kept = [settle(draft, "specs.Weight", "250 g")]
    third = disputed("230 g", "250 g", "210 g")
    made = apply_corrections(third, kept)
    [conflict] = made.conflicts
    assert (conflict.status, conflict.policy) == ("open", "reopened")
    assert [v.value for v in conflict.values] == ["250 g", "230 g", "210 g"]
    assert made.record.specs["Weight"] == "250 g"

    decided = apply_corrections(third, [*kept, settle(made, "specs.Weight", "230 g")])
    assert decided.record.specs["Weight"] == "230 g"
    assert [c.status for c in decided.conflicts] == ["resolved"]


def test_a_correction_of_a_disputed_field_decides_it_for_good():
    draft = disputed("210 g", "250 g")
    kept = [correct(draft, "specs.Weight", "205 g")]
    made = apply_corrections(disputed("210 g", "999 g"), kept)
    assert made.record.specs["Weight"] == "205 g"
    assert made.conflicts[0].status == "resolved"
    assert [v.value for v in made.conflicts[0].values] == ["205 g", "210 g", "999 g"]


def test_a_disputed_value_can_be_removed():
    draft = disputed("210 g", "250 g")
    made = apply_corrections(draft, [correct(draft, "specs.Weight", remove=True)])
    assert "Weight" not in made.record.specs
    assert (made.conflicts[0].status, len(made.conflicts[0].values)) == ("resolved", 2)


def test_a_field_without_a_conflict_names_the_open_ones():
    with pytest.raises(InvalidInput) as refused:
        settle(disputed("210 g", "250 g"), "live_price", "18")
    assert "specs.Weight: 210 g / 250 g" in refused.value.hint
    assert refused.value.details["open"] == {"specs.Weight": ["210 g", "250 g"]}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("price", "list_price or live_price"),
        ("weight", "specs.weight"),
        ("live_prize", "live_price"),
    ],
)
def test_a_field_that_a_record_lacks_is_guessed_at(written: str, meant: str) -> None:
    with pytest.raises(InvalidInput) as error:
        parse_field(written)
    assert f"Did you mean {meant}" in (error.value.hint or "")


def test_a_price_may_be_written_with_a_comma() -> None:
    assert check_value(parse_field("list_price"), "34,90") == "34.9"
