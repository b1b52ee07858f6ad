import re
import threading

import pytest

from domain.errors import InvalidInput, NotFound, StateConflict
from domain.evidence import Evidence, Locator
from domain.product import Conflict, ConflictValue, Dropped, ProductRecord, ProductStatus, SetAside
from domain.scope import Scope
from stores.catalog import CatalogStore
from stores.sql import Database

QUOTE = Evidence(source="s1", file="list.csv", locator=Locator(row=3), quote="19.9")


@pytest.fixture
def catalog(database: Database) -> CatalogStore:
    return CatalogStore(database)


def record(name: str | None = "Trail Pack", price: float = 19.9) -> ProductRecord:
    return ProductRecord(name=name, live_price=price, specs={"Weight": "350 g"})


def test_a_version_comes_back_whole(catalog: CatalogStore, scope: Scope):
    saved = catalog.save_version(
        scope,
        None,
        record(),
        evidence={"live_price": [QUOTE]},
        conflicts=[Conflict(field="brand", values=[ConflictValue(value="A", evidence=[QUOTE])])],
        dropped=[Dropped(field="audience", value="all", reason="quote_not_found")],
        set_aside=[SetAside(text="other goods", file="a.txt", reason="other_product")],
    )
    assert saved.version == 1
    assert saved.status is ProductStatus.AWAITING_APPROVAL
    assert catalog.get(scope, saved.product_id) == saved
    assert catalog.get(scope, saved.product_id, 1) == saved


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("Trail Pack 22L!", r"trail-pack-22l-[0-9a-f]{6}"),
        ("山野背包", r"p-[0-9a-f]{8}"),
        (None, r"p-[0-9a-f]{8}"),
        ("../../etc", r"etc-[0-9a-f]{6}"),
    ],
)
def test_generated_ids_are_readable(
    catalog: CatalogStore, scope: Scope, name: str | None, pattern: str
):
    assert re.fullmatch(pattern, catalog.save_version(scope, None, record(name)).product_id)


def test_given_id_makes_the_product_then_its_next_version(catalog: CatalogStore, scope: Scope):
    assert catalog.save_version(scope, "pack", record()).version == 1
    assert catalog.save_version(scope, "pack", record(price=18)).version == 2
    with pytest.raises(InvalidInput, match="a/b"):
        catalog.save_version(scope, "a/b", record())


def test_the_same_key_saves_once(catalog: CatalogStore, scope: Scope):
    first = catalog.save_version(scope, None, record(), key="job-1:0")
    again = catalog.save_version(scope, None, record(price=1), key="job-1:0")
    other = catalog.save_version(Scope("other"), None, record(), key="job-1:0")
    assert again == first
    assert other.product_id != first.product_id
    assert len(catalog.list(scope)) == 1


def test_publishing_supersedes_in_one_step(catalog: CatalogStore, scope: Scope):
    catalog.save_version(scope, "pack", record(price=1))
    with pytest.raises(NotFound, match="not published"):
        catalog.get(scope, "pack", "published")
    assert catalog.publish(scope, "pack").status is ProductStatus.PUBLISHED

    catalog.save_version(scope, "pack", record(price=2))
    catalog.save_version(scope, "pack", record(price=3))
    assert catalog.get(scope, "pack", "published").version == 1

    catalog.publish(scope, "pack")
    statuses = [catalog.get(scope, "pack", n).status for n in (1, 2, 3)]
    assert statuses == ["superseded", "superseded", "published"]
    assert catalog.get(scope, "pack", "published").record.live_price == 3
    assert catalog.get(scope, "pack").status is ProductStatus.PUBLISHED


def test_publishing_takes_the_version_that_was_seen(catalog: CatalogStore, scope: Scope):
    catalog.save_version(scope, "pack", record(price=1))
    catalog.save_version(scope, "pack", record(price=2))
    assert catalog.publish(scope, "pack", version=1).version == 1
    assert catalog.publish(scope, "pack", version=1).version == 1
    assert catalog.get(scope, "pack").status is ProductStatus.AWAITING_APPROVAL
    catalog.publish(scope, "pack")
    with pytest.raises(StateConflict, match="superseded"):
        catalog.publish(scope, "pack", version=1)
    with pytest.raises(StateConflict, match="No version"):
        catalog.publish(scope, "pack")


def test_rejecting_keeps_what_is_published(catalog: CatalogStore, scope: Scope):
    catalog.save_version(scope, "pack", record(price=1))
    catalog.publish(scope, "pack")
    catalog.save_version(scope, "pack", record(price=2))
    assert catalog.reject(scope, "pack").status is ProductStatus.REJECTED
    assert catalog.get(scope, "pack", "published").version == 1
    with pytest.raises(StateConflict):
        catalog.publish(scope, "pack", version=2)


def test_list_tells_newest_and_published_version(catalog: CatalogStore, scope: Scope):
    catalog.save_version(scope, "old", record("Old"))
    catalog.save_version(scope, "pack", record("Pack"))
    catalog.publish(scope, "pack")
    catalog.save_version(scope, "pack", record("Pack 2"))
    first, second = catalog.list(scope)
    assert (first.product_id, first.name, first.version, first.published_version) == (
        "pack",
        "Pack 2",
        2,
        1,
    )
    assert first.status is ProductStatus.AWAITING_APPROVAL
    assert first.updated_at.utcoffset() is not None
    assert second.product_id == "old"
    assert [found.product_id for found in catalog.list(scope, limit=1)] == ["pack"]


def test_a_workspace_sees_its_own_only(catalog: CatalogStore, scope: Scope):
    catalog.save_version(scope, "pack", record(price=1))
    stranger = Scope("other")
    assert catalog.list(stranger) == []
    for act in (catalog.get, catalog.publish, catalog.reject, catalog.delete):
        with pytest.raises(NotFound, match="pack"):
            act(stranger, "pack")
    assert catalog.save_version(stranger, "pack", record(price=9)).version == 1
    assert catalog.get(scope, "pack").record.live_price == 1


def test_delete_removes_every_version(catalog: CatalogStore, scope: Scope):
    catalog.save_version(scope, "pack", record())
    catalog.save_version(scope, "pack", record())
    catalog.delete(scope, "pack")
    with pytest.raises(NotFound):
        catalog.get(scope, "pack")
    assert catalog.save_version(scope, "pack", record()).version == 1


def test_versions_saved_at_once_get_numbers_of_their_own(catalog: CatalogStore, scope: Scope):
    numbers: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: numbers.append(catalog.save_version(scope, "pack", record()).version)
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, 9))
