from collections.abc import Sequence
from datetime import date

import pytest

from domain.evidence import Evidence, Locator
from domain.extraction import ExtractedFact, FactField, FactOrigin
from domain.product import Conflict
from tools.record_draft import draft_record

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)


def fact(
    value: str,
    file: str,
    *,
    field: FactField = "live_price",
    key: str | None = None,
    on: date | None = None,
    correction: bool = False,
    origin: FactOrigin = "pattern",
    line: int = 1,
) -> ExtractedFact:
    place = Evidence(source=file, file=file, locator=Locator(line=line), quote=value)
    return ExtractedFact(
        field=field,
        key=key,
        value=value,
        origin=origin,
        evidence=place,
        stated_on=on,
        correction=correction,
    )


def only_conflict(facts: Sequence[ExtractedFact]) -> tuple[Conflict, float | None]:
    draft = draft_record(facts, name="Mug")
    [conflict] = draft.conflicts
    return conflict, draft.record.live_price


def test_the_later_dated_list_wins_and_the_loser_stays_visible() -> None:
    conflict, price = only_conflict(
        [
            fact("24.9", "old.csv", on=SEPTEMBER, origin="table"),
            fact("19.9", "new.csv", on=OCTOBER, origin="table"),
        ]
    )
    assert price == 19.9
    assert (conflict.status, conflict.policy) == ("resolved", "later_date")
    assert [v.value for v in conflict.values] == ["19.9", "24.9"]
    assert [v.evidence[0].file for v in conflict.values] == ["new.csv", "old.csv"]


def test_an_undated_contradiction_stays_open_with_both_values() -> None:
    conflict, price = only_conflict(
        [fact("24.9", "page.html"), fact("19.9", "list.csv", origin="table")]
    )
    assert price == 19.9
    assert (conflict.status, conflict.policy) == ("open", None)
    assert {v.value for v in conflict.values} == {"19.9", "24.9"}


def test_a_date_on_one_side_only_settles_nothing() -> None:
    conflict, _ = only_conflict([fact("24.9", "a", on=OCTOBER), fact("19.9", "b")])
    assert conflict.status == "open"


def test_a_suppliers_correction_wins_over_an_undated_list() -> None:
    conflict, price = only_conflict(
        [
            fact("24.9", "list.csv", origin="table"),
            fact("19.9", "chat.txt", on=SEPTEMBER, correction=True),
        ]
    )
    assert price == 19.9
    assert conflict.policy == "supplier_correction"


def test_a_list_dated_after_the_correction_overrules_it() -> None:
    conflict, price = only_conflict(
        [
            fact("19.9", "chat.txt", on=SEPTEMBER, correction=True),
            fact("24.9", "list.csv", on=OCTOBER, origin="table"),
        ]
    )
    assert price == 24.9
    assert conflict.policy == "later_date"


def test_two_corrections_of_one_day_leave_it_to_a_person() -> None:
    conflict, _ = only_conflict(
        [
            fact("19.9", "chat.txt", on=SEPTEMBER, correction=True),
            fact("18.9", "mail.txt", on=SEPTEMBER, correction=True),
        ]
    )
    assert conflict.status == "open"


@pytest.mark.parametrize(
    ("field", "key", "a", "b", "path"),
    [
        ("specs", "Weight", "390 g", "420 g", "specs.Weight"),
        ("stock", "Moss", "3", "5", "variants.stock.Moss"),
        ("shipping", None, "Ships within 2 days", "Dispatched in 5 days", "shipping"),
        ("returns_warranty", None, "七天无理由退货", "15天无理由退货", "returns_warranty"),
        ("materials", None, "100%棉", "棉95%", "materials"),
    ],
)
def test_sources_that_differ_are_never_silent(
    field: FactField, key: str | None, a: str, b: str, path: str
) -> None:
    draft = draft_record(
        [fact(a, "label", field=field, key=key), fact(b, "page", field=field, key=key)], name="x"
    )
    [conflict] = draft.conflicts
    assert (conflict.field, conflict.status) == (path, "open")


@pytest.mark.parametrize(
    ("field", "a", "b"),
    [
        ("shipping", "Ships within 2 days", "Delivery takes 5-7 days"),
        ("shipping", "48小时内发货", "2天内发货"),
        ("returns_warranty", "30-day returns", "2 year warranty"),
        ("materials", "面料100%棉", "填充物100%聚酯纤维"),
    ],
)
def test_statements_on_different_things_do_not_conflict(field: FactField, a: str, b: str) -> None:
    draft = draft_record([fact(a, "one", field=field), fact(b, "two", field=field)], name="x")
    assert draft.conflicts == []


def test_a_corrected_promotion_replaces_the_first() -> None:
    draft = draft_record(
        [
            fact("下单送5ml小样三支", "chat", field="promotion"),
            fact("下单送5ml小样两支", "chat", field="promotion", correction=True, line=2),
            fact("满300减30", "chat", field="promotion", line=3),
        ],
        name="x",
    )
    assert draft.record.promotion == ["下单送5ml小样两支", "满300减30"]
    [conflict] = draft.conflicts
    assert conflict.policy == "supplier_correction"


def test_a_settled_statement_leaves_the_record() -> None:
    draft = draft_record(
        [
            fact("Ships within 2 days", "a", field="shipping", on=SEPTEMBER),
            fact("Ships within 5 days", "b", field="shipping", on=OCTOBER),
        ],
        name="x",
    )
    assert draft.record.shipping == "Ships within 5 days"
    [conflict] = draft.conflicts
    assert conflict.policy == "later_date"
    assert [e.file for e in draft.evidence["shipping"]] == ["b"]


def test_a_newer_list_wins_also_where_its_heading_does_not_say_which_price() -> None:
    def listed(value: str, day: date) -> ExtractedFact:
        quote = Evidence(source=str(day), file=f"{day}.csv", quote=value, locator=Locator(row=2))
        return ExtractedFact(
            field="list_price",
            value=value,
            origin="table",
            evidence=quote,
            stated_on=day,
            confidence=0.5,
        )

    draft = draft_record([listed("7.5", date(2026, 11, 1)), listed("6.9", date(2026, 11, 20))])
    assert draft.record.list_price == 6.9
    (conflict,) = draft.conflicts
    assert (conflict.status, conflict.policy) == ("resolved", "later_date")
