from pathlib import Path
from typing import Any

import pytest

from domain.errors import InvalidInput
from domain.evidence import Evidence, Locator, Passage
from domain.product import (
    Conflict,
    ConflictValue,
    ProductDocument,
    ProductRecord,
    ProductStatus,
    SourceRef,
    Variants,
)
from evals.evidence import ReadSources, find_invalid
from evals.gold import GoldFolder, Material
from evals.intake import report_intake
from evals.key_value_baseline import read_key_values
from evals.scoring import score_folder

CHAT = """Mug by Emberlow
Material: stoneware
now $19.90, was 28
World's No. 1!
"""
FACTS: list[dict[str, Any]] = [
    {"field": "name", "value": "Kiln Mug", "files": ["chat.txt"]},
    {"field": "brand", "value": "Emberlow", "files": ["chat.txt"]},
    {"field": "live_price", "value": 19.9, "files": ["chat.txt"]},
    {"field": "materials", "also": ["specs"], "value": "stoneware", "files": ["chat.txt"]},
    {"field": "specs", "key": "net weight", "value": "390 g", "accept": ["420 g"],
     "files": ["label.jpg"]},
    {"field": "list_price", "value": "28", "optional": True, "files": ["chat.txt"]},
]  # fmt: skip
CONFLICTS = [
    {"field": "specs.net weight", "values": ["390 g", "420 g"], "expect": "open"},
    {"field": "live_price", "values": ["19.90", "21"], "expect": "resolved", "winner": "19.90"},
]


def material(tmp_path: Path, **changes: Any) -> Material:
    folder = tmp_path / "mug"
    folder.mkdir()
    (folder / "chat.txt").write_text(CHAT, "utf-8")
    (folder / "label.jpg").write_bytes(b"\xff\xd8\xff")
    gold: dict[str, Any] = {
        "id": "mug",
        "lang": "en",
        "group": "kitchen",
        "split": "dev",
        "given_name": "Kiln Mug",
        "products": [
            {
                "name": "Kiln Mug",
                "facts": FACTS,
                "not_stored": ["World's No. 1", "$34"],
                "conflicts": CONFLICTS,
            }
        ],
    }
    kinds: dict[str, Any] = {"chat.txt": "text", "label.jpg": "image"}
    return Material(GoldFolder.model_validate(gold | changes), folder, kinds)


def conflict(field: str, status: Any, *values: str) -> Conflict:
    return Conflict(
        field=field, status=status, values=[ConflictValue(value=v, evidence=[]) for v in values]
    )


def document(**changes: Any) -> ProductDocument:
    record = ProductRecord(
        name="Kiln Mug",
        brand="Emberlow",
        live_price=19.9,
        specs={"Material": "stoneware", "Weight": "390 g"},
    )
    given: dict[str, Any] = {
        "product_id": "mug",
        "version": 1,
        "status": ProductStatus.AWAITING_APPROVAL,
        "record": record.model_copy(update=changes.pop("record", {})),
        "conflicts": [
            conflict("specs.Weight", "open", "0.39 kg", "420g"),
            conflict("live_price", "resolved", "19.9", "21"),
        ],
    }
    return ProductDocument.model_validate(given | changes)


def test_a_record_that_holds_everything_has_no_miss(tmp_path: Path):
    score = score_folder(material(tmp_path), [document()])
    assert score.misses == []
    assert (score.total.found, score.total.missed, score.total.false) == (4, 0, 0)
    assert score.only_in["image"].found == 1
    assert score.conflicts == {
        "open wanted": 1, "open handled": 1, "resolved wanted": 1, "resolved handled": 1
    }  # fmt: skip


def test_an_optional_fact_counts_neither_way_and_a_given_name_is_no_merit(tmp_path: Path):
    with_optional = score_folder(material(tmp_path), [document(record={"list_price": 28.0})])
    assert (with_optional.total.found, with_optional.total.false) == (4, 0)
    assert "name" not in with_optional.by_field


def test_what_is_missing_false_or_leaked_is_named(tmp_path: Path):
    changed = {
        "brand": None,
        "live_price": 34.0,
        "selling_points": ["World's No. 1 mug"],
    }
    score = score_folder(material(tmp_path), [document(record=changed)])
    assert (score.total.found, score.total.missed, score.total.false) == (2, 2, 2)
    assert score.leaks == 2
    kinds = sorted((miss.about["kind"], miss.about["field"]) for miss in score.misses)
    assert kinds == [
        ("conflict", "live_price"),
        ("false", "live_price"),
        ("false", "selling_points"),
        ("leak", "live_price"),
        ("leak", "selling_points"),
        ("missing", "brand"),
        ("missing", "live_price"),
    ]
    assert score.total.f1 == pytest.approx(0.5)


