"""A catalog whose index is in memory, and whose embedder needs no model."""

from functools import cache

from stores.catalog import CatalogStore
from stores.index_state import IndexStateStore
from stores.sql import Database
from stores.vectors.memory import MemoryIndex
from stores.vectors.port import IndexMeta
from tests.fakes.word_embedder import WordEmbedder
from tools.catalog import Catalog


def catalog_in(database: Database) -> Catalog:
    """The catalog of a database."""
    embedder = WordEmbedder()

    @cache
    def index() -> MemoryIndex:
        return MemoryIndex(IndexMeta(embedder.name, embedder.dim))

    return Catalog(CatalogStore(database), index, lambda: embedder, IndexStateStore(database))
