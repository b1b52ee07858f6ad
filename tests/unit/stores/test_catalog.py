import re
import threading
from datetime import UTC, datetime

import pytest

from domain.errors import InvalidInput, NotFound, StateConflict
from domain.evidence import Evidence, Locator
from domain.product import (
    Conflict,
    ConflictValue,
    Correction,
    Dropped,
    ProductRecord,
    ProductStatus,
    SetAside,
)
from domain.scope import Scope
from stores.catalog import CatalogStore, Overtaken
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


def correction(field: str, value: str | None, was: str | None = None) -> Correction:
    return Correction(
        field=field, value=value, was=was, by="ana", at=datetime(2026, 3, 1, tzinfo=UTC)
    )


def test_corrections_are_logged_once_and_in_order(catalog: CatalogStore, scope: Scope):
    first, second = correction("live_price", "18", "19.9"), correction("usage", "Rinse")
    catalog.save_version(scope, "pack", record())
    assert catalog.corrections(scope, "pack") == []
    saved = catalog.save_version(scope, "pack", record(), corrections=[first])
    assert saved.corrections == [first]
    catalog.save_version(scope, "pack", record(), corrections=[first, second])
    assert catalog.corrections(scope, "pack") == [first, second]
    assert catalog.get(scope, "pack").corrections == [first, second]
    assert catalog.corrections(Scope("other"), "pack") == []
    catalog.delete(scope, "pack")
    catalog.save_version(scope, "pack", record())
    assert catalog.corrections(scope, "pack") == []


def test_a_correction_of_a_rejected_version_is_not_in_force(catalog: CatalogStore, scope: Scope):
    kept, refused = correction("live_price", "18"), correction("usage", "Boil")
    catalog.save_version(scope, "pack", record(), corrections=[kept])
    catalog.save_version(scope, "pack", record(), corrections=[kept, refused])
    catalog.reject(scope, "pack")
    assert catalog.corrections(scope, "pack") == [kept]
    catalog.save_version(scope, "pack", record(), corrections=[kept, refused])
    assert catalog.corrections(scope, "pack") == [kept, refused]


def test_names_that_a_person_replaced_are_remembered(catalog: CatalogStore, scope: Scope):
    renamed = correction("name", "Trail Pack 22", "Trail Pack")
    catalog.save_version(scope, "pack", record("Trail Pack 22"), corrections=[renamed])
    assert catalog.former_names(scope) == [("pack", "Trail Pack")]
    assert catalog.former_names(Scope("other")) == []


def test_a_version_made_in_view_of_an_older_one_is_refused(catalog: CatalogStore, scope: Scope):
    catalog.save_version(scope, "pack", record(), after=0)
    catalog.save_version(scope, "pack", record(), after=1, key="k")
    for overtaken in (0, 1):
        with pytest.raises(Overtaken, match="version 2 by now"):
            catalog.save_version(scope, "pack", record(), after=overtaken)
    assert catalog.save_version(scope, "pack", record(), after=1, key="k").version == 2


def test_versions_tell_who_decided_and_when(catalog: CatalogStore, scope: Scope):
    catalog.save_version(scope, "pack", record())
    catalog.save_version(scope, "pack", record())
    catalog.publish(Scope(scope.workspace_id, "ben"), "pack", version=1)
    second, first = catalog.versions(scope, "pack")
    assert (first.version, first.status, first.actor) == (1, "published", "ben")
    assert (second.version, second.status, second.actor) == (2, "awaiting_approval", "ana")
    assert first.created_at <= first.updated_at
    with pytest.raises(NotFound, match="pack"):
        catalog.versions(Scope("other"), "pack")


def test_a_page_goes_on_where_the_last_one_ended(database: Database, scope: Scope):
    now = datetime(2026, 3, 1, tzinfo=UTC)
    catalog = CatalogStore(database, lambda: now)
    for product_id in "dbac":
        catalog.save_version(scope, product_id, record())
    first = catalog.list(scope, limit=2)
    last = first[-1]
    rest = catalog.list(scope, limit=9, after=(last.updated_at, last.product_id))
    assert [p.product_id for p in (*first, *rest)] == ["a", "b", "c", "d"]


def test_a_correction_stays_in_force_while_a_later_version_has_it(
    catalog: CatalogStore, scope: Scope
):
    first = correction("name", "Trail Pack 22", "Trail Pack")
    catalog.save_version(scope, "pack", record())
    catalog.save_version(scope, "pack", record("Trail Pack 22"), corrections=[first])
    catalog.save_version(scope, "pack", record("Trail Pack 22", 18), corrections=[first])
    catalog.reject(scope, "pack", 2)
    assert catalog.publish(scope, "pack", 3).corrections == [first]
    assert catalog.corrections(scope, "pack") == [first]
    assert catalog.former_names(scope) == [("pack", "Trail Pack")]


def test_a_rename_that_was_rejected_leaves_no_former_name(catalog: CatalogStore, scope: Scope):
    renamed = correction("name", "Trail Pack 22", "Trail Pack")
    catalog.save_version(scope, "pack", record())
    catalog.save_version(scope, "pack", record("Trail Pack 22"), corrections=[renamed])
    catalog.reject(scope, "pack")
    assert catalog.former_names(scope) == []
    assert [product.name for product in catalog.list(scope)] == ["Trail Pack"]
    catalog.save_version(scope, "pack", record("Trail Pack 22"), corrections=[renamed])
    assert catalog.former_names(scope) == [("pack", "Trail Pack")]
