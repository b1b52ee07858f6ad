"""What is published is read once a version, and never stale."""

import pytest

from domain.errors import NotFound
from domain.product import ProductRecord
from domain.scope import Scope
from stores.catalog import CatalogStore
from stores.sql import Database
from tools.shelf import Shelf


class Shop:
    def __init__(self, database: Database, scope: Scope) -> None:
        self.scope = scope
        self.store = CatalogStore(database)
        self.shelf = Shelf(self.store)

    def publish(self, product_id: str, name: str) -> None:
        self.store.save_version(self.scope, product_id, ProductRecord(name=name))
        self.store.publish(self.scope, product_id)


@pytest.fixture
def shop(database: Database, scope: Scope) -> Shop:
    return Shop(database, scope)


def test_a_version_is_read_once_and_a_new_one_at_once(shop: Shop):
    shop.publish("mug", "Fjord Mug")
    first = shop.shelf.published(shop.scope, "mug")
    assert shop.shelf.published(shop.scope, "mug") is first
    shop.store.save_version(shop.scope, "mug", ProductRecord(name="Fjord Mug 2"))
    assert shop.shelf.published(shop.scope, "mug").record.name == "Fjord Mug"
    shop.store.publish(shop.scope, "mug")
    assert shop.shelf.published(shop.scope, "mug").record.name == "Fjord Mug 2"


def test_what_is_unpublished_gone_or_of_another_workspace_is_not_there(shop: Shop):
    shop.store.save_version(shop.scope, "bag", ProductRecord(name="Bag"))
    shop.publish("mug", "Fjord Mug")
    with pytest.raises(NotFound):
        shop.shelf.published(shop.scope, "bag")
    with pytest.raises(NotFound):
        shop.shelf.published(Scope(workspace_id="other"), "mug")
    shop.store.delete(shop.scope, "mug")
    with pytest.raises(NotFound):
        shop.shelf.published(shop.scope, "mug")
    shop.publish("mug", "Another Mug")
    assert shop.shelf.published(shop.scope, "mug").record.name == "Another Mug"


def test_a_line_up_keeps_its_order_and_leaves_out_what_is_not_on_sale(shop: Shop):
    shop.publish("mug", "Fjord Mug")
    shop.publish("lamp", "Selkie Lamp")
    shop.store.save_version(shop.scope, "bag", ProductRecord(name="Bag"))
    line_up = shop.shelf.line_up(shop.scope, ["mug", "bag", "gone", "lamp"])
    assert [one.product_id for one in line_up.documents] == ["mug", "lamp"]
    assert shop.shelf.line_up(shop.scope, ["mug", "bag", "gone", "lamp"]) is line_up
    shop.store.publish(shop.scope, "bag")
    anew = shop.shelf.line_up(shop.scope, ["mug", "bag", "gone", "lamp"])
    assert [one.product_id for one in anew.documents] == ["mug", "bag", "lamp"]


def test_a_rejected_name_is_not_listed(shop: Shop):
    shop.publish("mug", "Fjord Mug")
    shop.store.save_version(shop.scope, "mug", ProductRecord(name="Typo Mug"))
    assert [one.name for one in shop.shelf.summaries(shop.scope)] == ["Typo Mug"]
    shop.store.reject(shop.scope, "mug")
    assert [one.name for one in shop.shelf.summaries(shop.scope)] == ["Fjord Mug"]
    assert shop.shelf.newest(shop.scope, 5) == ["mug"]
