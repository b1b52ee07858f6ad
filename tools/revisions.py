"""Versions of a product that come from a person: corrected, decided, or imported."""

from collections.abc import Callable, Sequence
from typing import Any

from domain.errors import NotFound, StateConflict
from domain.extraction import ProductDraft
from domain.product import Correction, ProductDocument, ProductStatus, VersionSummary
from domain.scope import Scope
from stores.catalog import CatalogStore, Overtaken
from stores.clock import Clock
from tools.correction_requests import make_correction, settle_conflict
from tools.corrections import apply_corrections

_DRAFT = {"record", "evidence", "conflicts", "dropped", "set_aside"}
_STAMPS = {"version", "status"}


class Revisions:
    """The part of the catalog that makes versions from what a person says.

    Each is made in view of the newest version, and made anew where another one came first.
    """

    def __init__(self, store: CatalogStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def correct(
        self,
        scope: Scope,
        product_id: str,
        field: str,
        value: str | None = None,
        *,
        was: str | None = None,
        remove: bool = False,
        note: str | None = None,
        seen: int | None = None,
    ) -> ProductDocument:
        """A new version, which awaits approval, with what a person set or removed.

        It is made from the newest version that was not rejected, which `seen` has to be where it is
        given. What is there already makes no new version. See
        `tools.correction_requests.make_correction`.
        """

        def make(document: ProductDocument) -> Correction:
            return make_correction(
                document, field, value,
                was=was, remove=remove, note=note, by=scope.actor, at=self._clock(),
            )  # fmt: skip

        return self._revise(scope, product_id, make, seen)

    def resolve(
        self,
        scope: Scope,
        product_id: str,
        field: str,
        value: str,
        *,
        note: str | None = None,
        seen: int | None = None,
    ) -> ProductDocument:
        """A new version, which awaits approval, with a conflict decided by a person.

        See `tools.correction_requests.settle_conflict`; `seen` as for `correct`.
        """

        def make(document: ProductDocument) -> Correction:
            return settle_conflict(
                document, field, value, note=note, by=scope.actor, at=self._clock()
            )

        return self._revise(scope, product_id, make, seen)

    def take_in(self, scope: Scope, document: ProductDocument) -> tuple[ProductDocument, bool]:
        """Store an exported version under its id, as a new version that awaits approval.

        Everything but version and status is kept. Returns the stored version and whether it is new:
        what the newest version holds already makes none.
        """
        while True:
            newest = self._newest(scope, document.product_id)
            if newest is not None and newest.status is not ProductStatus.REJECTED:
                stamps = newest.model_dump(include=_STAMPS)
                if newest == document.model_copy(update=stamps):
                    return newest, False
            try:
                stored = self._store.save_version(
                    scope,
                    document.product_id,
                    **draft_parts(document),
                    corrections=document.corrections,
                    sources=document.sources,
                    after=newest.version if newest else 0,
                )
            except Overtaken:
                continue
            return stored, True

    def _revise(
        self,
        scope: Scope,
        product_id: str,
        make: Callable[[ProductDocument], Correction],
        seen: int | None,
    ) -> ProductDocument:
        while True:
            versions = self._store.versions(scope, product_id)
            base = find_standing(versions) or versions[0]
            if seen not in (None, base.version):
                raise StateConflict(
                    f"{product_id} has version {base.version} by now; you looked at {seen}.",
                    hint=f"Look at it again: livecue product show {product_id}",
                )
            document = self._store.get(scope, product_id, base.version)
            correction = make(document)
            before = _draft_of(document)
            revised = apply_corrections(before, [correction])
            if revised == before and base.status is not ProductStatus.REJECTED:
                return document
            try:
                return self._store.save_version(
                    scope,
                    product_id,
                    **draft_parts(revised),
                    corrections=[*document.corrections, correction],
                    sources=document.sources,
                    after=versions[0].version,
                )
            except Overtaken:
                continue

    def _newest(self, scope: Scope, product_id: str) -> ProductDocument | None:
        try:
            return self._store.get(scope, product_id)
        except NotFound:
            return None


def _draft_of(document: ProductDocument) -> ProductDraft:
    return ProductDraft.model_validate(document.model_dump(include=_DRAFT))


def draft_parts(made: ProductDraft | ProductDocument) -> dict[str, Any]:
    """What `CatalogStore.save_version` takes of a draft or a version, by name."""
    return {name: getattr(made, name) for name in _DRAFT}


def find_standing(versions: Sequence[VersionSummary]) -> VersionSummary | None:
    """The newest of `versions` (newest first) that was not rejected."""
    return next((v for v in versions if v.status is not ProductStatus.REJECTED), None)
