"""Material given again: new files beside old ones, changed ones in their place."""

from domain.product import ProductDocument, ProductStatus
from tests.graph.conftest import Home

CHAT = (
    "2026-09-01 10:00 Ann: Name: Juniper Lamp\n"
    "2026-09-01 10:01 Ann: Live price: $49.00\n"
    "2026-09-01 10:02 Ann: Weight: 2.1 kg\n"
)
OCTOBER = (
    "Price list valid from 1 October 2026,,\n"
    "Product,Live price (USD),Stock\n"
    "Juniper Lamp,45.00,12\n"
    "Alder Stool,89.00,3\n"
)
LABEL = "Name: Juniper Lamp\nCord: linen\n"


def document(home: Home, name: str) -> ProductDocument:
    [found] = [p for p in home.runtime.deps.catalog.list(home.scope) if p.name == name]
    return home.runtime.deps.catalog.get(home.scope, found.product_id)


async def test_a_later_list_adds_to_what_is_known_and_wins_by_its_date(home: Home) -> None:
    await home.prepare([("chat.txt", CHAT), ("label.txt", LABEL)], approve=True)
    await home.prepare([("october.csv", OCTOBER)])
    lamp = document(home, "Juniper Lamp")
    assert (lamp.version, lamp.status) == (2, ProductStatus.AWAITING_APPROVAL)
    assert lamp.record.live_price == 45
    assert lamp.record.specs == {"Weight": "2.1 kg", "Cord": "linen"}
    [conflict] = lamp.conflicts
    assert (conflict.field, conflict.status, conflict.policy) == (
        "live_price",
        "resolved",
        "later_date",
    )
    assert {ref.file for ref in lamp.sources} == {"chat.txt", "label.txt", "october.csv"}
    stool = document(home, "Alder Stool")
    assert (stool.version, stool.record.live_price) == (1, 89)
    assert stool.record.specs == {}


async def test_a_changed_file_takes_the_place_of_the_one_before(home: Home) -> None:
    await home.prepare([("chat.txt", CHAT), ("label.txt", LABEL)])
    changed = LABEL.replace("linen", "cotton")
    await home.prepare([("label.txt", changed)])
    lamp = document(home, "Juniper Lamp")
    assert lamp.version == 2
    assert lamp.record.specs == {"Weight": "2.1 kg", "Cord": "cotton"}
    assert lamp.conflicts == []
    diff = home.runtime.deps.catalog.diff(home.scope, lamp.product_id)
    assert [(c.field, c.before, c.after) for c in diff.changes] == [
        ("specs.Cord", "linen", "cotton")
    ]


async def test_the_same_material_makes_no_version_and_is_not_read_again(home: Home) -> None:
    first = await home.prepare([("chat.txt", CHAT), ("label.txt", LABEL)])
    again = await home.prepare([("label.txt", LABEL), ("chat.txt", CHAT)])
    assert first.result
    assert again.result
    assert again.result["products"] == first.result["products"]
    assert document(home, "Juniper Lamp").version == 1
    read = [e.progress.message for e in home.runtime.jobs.events(home.scope, again.job_id, 0)]
    assert sum("read before" in message for message in read) == 2


async def test_a_correction_outlives_new_material(home: Home) -> None:
    await home.prepare([("chat.txt", CHAT)])
    lamp = document(home, "Juniper Lamp")
    home.runtime.deps.catalog.correct(home.scope, lamp.product_id, "specs.Weight", "2.3 kg")
    await home.prepare([("october.csv", OCTOBER)], product_id=lamp.product_id)
    lamp = document(home, "Juniper Lamp")
    assert lamp.record.specs["Weight"] == "2.3 kg"
    assert lamp.record.live_price == 45


async def test_an_imported_product_keeps_its_facts_beside_new_files(home: Home) -> None:
    await home.prepare([("chat.txt", CHAT)])
    exported = document(home, "Juniper Lamp")
    missing = {ref.source: f"elsewhere-{ref.source}" for ref in exported.sources}
    text = exported.model_dump_json()
    for known, elsewhere in missing.items():
        text = text.replace(known, elsewhere)
    await home.runtime.runner.remove(home.scope, exported.product_id)
    home.runtime.deps.catalog.take_in(home.scope, ProductDocument.model_validate_json(text))
    await home.prepare([("label.txt", LABEL)], product_id=exported.product_id)
    lamp = document(home, "Juniper Lamp")
    assert lamp.record.specs == {"Weight": "2.1 kg", "Cord": "linen"}
    assert lamp.record.live_price == 49


async def test_what_is_new_of_one_product_never_reaches_another(home: Home) -> None:
    await home.prepare([("chat.txt", CHAT)])
    lamp = "Name: Juniper Lamp\nCord: linen\n"
    stool = "Name: Alder Stool\nLive price: $89.00\nWeight: 5 kg\nMaterial: alder\n"
    await home.prepare([("lamp.txt", lamp), ("stool.txt", stool)])
    found = document(home, "Juniper Lamp")
    assert found.record.specs == {"Weight": "2.1 kg", "Cord": "linen"}
    assert found.record.live_price == 49
    assert found.record.materials == []
    assert found.conflicts == []
    held = {e.source for places in found.evidence.values() for e in places}
    assert held <= {ref.source for ref in found.sources}


async def test_the_same_bytes_under_a_name_that_can_be_read_are_read(home: Home) -> None:
    job = await home.prepare([("data.json", LABEL), ("data.txt", LABEL)])
    assert job.result
    assert [s["status"] for s in job.result["sources"]] == ["failed", "read"]
