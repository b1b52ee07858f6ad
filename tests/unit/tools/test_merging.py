import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import LimitExceeded
from domain.evidence import Evidence, Locator
from domain.extraction import ExtractedFact, Extraction, FactField, FactOrigin, ProductDraft
from domain.product import Dropped, iter_fields
from tools.merging import merge


def fact(
    field: FactField,
    value: str,
    *,
    key: str | None = None,
    product: str | None = None,
    origin: FactOrigin = "pattern",
    quote: str | None = None,
    source: str = "chat",
    confidence: float = 1.0,
) -> ExtractedFact:
    return ExtractedFact(
        field=field,
        key=key,
        value=value,
        product=product,
        origin=origin,
        evidence=Evidence(
            source=source, file=f"{source}.txt", locator=Locator(line=1), quote=quote or value
        ),
        confidence=confidence,
    )


def row(product: str, **cells: str) -> list[ExtractedFact]:
    quote = ",".join([product, *cells.values()])
    given: dict[FactField, str] = {"name": product, **cells}  # type: ignore[dict-item]
    return [
        fact(name, value, product=product, origin="table", quote=quote, source="list")
        for name, value in given.items()
    ]


def table(*rows: list[ExtractedFact]) -> Extraction:
    return Extraction(facts=[fact for facts in rows for fact in facts])


def chat(*facts: ExtractedFact, rest: list[str] | None = None) -> Extraction:
    said = [Evidence(source="chat", file="chat.txt", quote=text) for text in rest or []]
    return Extraction(facts=list(facts), rest=said, prompts=["p@1+abc"])


PRICES = table(
    row("Kiln Mug", list_price="28", live_price="19.9", currency="USD"),
    row("Dawn Bowl", list_price="46", live_price="34", currency="USD"),
    row("Kiln Mug Lid", list_price="9", live_price="7", currency="USD"),
)


def test_a_named_intake_is_one_product_and_other_rows_are_set_aside() -> None:
    (draft,) = merge([PRICES], name="Emberlow Kiln Mug")
    assert (draft.record.list_price, draft.record.live_price) == (28, 19.9)
    assert draft.record.name == "Emberlow Kiln Mug"
    assert draft.evidence["name"][0].source == "person"
    assert {(a.text, a.reason) for a in draft.set_aside} == {
        ("Dawn Bowl,46,34,USD", "about other goods: Dawn Bowl"),
        ("Kiln Mug Lid,9,7,USD", "about other goods: Kiln Mug Lid"),
    }


def test_sentences_about_goods_of_the_list_are_set_aside() -> None:
    other = "The Dawn Bowl goes live for $34.00"
    talk = "Please wait with the Dawn Bowl"
    told = chat(
        fact("name", "Kiln Mug"),
        fact("live_price", "34", quote=other),
        fact("selling_points", "wide handle"),
        rest=[talk, "Fine"],
    )
    (draft,) = merge([PRICES, told], name="Kiln Mug")
    assert draft.record.live_price == 19.9
    assert draft.record.selling_points == ["wide handle"]
    assert draft.conflicts == []
    assert {other, talk} <= {aside.text for aside in draft.set_aside}
    assert "Fine" not in {aside.text for aside in draft.set_aside}


def test_without_a_name_there_is_a_product_a_name_and_text_goes_to_its_own() -> None:
    told = chat(
        fact("name", "Emberlow Kiln Mug", origin="model"),
        fact("materials", "stoneware"),
        fact("live_price", "34", product="Dawn Bowl", quote="The Dawn Bowl is $34"),
    )
    drafts = {draft.record.name: draft for draft in merge([PRICES, told])}
    assert sorted(str(name) for name in drafts) == ["Dawn Bowl", "Kiln Mug", "Kiln Mug Lid"]
    assert drafts["Kiln Mug"].record.materials == ["stoneware"]
    assert drafts["Dawn Bowl"].record.materials == []
    assert len(drafts["Dawn Bowl"].evidence["live_price"]) == 2
    assert drafts["Kiln Mug"].prompts == ["p@1+abc"]


def test_a_source_without_a_name_belongs_to_the_only_product() -> None:
    (draft,) = merge([table(row("Mug", live_price="20")), chat(fact("materials", "clay"))])
    assert draft.record.materials == ["clay"]
    assert draft.set_aside == []


def test_a_source_without_a_name_among_many_products_is_set_aside() -> None:
    drafts = merge([PRICES, chat(fact("materials", "clay", quote="It is clay"))])
    assert [draft.record.materials for draft in drafts] == [[], [], []]
    assert all(draft.set_aside[0].text == "It is clay" for draft in drafts)


def test_material_without_any_name_is_still_one_product() -> None:
    (draft,) = merge([chat(fact("live_price", "20"))])
    assert draft.record.live_price == 20
    assert draft.record.name is None


def test_too_many_products_name_the_setting() -> None:
    with pytest.raises(LimitExceeded) as caught:
        merge([PRICES], limit=2)
    assert "LIVECUE_LIMITS__PRODUCTS_PER_INTAKE" in caught.value.hint
    assert len(merge([PRICES], limit=2, name="Kiln Mug")) == 1


def test_different_prices_are_an_open_conflict_and_the_table_is_kept() -> None:
    told = chat(fact("live_price", "18.5"), fact("list_price", "28.00"))
    (draft,) = merge([told, table(row("Mug", live_price="19.9", list_price="28"))])
    assert draft.record.live_price == 19.9
    (conflict,) = draft.conflicts
    assert conflict.field == "live_price"
    assert conflict.status == "open"
    assert [(v.value, v.evidence[0].source) for v in conflict.values] == [
        ("19.9", "list"),
        ("18.5", "chat"),
    ]
    assert {e.source for e in draft.evidence["list_price"]} == {"list", "chat"}


