"""The vector index of published facts: kept in step with SQL, and searched for products.

SQL is the truth. What a crash or another embedder left behind is filled in before the first search
of a process.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from domain.errors import LivecueError, StateConflict
from domain.language import detect_language
from domain.lexicon import broader_concepts, find_terms
from domain.product import ProductDocument, ProductSummary
from domain.scope import Scope
from models.embeddings import Embedder
from stores.catalog import CatalogStore
from stores.index_state import IndexStateStore
from stores.vectors.port import WORKSPACE, IndexStatus, VectorIndex, VectorPoint
from tools.questions.reading import QuestionReading, content_words, covered
from tools.questions.similarity import passage_text

log = logging.getLogger("livecue.catalog")

_MOST_HITS = 256
"""Facts looked at in one search; enough that the other language's come into view."""
_WORD_WEIGHT = 0.15
"""What a full match of words adds to a cosine, whose useful range is about 0.1 wide."""
_SAME_LANGUAGE_BIAS = {"zh": 0.05, "en": 0.025}
"""How much nearer e5 puts two texts of one language than a mixed pair, taken off so that words find
products of the other language. Chinese: means of 0.835 and 0.785 over 102 questions on three
records; English: of 0.805 and 0.779 over 17 queries on ten records that do not fit them."""
_QUALITIES = ("material", "colour", "country")
"""Classes of the lexicon that tell goods apart; every product has times and returns."""
_MIN_NAMED = 0.5
_CLEAR_LEAD = 0.02
_MOST_CANDIDATES = 5


