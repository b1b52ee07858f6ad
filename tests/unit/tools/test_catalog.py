from concurrent.futures import ThreadPoolExecutor

import pytest

from domain.errors import NotFound, StateConflict
from domain.evidence import Evidence
from domain.extraction import ProductDraft
from domain.product import (
    Conflict,
    ConflictValue,
    ProductDocument,
    ProductRecord,
    ProductStatus,
    SourceRef,
    Variants,
)
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


def test_corrections_are_applied_to_a_new_reading(home: Home, scope: Scope):
    home.add(scope, MUG, "mug")
    corrected = home.catalog.correct(scope, "mug", "live_price", "18")
    assert (corrected.version, corrected.record.live_price) == (2, 18)
    assert home.catalog.correct(scope, "mug", "live_price", "18.0") == corrected
    source = SourceRef(source="s", file="f.txt", kind="text", sha256="ab", size=2)
    reading = ProductDraft(record=MUG.model_copy(update={"live_price": 25.0, "brand": "Fjord"}))
    again = home.catalog.save_draft(scope, reading, "mug", "run:0", [source])
    assert (again.version, again.record.live_price, again.record.brand) == (3, 18, "Fjord")
    assert again.corrections == corrected.corrections
    assert again.sources == [source]
    assert home.catalog.save_draft(scope, reading, "mug", "run:0", [source]) == again
    assert home.catalog.correct(Scope("shop", "ben"), "mug", "brand", "F").sources == again.sources


def test_a_reading_that_only_disagrees_anew_makes_a_version(home: Home, scope: Scope):
    draft = ProductDraft(record=MUG)
    first = home.catalog.save_draft(scope, draft, None, None)
    assert home.catalog.save_draft(scope, draft, None, None) == first
    quote = Evidence(source="s", file="f.txt", quote="x")
    values = [ConflictValue(value=v, evidence=[quote]) for v in ("19.9", "25")]
    disputed = draft.model_copy(update={"conflicts": [Conflict(field="live_price", values=values)]})
    assert home.catalog.save_draft(scope, disputed, None, None).version == 2
    decided = home.catalog.resolve(scope, first.product_id, "live_price", "25")
    assert home.catalog.save_draft(scope, disputed, None, None) == decided


def test_the_same_content_makes_no_version_and_other_content_does(home: Home, scope: Scope):
    draft = ProductDraft(record=MUG)
    ref = SourceRef(source="s1", file="a.txt", kind="text", sha256="ab", size=2)
    sent_again = ref.model_copy(update={"source": "s2"})
    changed = ref.model_copy(update={"source": "s3", "sha256": "cd"})
    first = home.catalog.save_draft(scope, draft, "mug", None, [ref])
    assert home.catalog.save_draft(scope, draft, "mug", None, [sent_again]) == first
    assert home.catalog.save_draft(scope, draft, "mug", None, [changed]).version == 2
    home.catalog.reject(scope, "mug")
    assert home.catalog.save_draft(scope, draft, "mug", None, [changed]).version == 3


def test_the_product_that_a_draft_is_about_is_found(home: Home, scope: Scope):
    home.add(scope, MUG, "mug")
    renamed = home.catalog.correct(scope, "mug", "name", "Fjord Mug 2")
    assert home.catalog.find_earlier(scope, None, "fjord thermal mug") == renamed
    assert home.catalog.find_earlier(scope, "mug", None) == renamed
    home.catalog.reject(scope, "mug")
    earlier = home.catalog.find_earlier(scope, None, "Fjord Thermal Mug")
    assert earlier == home.catalog.get(scope, "mug", 1)
    assert home.catalog.find_earlier(scope, None, "Other Mug") is None
    assert home.catalog.find_earlier(scope, "other", None) is None


def test_corrections_made_at_once_all_count(home: Home, scope: Scope):
    home.add(scope, MUG, "mug")
    points = [f"point {number} of a list" for number in range(8)]

    def add(point: str) -> ProductDocument:
        return home.catalog.correct(scope, "mug", "selling_points", point)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, points))
    newest = home.catalog.get(scope, "mug")
    assert set(points) < set(newest.record.selling_points)
    assert len(newest.corrections) == len(points)


def test_a_workspace_corrects_its_own_products_only(home: Home, scope: Scope):
    home.add(scope, MUG, "mug")
    home.catalog.correct(scope, "mug", "brand", "Fjord")
    stranger = Scope(workspace_id="other")
    with pytest.raises(NotFound, match="mug"):
        home.catalog.correct(stranger, "mug", "brand", "Mine")
    with pytest.raises(NotFound, match="mug"):
        home.catalog.diff(stranger, "mug")
    stored, new = home.catalog.take_in(stranger, home.catalog.get(scope, "mug"))
    assert (stored.version, new) == (1, True)
    assert len(home.catalog.versions(scope, "mug")) == 2


@pytest.mark.models
def test_products_are_found_across_languages(database: Database, scope: Scope):
    home = Home(database, EmbeddedE5())
    for record, product_id in ((MUG, "mug"), (SERUM, "serum"), (DRESS, "dress")):
        home.add(scope, record, product_id)
    assert home.catalog.search(scope, "保温杯", 1)[0].product_id == "mug"
    assert home.catalog.search(scope, "moisturising serum", 1)[0].product_id == "serum"
    assert home.catalog.search(scope, "亚麻连衣裙", 1)[0].product_id == "dress"


@pytest.mark.models
def test_a_product_of_the_other_language_is_found_beside_one_of_the_same(
    database: Database, scope: Scope
):
    home = Home(database, EmbeddedE5())
    quilt = ProductRecord(
        name="桑蚕丝夏凉被", materials=["100%桑蚕丝"], selling_points=["一床空调房刚好盖"]
    )
    lamp = ProductRecord(name="Juniper Lamp", materials=["oak"])
    for record, product_id in ((MUG, "mug"), (quilt, "quilt"), (lamp, "lamp")):
        home.add(scope, record, product_id)
    for words in ("silk bedding", "mulberry silk", "蚕丝被"):
        assert home.catalog.search(scope, words, 1)[0].product_id == "quilt", words
    for words, product_id in (("不锈钢杯子", "mug"), ("木头台灯", "lamp"), ("desk light", "lamp")):
        assert home.catalog.search(scope, words, 1)[0].product_id == product_id, words