@pytest.mark.parametrize(
    "conflicts",
    [
        [],
        [conflict("specs.Weight", "open", "390 g", "400 g")],
        [conflict("specs.Weight", "resolved", "390 g", "420 g")],
        [conflict("specs.Height", "open", "390 g", "420 g")],
        [conflict("live_price", "open", "19.9", "21")],
    ],
)
def test_a_contradiction_that_is_not_told_as_it_should_is_not_handled(
    tmp_path: Path, conflicts: list[Conflict]
):
    score = score_folder(material(tmp_path), [document(conflicts=conflicts)])
    assert score.conflicts["open handled"] == score.conflicts["resolved handled"] == 0


def test_a_settled_contradiction_needs_the_winner_in_the_record(tmp_path: Path):
    score = score_folder(material(tmp_path), [document(record={"live_price": 21.0})])
    assert score.conflicts["resolved handled"] == 0


def test_many_products_are_paired_by_name_and_surplus_ones_are_false(tmp_path: Path):
    products = [
        {"name": "Kiln Mug", "facts": FACTS[:2]},
        {"name": "Dawn Bowl", "name_accept": ["Emberlow Dawn"],
         "facts": [{"field": "brand", "value": "Emberlow", "files": ["chat.txt"]}]},
    ]  # fmt: skip
    gold = material(tmp_path, given_name=None, products=products)
    empty = ProductRecord().model_dump()
    documents = [
        document(record=empty | {"name": "Tide Teapot", "variants": Variants(sizes=["L"])}),
        document(record=empty | {"name": "Kiln Mug", "brand": "Emberlow", "variants": Variants()}),
    ]
    score = score_folder(gold, documents)
    assert (score.wanted_products, score.found_products, score.surplus_products) == (2, 1, 1)
    assert (score.total.found, score.total.missed, score.total.false) == (2, 1, 2)


def test_evidence_is_held_against_the_file_and_what_was_read(tmp_path: Path):
    gold = material(tmp_path)

    def judge(quote: str, file: str = "chat.txt", line: int | None = 2) -> list[str]:
        locator = Locator(line=line)
        said = Evidence(source="s1", file=file, locator=locator, quote=quote)
        own = document(
            record=ProductRecord().model_dump() | {"brand": "x", "variants": Variants()},
            evidence={"brand": [said]},
            sources=[SourceRef(source="s1", file=file, kind="text", sha256="a", size=1)],
        )
        own.record.name = own.record.live_price = None
        own.record.specs = {}
        return find_invalid(gold, own, read)

    lines = CHAT.splitlines()
    passages = [
        Passage(source_id="s0", file="chat.txt", kind="text", text=t, locator=Locator(line=n))
        for n, t in enumerate(lines, start=1)
    ]
    label = Passage(
        source_id="s0", file="label.jpg", kind="image", text="Net 390 g", locator=Locator(line=9)
    )
    read = ReadSources({"a": [*passages, label]})
    assert judge("material:  Stoneware") == []
    assert judge("Material: stoneware\nnow $19.90") == []
    assert judge("Material: porcelain") != []
    assert judge("Material: stoneware", line=3) != []
    assert judge("now $19.90") != []
    assert judge("Net 390 g", file="label.jpg", line=9) == []
    assert judge("Net 380 g", file="label.jpg", line=9) != []
    assert judge("Material: stoneware", file="other.txt") != []
    assert judge("") != []


def test_a_naive_reader_finds_what_stands_after_a_colon(tmp_path: Path):
    [record] = [d.record for d in read_key_values(material(tmp_path))]
    assert record.name == "Kiln Mug"
    assert record.materials == ["stoneware"]
    assert record.live_price is None


def test_the_rows_of_the_table(tmp_path: Path):
    gold = material(tmp_path)
    rows = report_intake(
        [gold], {"mug": [document()]}, ReadSources(), {"mug": "label.jpg: damaged"}, data="made"
    )
    main, seen_only, conflicts = rows
    assert (main.rows, main.measures["F1"], main.measures["dev F1"]) == (1, 1.0, 1.0)
    assert main.measures["values with valid evidence"] == 0.0
    assert main.misses[0].about == {"kind": "failure"}
    assert main.details["by field"]["brand"]["f1"] == 1.0
    assert seen_only.measures == {"found": 1.0, "in a picture": 1.0}
    assert conflicts.measures["handled"] == 1.0


def test_gold_that_names_an_absent_file_is_refused(tmp_path: Path):
    from evals import gold

    made = material(tmp_path)
    text = made.gold.model_dump_json().replace("label.jpg", "gone.jpg")
    (tmp_path / "mug.gold.json").write_text(text, "utf-8")
    with pytest.raises(InvalidInput, match=r"gone\.jpg"):
        gold.read_intake_gold(root=tmp_path)