class SearchHit(BaseModel):
    """A published product and the fact of it that fits best; `score` only orders hits."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product_id: str
    name: str
    version: int
    field: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class FoundProduct:
    """The product that a question is about, or the names to ask back with."""

    product_id: str | None
    candidates: list[str] = field(default_factory=list[str])


class ProductIndex:
    """The facts of a home's published products by meaning; safe to call from several threads."""

    def __init__(
        self,
        store: CatalogStore,
        vectors: Callable[[], VectorIndex],
        embedder: Callable[[], Embedder],
        index_state: IndexStateStore,
    ) -> None:
        self._store = store
        self._vectors = vectors
        self._embedder = embedder
        self._index_state = index_state
        self._writing = threading.RLock()
        self._followed = False

    def search(self, scope: Scope, words: str, limit: int = 10) -> Sequence[SearchHit]:
        """Published products by words and by meaning, in either language, the best first."""
        published = self._published(scope)
        if not published or not words.strip():
            return []
        self._ensure_followed()
        vector = self._embedder().embed_queries([words])[0]
        hits = self._vectors().search(vector, scope.workspace_id, limit=_MOST_HITS)
        wanted = content_words(words)
        concepts = _qualities(words)
        language = detect_language(words)
        best: dict[str, SearchHit] = {}
        for hit in hits:
            summary = published.get(hit.payload["product_id"])
            if summary is None:
                continue
            said = f"{summary.name} {hit.payload['text']}"
            bias = _SAME_LANGUAGE_BIAS[language] if detect_language(said) == language else 0.0
            share = covered(wanted, said)
            if concepts:
                shared = len(concepts & _qualities(said))
                share = max(share, shared / max(len(wanted), len(concepts)))
            found = SearchHit(
                product_id=summary.product_id,
                name=summary.name,
                version=hit.payload["version"],
                field=hit.payload["field"],
                text=hit.payload["text"],
                score=round(hit.score - bias + _WORD_WEIGHT * share, 4),
            )
            known = best.get(summary.product_id)
            if known is None or found.score > known.score:
                best[summary.product_id] = found
        for summary in published.values():
            share = covered(wanted, f"{summary.name} {summary.product_id}")
            if share >= _MIN_NAMED and summary.product_id not in best:
                best[summary.product_id] = SearchHit(
                    product_id=summary.product_id,
                    name=summary.name,
                    version=summary.published_version or summary.version,
                    field="name",
                    text=summary.name,
                    score=round(_WORD_WEIGHT * share, 4),
                )
        return sorted(best.values(), key=lambda hit: -hit.score)[:limit]

    def find_product(self, scope: Scope, question: str) -> FoundProduct:
        """The published product that a question is clearly about, or names to ask back with.

        One that the question names wins; else the only one; else the one whose facts lead by
        meaning.
        """
        published = list(self._published(scope).values())
        if len(published) < 2:
            return FoundProduct(published[0].product_id if published else None)
        shares = _named(question, published)
        ranked = sorted(published, key=lambda product: -shares[product.product_id])
        first, second = (shares[product.product_id] for product in ranked[:2])
        if first >= _MIN_NAMED and first > second:
            return FoundProduct(ranked[0].product_id)
        hits = self.search(scope, QuestionReading(question).topic, _MOST_CANDIDATES)
        if len(hits) > 1 and hits[0].score - hits[1].score >= _CLEAR_LEAD and first == second:
            return FoundProduct(hits[0].product_id)
        named = [p.name for p in ranked if shares[p.product_id] > 0]
        names = named or [hit.name for hit in hits] or [p.name for p in published]
        return FoundProduct(None, names[:_MOST_CANDIDATES])

    def check(self, scope: Scope) -> int:
        """How many facts of published products the index holds.

        Raises:
            StateConflict: it does not hold exactly what SQL says, or cannot be read.
        """
        self._ensure_followed()
        index = self._vectors()
        expected = 0
        for summary in self._published(scope).values():
            facts = len(self._store.get(scope, summary.product_id, "published").facts())
            wanted = {"product_id": summary.product_id, "version": summary.published_version or 0}
            held = index.count(scope.workspace_id, wanted)
            if held != facts:
                raise StateConflict(
                    f"The index holds {held} of {facts} facts of {summary.product_id}.",
                    hint="Rebuild it from the database: livecue doctor --rebuild-index",
                )
            expected += facts
        total = index.count(scope.workspace_id)
        if total != expected:
            raise StateConflict(
                f"The index holds {total} facts; the published products have {expected}.",
                hint="Rebuild it from the database: livecue doctor --rebuild-index",
            )
        return expected

    def rebuild(self, scope: Scope) -> int:
        """Fill the index anew from SQL; returns how many facts of the workspace it then holds."""
        with self._writing:
            self._vectors().clear()
            self._index_state.forget_all()
            self._catch_up()
            self._followed = True
        return self.check(scope)

    def follow_change(self) -> None:
        """Index what changed in SQL. What fails now is caught up before the next search."""
        with self._writing:
            try:
                self._follow()
                self._followed = False
                self._catch_up()
                self._followed = True
            except LivecueError as error:
                log.warning("the index lags behind the catalog: %s", error.message)

    def _published(self, scope: Scope) -> dict[str, ProductSummary]:
        return {
            summary.product_id: summary
            for summary in self._store.list(scope)
            if summary.published_version is not None
        }

    def _ensure_followed(self) -> None:
        if not self._followed:
            with self._writing:
                self._follow()

    def _follow(self) -> None:
        """Once a process: bring an index that is new or behind up to what SQL says."""
        if self._followed:
            return
        if self._vectors().status is IndexStatus.NEW:
            self._index_state.forget_all()
        self._catch_up()
        self._followed = True

    def _catch_up(self) -> None:
        for lag in self._index_state.lagging(self._embedder().name):
            scope = Scope(workspace_id=lag.workspace_id, actor="index")
            if lag.version is None:
                self._forget(scope, lag.product_id)
            else:
                self._index(scope, self._store.get(scope, lag.product_id, lag.version))

    def _index(self, scope: Scope, document: ProductDocument) -> None:
        facts = document.facts()
        name = document.record.name or document.product_id
        texts = [passage_text(fact) for fact in facts]
        embedder = self._embedder()
        rows = embedder.embed_passages([f"{name}. {text}" for text in texts])
        points = [
            VectorPoint(
                id=f"{document.product_id}/{fact.field}",
                vector=row,
                payload={
                    WORKSPACE: scope.workspace_id,
                    "product_id": document.product_id,
                    "version": document.version,
                    "field": fact.field,
                    "text": text,
                },
            )
            for fact, text, row in zip(facts, texts, rows, strict=True)
        ]
        index = self._vectors()
        index.delete(scope.workspace_id, {"product_id": document.product_id})
        if points:
            index.upsert(points)
        self._index_state.mark(
            scope, document.product_id, version=document.version, embedder=embedder.name
        )

    def _forget(self, scope: Scope, product_id: str) -> None:
        self._vectors().delete(scope.workspace_id, {"product_id": product_id})
        self._index_state.mark(scope, product_id, version=None, embedder=self._embedder().name)


def _qualities(text: str) -> frozenset[str]:
    """The materials, colours and the like that `text` names, in either language."""
    return frozenset(
        concept
        for term in find_terms(text)
        if term.cls in _QUALITIES
        for concept in broader_concepts(term.cls, term.concept)
    )


def _named(question: str, products: Sequence[ProductSummary]) -> dict[str, float]:
    """How much of each product's name a question says; words of every name count for nothing."""
    words = {p.product_id: content_words(p.name) for p in products}
    common = Counter(word for own in words.values() for word in own)
    shares: dict[str, float] = {}
    for product in products:
        own = frozenset(w for w in words[product.product_id] if common[w] < len(products))
        whole = product.name.lower() in question.lower()
        shares[product.product_id] = 1.0 if whole else _said(own, question)
    return shares


def _said(own: frozenset[str], question: str) -> float:
    """The share of name words said; one distinctive word of a long name is enough."""
    share = covered(own, question)
    hits = round(share * len(own))
    return max(share, min(1.0, _MIN_NAMED * hits)) if hits else 0.0
