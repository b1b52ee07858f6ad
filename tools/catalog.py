"""The catalog: products in SQL with what persons corrected, and finding the published ones."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

from domain.errors import NotFound
from domain.extraction import ProductDraft
from domain.product import (
    Conflict,
    ProductDocument,
    ProductStatus,
    ProductSummary,
    SourceRef,
    VersionSummary,
)
from domain.scope import Scope
from models.embeddings import Embedder
from stores.catalog import CatalogStore, Overtaken
from stores.clock import Clock, utc_now
from stores.index_state import IndexStateStore
from stores.vectors.port import VectorIndex
from tools.corrections import apply_corrections
from tools.product_index import FoundProduct, ProductIndex, SearchHit
from tools.quotes import fold_text
from tools.record_diff import RecordDiff, diff_documents
from tools.revisions import Revisions, draft_parts, find_standing
from tools.shelf import Shelf


class Catalog(Revisions):
    """Products of a workspace; safe to call from several threads.

    `shelf` holds the published ones for whoever only reads them, and soon.
    """

    def __init__(
        self,
        store: CatalogStore,
        vectors: Callable[[], VectorIndex],
        embedder: Callable[[], Embedder],
        index_state: IndexStateStore,
        clock: Clock = utc_now,
    ) -> None:
        super().__init__(store, clock)
        self.shelf = Shelf(store)
        self._index = ProductIndex(store, vectors, embedder, index_state)

    def get(
        self, scope: Scope, product_id: str, version: int | Literal["published"] | None = None
    ) -> ProductDocument:
        """A version of a product: the newest, `published`, or by number; NotFound."""
        return self._store.get(scope, product_id, version)

    def list(
        self, scope: Scope, limit: int | None = None, after: tuple[datetime, str] | None = None
    ) -> list[ProductSummary]:
        """Products, the last changed first; `after` is (updated_at, id) of the last one seen."""
        return self._store.list(scope, limit=limit, after=after)

    def versions(self, scope: Scope, product_id: str) -> Sequence[VersionSummary]:
        """Every version of a product, the newest first; NotFound."""
        return self._store.versions(scope, product_id)

    def diff(
        self, scope: Scope, product_id: str, before: int | None = None, after: int | None = None
    ) -> RecordDiff:
        """What changed in the record from version `before` to version `after`.

        `after` is the newest version by default, and `before` the published one where that is
        earlier: what viewers would see change. Else it is the version just before, and for a first
        version an empty record.
        """
        newer = self._store.get(scope, product_id, after)
        if before is None:
            earlier = [
                v for v in self._store.versions(scope, product_id) if v.version < newer.version
            ]
            published = [v for v in earlier if v.status is ProductStatus.PUBLISHED]
            before = next((v.version for v in published or earlier), None)
        older = None if before is None else self._store.get(scope, product_id, before)
        return diff_documents(older, newer)

    def find_earlier(
        self, scope: Scope, product_id: str | None, name: str | None
    ) -> ProductDocument | None:
        """The newest version that was not rejected of the product that a draft is about.

        It is the one of that id, else the one of that name; None where there is none.
        """
        known = product_id or self._of_same_name(scope, name)
        try:
            kept = find_standing(self._store.versions(scope, known)) if known else None
        except NotFound:
            return None
        return self._store.get(scope, known, kept.version) if known and kept else None

    def save_draft(
        self,
        scope: Scope,
        draft: ProductDraft,
        product_id: str | None,
        key: str | None,
        sources: Sequence[SourceRef] = (),
    ) -> ProductDocument:
        """Store a draft as a version that awaits approval; the same `key` stores once.

        What persons corrected in the product is applied first. Without an id, a product of the same
        name (before a person renamed it, too) gets a new version. A draft whose record, conflicts
        and contents of `sources` are those of the newest version makes none.
        """
        known = product_id or self._of_same_name(scope, draft.record.name)
        while True:
            newest = self._newest(scope, known) if known else None
            corrections = self._store.corrections(scope, known) if known and newest else []
            made = apply_corrections(draft, corrections)
            if newest and newest.status is not ProductStatus.REJECTED:
                held = newest.record, _stances(newest.conflicts), _contents(newest.sources)
                if held == (made.record, _stances(made.conflicts), _contents(sources)):
                    return newest
            try:
                return self._store.save_version(
                    scope,
                    known,
                    **draft_parts(made),
                    corrections=corrections,
                    sources=sources,
                    after=None if known is None else newest.version if newest else 0,
                    key=key,
                )
            except Overtaken:
                continue

    def publish(self, scope: Scope, product_id: str, version: int | None = None) -> ProductDocument:
        """Make a waiting version the one that viewers are answered from, and index its facts."""
        document = self._store.publish(scope, product_id, version)
        self._index.follow_change()
        return document

    def reject(self, scope: Scope, product_id: str, version: int | None = None) -> ProductDocument:
        """Refuse a waiting version; what is published stays."""
        return self._store.reject(scope, product_id, version)

    def remove(self, scope: Scope, product_id: str) -> None:
        """Remove a product with all its versions and its index entries; NotFound."""
        self._store.delete(scope, product_id)
        self._index.follow_change()

    def search(self, scope: Scope, words: str, limit: int = 10) -> Sequence[SearchHit]:
        """Published products by words and by meaning, in either language, the best first."""
        return self._index.search(scope, words, limit)

    def find_product(self, scope: Scope, question: str) -> FoundProduct:
        """The published product that a question is clearly about, or names to ask back with."""
        return self._index.find_product(scope, question)

    def check_index(self, scope: Scope) -> int:
        """How many facts of published products the index holds; StateConflict if not all."""
        return self._index.check(scope)

    def rebuild_index(self, scope: Scope) -> int:
        """Fill the index anew from SQL; returns how many facts of the workspace it then holds."""
        return self._index.rebuild(scope)

    def _of_same_name(self, scope: Scope, name: str | None) -> str | None:
        """The product that goes by `name`, else the only one that did."""
        if name is None:
            return None
        wanted = fold_text(name)
        current = [(p.product_id, p.name) for p in self._store.list(scope)]
        for names in (current, self._store.former_names(scope)):
            same = {product_id for product_id, known in names if fold_text(known) == wanted}
            if same:
                return same.pop() if len(same) == 1 else None
        return None


def _contents(sources: Sequence[SourceRef]) -> set[str]:
    return {source.sha256 for source in sources}


def _stances(conflicts: Sequence[Conflict]) -> set[tuple[str, str, frozenset[str]]]:
    """What a person would see of conflicts: fields, states and values, wherever they stand."""
    return {(c.field, c.status, frozenset(v.value for v in c.values)) for c in conflicts}
