"""Answers drafted ahead: what each rests on, whether it still holds, and for whom it serves."""

from domain.answer import Answer
from domain.errors import NotFound
from domain.product import ProductDocument
from domain.quantities import find_quantities
from domain.scope import Scope
from domain.stream import LiveFact
from models.text_classifier import fold_words
from stores.drafts import Basis, Draft, DraftStore
from stores.streams import StreamStore
from tools.catalog import Catalog
from tools.radar.asked import Asked, read_asked
from tools.radar.likeness import settle

__all__ = ["Basis", "Draft", "Drafts"]

_LIVE_FACTS = 200


class Drafts:
    """The drafts of streams; safe to call from several threads."""

    def __init__(
        self,
        store: DraftStore,
        streams: StreamStore,
        catalog: Catalog,
    ) -> None:
        self._store = store
        self._streams = streams
        self._catalog = catalog

    def find(self, scope: Scope, stream_id: str, question: str, product_id: str) -> Answer | None:
        """The answer that lies ready for a question, in its language and as things stand now.

        It serves who asks for the very same: the same words, or the same matter with the same
        entities and amounts and the same kind of answer. For a yes or no the words have to be the
        same, as `does it leak` and `is it leakproof` are not answered alike.
        """
        drafts = [
            one
            for one in self._store.list(scope, stream_id)
            if one.basis.product_id == product_id and _is_same(question, one.answer.question)
        ]
        if not drafts:
            return None
        document = self.published(scope, product_id)
        if document is None or drafts[-1].basis != self.basis(scope, stream_id, document):
            return None
        return drafts[-1].answer

    def save(self, scope: Scope, stream_id: str, draft: Draft) -> None:
        """Keep a draft in the place of an earlier one of its cluster."""
        self._store.save(scope, stream_id, draft)

    def withdraw_stale(
        self, scope: Scope, stream_id: str, answered: frozenset[str] = frozenset()
    ) -> list[str]:
        """Drop drafts whose record or live facts have changed, and those of `answered` questions.

        Returns:
            The ids of their clusters.
        """
        drafts = self._store.list(scope, stream_id)
        products = {one.basis.product_id for one in drafts}
        documents = {one: self.published(scope, one) for one in products}
        now = {
            one: self.basis(scope, stream_id, document)
            for one, document in documents.items()
            if document is not None
        }
        stale = [
            one.cluster_id
            for one in drafts
            if one.cluster_id in answered or now.get(one.basis.product_id) != one.basis
        ]
        for cluster_id in stale:
            self._store.withdraw(scope, stream_id, cluster_id)
        return stale

    def published(self, scope: Scope, product_id: str) -> ProductDocument | None:
        """The record that viewers are answered from, where there is one."""
        try:
            return self._catalog.shelf.published(scope, product_id)
        except NotFound:
            return None

    def basis(self, scope: Scope, stream_id: str, document: ProductDocument) -> Basis:
        """What is known of a product now: its version, and the last live fact about it."""
        entries = self._streams.entries(
            scope, stream_id, kinds=("live_fact",), newest=True, limit=_LIVE_FACTS
        )
        of_it = [
            entry.seq
            for entry in entries
            if isinstance(entry.row, LiveFact) and entry.row.product_id == document.product_id
        ]
        return Basis(document.product_id, document.version, max(of_it, default=0))


def _is_same(question: str, drafted: str) -> bool:
    if fold_words(question) == fold_words(drafted):
        return True
    ours, theirs = read_asked(question), read_asked(drafted)
    if ours.lang != theirs.lang or ours.form != theirs.form or not settle(ours, theirs):
        return False
    if ours.form == "yes_no" and ours.words != theirs.words:
        return False
    return ours.entities == theirs.entities and _amounts(ours) == _amounts(theirs)


def _amounts(asked: Asked) -> list[tuple[str, str | None]]:
    return sorted((str(one.value), one.unit) for one in find_quantities(asked.text))
