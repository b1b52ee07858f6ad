import pytest

from domain.errors import NotFound, StateConflict
from domain.evidence import Evidence
from domain.extraction import ProductDraft
from domain.product import ProductRecord, ProductStatus, Variants
from domain.scope import Scope
from models.embeddings import EmbeddedE5, Embedder
from stores.catalog import CatalogStore
from stores.index_state import IndexStateStore
from stores.sql import Database
from stores.vectors.memory import MemoryIndex
from stores.vectors.port import IndexMeta
from tests.fakes.word_embedder import WordEmbedder
from tools.catalog import Catalog

MUG = ProductRecord(
    name="Fjord Thermal Mug",
    live_price=19.9,
    currency="USD",
    materials=["stainless steel"],
    selling_points=["Keeps drinks hot for 12 hours"],
)
SERUM = ProductRecord(
    name="山茶花保湿精华液",
    live_price=129,
    currency="CNY",
    ingredients=["烟酰胺"],
    usage=["早晚洁面后使用"],
)
DRESS = ProductRecord(
    name="Lune Linen Dress", live_price=68, currency="GBP", variants=Variants(sizes=["S", "M"])
)


class Home:
    def __init__(self, database: Database, embedder: Embedder | None = None) -> None:
        self.database = database
        self.embedder = embedder or WordEmbedder()
        self.open()

    def open(self) -> None:
        """A new process with an empty index file."""
        self.index = MemoryIndex(IndexMeta(self.embedder.name, self.embedder.dim))
        self.catalog = Catalog(
            CatalogStore(self.database),
            lambda: self.index,
            lambda: self.embedder,
            IndexStateStore(self.database),
        )

    def add(self, scope: Scope, record: ProductRecord, product_id: str, publish: bool = True):
        draft = ProductDraft(
            record=record,
            evidence={"name": [Evidence(source="s", file="f.txt", quote=record.name or "")]},
        )
        document = self.catalog.save_draft(scope, draft, product_id, None)
        return self.catalog.publish(scope, product_id) if publish else document


@pytest.fixture
def home(database: Database) -> Home:
    return Home(database)


def test_a_published_product_is_found_and_a_draft_is_not(home: Home, scope: Scope):
    home.add(scope, MUG, "mug", publish=False)
    assert home.catalog.search(scope, "thermal mug", 5) == []
    published = home.catalog.publish(scope, "mug")
    assert published.status is ProductStatus.PUBLISHED
    hit = home.catalog.search(scope, "thermal mug", 5)[0]
    assert (hit.product_id, hit.version, hit.name) == ("mug", 1, "Fjord Thermal Mug")


def test_a_workspace_sees_its_own_products_only(home: Home, scope: Scope):
    home.add(scope, MUG, "mug")
    other = Scope(workspace_id="other")
    assert home.catalog.search(other, "mug", 5) == []
    assert home.catalog.find_product(other, "mug").product_id is None


def test_a_new_version_replaces_the_old_in_the_index(home: Home, scope: Scope):
    home.add(scope, MUG, "mug")
    home.add(scope, MUG.model_copy(update={"selling_points": ["Now with a handle"]}), "mug")
    texts = [hit.text for hit in home.catalog.search(scope, "drinks hot hours handle", 5)]
    assert texts == ["selling points: Now with a handle"]
    assert home.catalog.check_index(scope) == len(home.catalog.get(scope, "mug").facts())


def test_a_removed_product_leaves_nothing(home: Home, scope: Scope):
    home.add(scope, MUG, "mug")
    home.catalog.remove(scope, "mug")
    assert home.index.count(scope.workspace_id) == 0
    with pytest.raises(NotFound):
        home.catalog.get(scope, "mug")


def test_an_index_that_is_new_is_filled_from_the_database(home: Home, scope: Scope):
    home.add(scope, MUG, "mug")
    home.open()
    assert home.index.count(scope.workspace_id) == 0
    assert home.catalog.search(scope, "thermal mug", 5)[0].product_id == "mug"


def test_an_index_that_lost_facts_is_reported_and_rebuilt(home: Home, scope: Scope):
    home.add(scope, MUG, "mug")
    facts = home.catalog.check_index(scope)
    home.index.delete(scope.workspace_id, {"field": "name"})
    with pytest.raises(StateConflict, match=f"{facts - 1} of {facts} facts of mug"):
        home.catalog.check_index(scope)
    assert home.catalog.rebuild_index(scope) == facts


def test_the_same_key_saves_a_draft_once(home: Home, scope: Scope):
    draft = ProductDraft(record=MUG)
    first = home.catalog.save_draft(scope, draft, None, "run:0")
    assert home.catalog.save_draft(scope, draft, None, "run:0") == first
    assert len(home.catalog.list(scope)) == 1


def test_the_named_product_is_meant(home: Home, scope: Scope):
    for record, product_id in ((MUG, "mug"), (SERUM, "serum"), (DRESS, "dress")):
        home.add(scope, record, product_id)
    assert home.catalog.find_product(scope, "how much is the linen dress?").product_id == "dress"
    assert home.catalog.find_product(scope, "山茶花精华多少钱").product_id == "serum"


def test_a_question_that_fits_all_products_names_them(home: Home, scope: Scope):
    for record, product_id in ((MUG, "mug"), (SERUM, "serum"), (DRESS, "dress")):
        home.add(scope, record, product_id)
    found = home.catalog.find_product(scope, "is it any good?")
    assert found.product_id is None
    assert set(found.candidates) == {"Fjord Thermal Mug", "山茶花保湿精华液", "Lune Linen Dress"}


def test_the_only_product_is_meant(home: Home, scope: Scope):
    assert home.catalog.find_product(scope, "how much?").candidates == []
    home.add(scope, MUG, "mug")
    assert home.catalog.find_product(scope, "how much?").product_id == "mug"


@pytest.mark.models
def test_products_are_found_across_languages(database: Database, scope: Scope):
    home = Home(database, EmbeddedE5())
    for record, product_id in ((MUG, "mug"), (SERUM, "serum"), (DRESS, "dress")):
        home.add(scope, record, product_id)
    assert home.catalog.search(scope, "保温杯", 1)[0].product_id == "mug"
    assert home.catalog.search(scope, "moisturising serum", 1)[0].product_id == "serum"
    assert home.catalog.search(scope, "亚麻连衣裙", 1)[0].product_id == "dress"
