"""The published records as answers read them: each version is read from SQL once.

What is published is asked of SQL each time, in one short query; a version never changes.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence

from domain.errors import NotFound
from domain.product import ProductDocument, ProductSummary
from domain.scope import Scope
from stores.catalog import CatalogStore
from tools.line_up import LineUp

_RECORDS, _LINE_UPS = 256, 16


class Shelf:
    """Published records, to be read and never changed; safe to call from several threads."""

    def __init__(self, store: CatalogStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._records: OrderedDict[tuple[str, str, int, object], ProductDocument] = OrderedDict()
        self._line_ups: OrderedDict[tuple[object, ...], LineUp] = OrderedDict()
        self._listed: dict[str, tuple[object, list[ProductSummary]]] = {}

    def summaries(self, scope: Scope) -> Sequence[ProductSummary]:
        """Every product, the last changed first."""
        state = self._store.state(scope)
        with self._lock:
            known = self._listed.get(scope.workspace_id)
        if known is not None and known[0] == state:
            return known[1]
        listed = self._store.list(scope)
        with self._lock:
            self._listed[scope.workspace_id] = (state, listed)
        return listed

    def newest(self, scope: Scope, most: int) -> Sequence[str]:
        """Ids of published products, the last changed first."""
        listed = self.summaries(scope)
        return [one.product_id for one in listed if one.published_version is not None][:most]

    def published(self, scope: Scope, product_id: str) -> ProductDocument:
        """The record that viewers are answered from.

        Raises:
            NotFound: no such product, or it is not published.
        """
        for one in self.summaries(scope):
            if one.product_id == product_id and one.published_version is not None:
                return self._record(scope, one)
        return self._store.get(scope, product_id, "published")

    def line_up(self, scope: Scope, product_ids: Sequence[str]) -> LineUp:
        """Those of the products that are published, in this order."""
        listed = {one.product_id: one for one in self.summaries(scope)}
        wanted = [listed[one] for one in product_ids if one in listed]
        found = [self._record(scope, one) for one in wanted if one.published_version is not None]
        key = (scope.workspace_id, *((one.product_id, one.version, id(one)) for one in found))
        with self._lock:
            line_up = self._line_ups.get(key)
        if line_up is None:
            line_up = LineUp(found)
        with self._lock:
            self._line_ups[key] = line_up
            self._line_ups.move_to_end(key)
            while len(self._line_ups) > _LINE_UPS:
                self._line_ups.popitem(last=False)
        return line_up

    def _record(self, scope: Scope, summary: ProductSummary) -> ProductDocument:
        version = summary.published_version
        if version is None:
            raise NotFound(
                f"Product {summary.product_id} is not published.",
                hint=f"Approve it first: livecue product approve {summary.product_id}",
            )
        # a product that was removed and made anew counts its versions from 1 again
        key = (scope.workspace_id, summary.product_id, version, summary.updated_at)
        with self._lock:
            known = self._records.get(key)
        if known is None:
            known = self._store.get(scope, summary.product_id, version)
        with self._lock:
            self._records[key] = known
            self._records.move_to_end(key)
            while len(self._records) > _RECORDS:
                self._records.popitem(last=False)
        return known