def test_a_guessed_price_yields_without_a_conflict() -> None:
    (draft,) = merge([chat(fact("list_price", "20", confidence=0.5), fact("list_price", "28"))])
    assert draft.record.list_price == 28
    assert draft.conflicts == []


def test_a_field_that_the_model_chose_contradicts_nobody() -> None:
    told = chat(fact("brand", "Dana", origin="model"), fact("brand", "Lumo"))
    (draft,) = merge([told, table(row("Mug", brand="Emberlow"))])
    assert draft.record.brand == "Emberlow"
    assert [[v.value for v in c.values] for c in draft.conflicts] == [["Emberlow", "Lumo"]]


@pytest.mark.parametrize(
    ("a", "b", "differ"),
    [
        ("350 g", "0.35 kg", False),
        ("350 g", "12.3 oz", False),
        ("350 g", "390 g", True),
        ("stainless steel", "304 stainless steel", False),
        ("steel", "oak", True),
    ],
)
def test_properties_meet_under_their_meaning(a: str, b: str, differ: bool) -> None:
    (draft,) = merge([chat(fact("specs", a, key="Weight"), fact("specs", b, key="重量"))])
    assert list(draft.record.specs) == ["Weight"]
    assert [conflict.field for conflict in draft.conflicts] == (["specs.Weight"] if differ else [])


def test_stock_that_differs_is_a_conflict_under_the_variant() -> None:
    (draft,) = merge(
        [
            chat(
                fact("stock", "12", key="Moss M"),
                fact("stock", "9", key="moss m"),
                fact("name", "A"),
            )
        ]
    )
    assert draft.record.variants.stock == {"Moss M": 12}
    assert [conflict.field for conflict in draft.conflicts] == ["variants.stock.Moss M"]


def test_list_values_that_say_the_same_meet() -> None:
    (draft,) = merge(
        [
            chat(
                fact("warnings", "不可水洗"),
                fact("warnings", "不可水洗，不可漂白"),
                fact("sizes", "350ml"),
                fact("sizes", "350 ML"),
                fact("selling_points", "stackable"),
                fact("selling_points", "Stackable", origin="model", source="label"),
            )
        ]
    )
    assert draft.record.warnings == ["不可水洗，不可漂白"]
    assert draft.record.variants.sizes == ["350ml"]
    assert draft.record.selling_points == ["stackable"]
    assert {e.source for e in draft.evidence["selling_points[0]"]} == {"chat", "label"}


def test_what_was_dropped_is_reported() -> None:
    dropped = Dropped(field="brand", value="Nobody", reason="quote_not_found", file="chat.txt")
    (draft,) = merge([Extraction(facts=[fact("name", "Mug")], dropped=[dropped])])
    assert draft.dropped == [dropped]


WORDS = st.text(alphabet=string.ascii_letters + " .[]杯价12", min_size=1, max_size=8).filter(
    lambda text: text.strip(" .") != ""
)
TEXT_FIELDS: list[FactField] = [
    "name", "brand", "category", "promotion", "sizes", "colours", "specs", "materials",
    "ingredients", "selling_points", "usage", "audience", "certifications", "shipping",
    "returns_warranty", "warnings",
]  # fmt: skip
FACTS = st.one_of(
    st.builds(
        fact,
        st.sampled_from(TEXT_FIELDS),
        WORDS,
        key=WORDS,
        product=st.one_of(st.none(), st.sampled_from(["Mug", "Bowl", "杯"])),
        origin=st.sampled_from(["table", "pattern", "model"]),
        source=st.sampled_from(["a", "b"]),
    ),
    st.builds(
        fact,
        st.sampled_from(["list_price", "live_price", "stock"]),
        st.integers(1, 99).map(str),
        key=st.one_of(st.none(), WORDS),
        product=st.one_of(st.none(), st.sampled_from(["Mug", "Bowl", "杯"])),
        origin=st.sampled_from(["table", "pattern", "model"]),
        source=st.sampled_from(["a", "b"]),
        confidence=st.sampled_from([0.5, 1.0]),
    ),
)
EXTRACTIONS = st.lists(st.builds(Extraction, facts=st.lists(FACTS, max_size=8)), max_size=3)


def check_evidence(draft: ProductDraft) -> None:
    paths = {path for path, _ in iter_fields(draft.record)}
    assert paths == set(draft.evidence)
    assert all(draft.evidence.values())
    assert {conflict.field for conflict in draft.conflicts} <= paths
    assert all(len(conflict.values) > 1 for conflict in draft.conflicts)


@given(EXTRACTIONS)
def test_every_value_has_evidence_and_all_evidence_a_value(extractions: list[Extraction]) -> None:
    for draft in merge(extractions):
        check_evidence(draft)


@given(EXTRACTIONS, st.sampled_from(["Mug", "Teapot", "杯"]))
def test_a_named_intake_is_always_one_backed_product(
    extractions: list[Extraction], name: str
) -> None:
    (draft,) = merge(extractions, name=name)
    check_evidence(draft)
    assert draft.record.name == name


@given(EXTRACTIONS)
def test_merging_twice_gives_the_same(extractions: list[Extraction]) -> None:
    assert merge(extractions) == merge(extractions)
