"""The catalog: products and their versions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from domain.errors import NotFound, StateConflict
from domain.evidence import Evidence
from domain.product import (
    Conflict,
    Correction,
    Dropped,
    ProductDocument,
    ProductRecord,
    ProductStatus,
    ProductSummary,
    SetAside,
    SourceRef,
    VersionSummary,
)
from domain.scope import Scope
from stores.clock import Clock, utc_now
from stores.corrections import find_corrections, find_former_names, log_corrections
from stores.ids import checked_id
from stores.product_rows import (
    ListState,
    find_product,
    find_superseded,
    find_waiting,
    read_document,
    read_state,
    restore_name,
    stamp,
    unused_id,
)
from stores.sql import Database
from stores.tables import ProductRow, ProductVersionRow


class Overtaken(StateConflict):
    """Another version was saved since the one that a new version was made from."""


class CatalogStore:
    """Products by workspace; a version's content never changes once it is saved."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def save_version(
        self,
        scope: Scope,
        product_id: str | None,
        record: ProductRecord,
        *,
        evidence: Mapping[str, Sequence[Evidence]] | None = None,
        conflicts: Sequence[Conflict] = (),
        dropped: Sequence[Dropped] = (),
        set_aside: Sequence[SetAside] = (),
        corrections: Sequence[Correction] = (),
        sources: Sequence[SourceRef] = (),
        after: int | None = None,
        key: str | None = None,
    ) -> ProductDocument:
        """Save a new version that awaits approval; what is published stays published.

        Args:
            scope: the workspace and who acts.
            product_id: None makes a new product with a readable id; an unknown id makes the
                product with that id; a known one gets its next version.
            record: the facts.
            evidence: by field path.
            conflicts: where sources disagree.
            dropped: proposed values that were not stored.
            set_aside: material about other goods.
            corrections: what persons corrected, in order; those not known yet are logged.
            sources: what the version was made of.
            after: the newest version that this one was made in view of, 0 for none.
            key: the same key saves once: a second call returns the version of the first.

        Raises:
            InvalidInput: `product_id` cannot be an id.
            Overtaken: the newest version is not `after`.
        """
        if product_id is not None:
            checked_id(product_id, "product id")
        now = self._clock()
        with self._database.session() as session:
            if key is not None:
                saved = session.scalar(
                    select(ProductVersionRow).where(
                        ProductVersionRow.workspace_id == scope.workspace_id,
                        ProductVersionRow.save_key == key,
                    )
                )
                if saved is not None:
                    return read_document(saved)
            product = None
            if product_id is not None:
                product = session.get(
                    ProductRow, (scope.workspace_id, product_id), with_for_update=True
                )
            newest = product.latest_version if product is not None else 0
            if after is not None and newest != after:
                raise Overtaken(
                    f"Product {product_id} has version {newest} by now, not {after}.",
                    hint=f"Look at it again: livecue product show {product_id}",
                )
            if product is None:
                product = ProductRow(
                    workspace_id=scope.workspace_id,
                    product_id=product_id or unused_id(session, scope, record.name),
                    latest_version=0,
                    created_at=now,
                )
                session.add(product)
            product.latest_version += 1
            product.name = record.name or product.product_id
            product.actor = scope.actor
            product.updated_at = now
            session.flush()
            document = ProductDocument(
                product_id=product.product_id,
                version=product.latest_version,
                status=ProductStatus.AWAITING_APPROVAL,
                record=record,
                evidence={path: list(found) for path, found in (evidence or {}).items()},
                conflicts=list(conflicts),
                dropped=list(dropped),
                set_aside=list(set_aside),
                corrections=list(corrections),
                sources=list(sources),
            )
            session.add(
                ProductVersionRow(
                    workspace_id=scope.workspace_id,
                    actor=scope.actor,
                    product_id=product.product_id,
                    version=document.version,
                    status=document.status,
                    document=document.model_dump(mode="json", exclude={"status"}),
                    save_key=key,
                    created_at=now,
                    updated_at=now,
                )
            )
            session.flush()
            log_corrections(session, scope, document.product_id, document.version, corrections, now)
            return document

    def get(
        self, scope: Scope, product_id: str, version: int | Literal["published"] | None = None
    ) -> ProductDocument:
        """A version of a product: the newest, the published one, or the one of that number.

        Raises:
            NotFound: no such product, or no such version of it.
        """
        with self._database.reading() as session:
            product = find_product(session, scope, product_id)
            match version:
                case None:
                    number = product.latest_version
                case "published":
                    if product.published_version is None:
                        raise NotFound(
                            f"Product {product_id} is not published.",
                            hint=f"Approve it first: livecue product approve {product_id}",
                        )
                    number = product.published_version
                case int():
                    number = version
            row = session.get(ProductVersionRow, (scope.workspace_id, product_id, number))
            if row is None:
                raise NotFound(
                    f"Product {product_id} has no version {number}.",
                    hint=f"Its versions run from 1 to {product.latest_version}.",
                )
            return read_document(row)

    def versions(self, scope: Scope, product_id: str) -> list[VersionSummary]:
        """Every version of a product, the newest first; NotFound."""
        with self._database.reading() as session:
            find_product(session, scope, product_id)
            rows = session.scalars(
                select(ProductVersionRow)
                .where(
                    ProductVersionRow.workspace_id == scope.workspace_id,
                    ProductVersionRow.product_id == product_id,
                )
                .order_by(ProductVersionRow.version.desc())
            )
            return [
                VersionSummary.model_validate(
                    {name: getattr(row, name) for name in VersionSummary.model_fields}
                )
                for row in rows
            ]

    def corrections(self, scope: Scope, product_id: str) -> list[Correction]:
        """What persons corrected in a product, in order; not what they took back by rejecting."""
        with self._database.reading() as session:
            return find_corrections(session, scope, product_id)

    def former_names(self, scope: Scope) -> list[tuple[str, str]]:
        """(product id, name) for every name that a person replaced by another."""
        with self._database.reading() as session:
            return find_former_names(session, scope)

    def publish(self, scope: Scope, product_id: str, version: int | None = None) -> ProductDocument:
        """Make a waiting version the published one, in one step; older versions are superseded.

        `version` names the one that the person has seen; None takes the newest that waits.
        Publishing the published version again changes nothing.

        Raises:
            NotFound: no such product or version.
            StateConflict: the version does not await approval, or none does.
        """
        with self._database.session() as session:
            row = find_waiting(session, scope, product_id, version, done=ProductStatus.PUBLISHED)
            if row.status == ProductStatus.PUBLISHED:
                return read_document(row)
            now = self._clock()
            product = find_product(session, scope, product_id)
            for old in find_superseded(session, scope, row):
                stamp(old, ProductStatus.SUPERSEDED, scope, self._clock)
            stamp(row, ProductStatus.PUBLISHED, scope, self._clock)
            product.published_version = row.version
            product.actor = scope.actor
            product.updated_at = now
            return read_document(row)

    def reject(self, scope: Scope, product_id: str, version: int | None = None) -> ProductDocument:
        """Turn down a waiting version (the newest by default), and the name that it brought.

        Raises:
            NotFound: no such product or version.
            StateConflict: the version does not await approval, or none does.
        """
        with self._database.session() as session:
            row = find_waiting(session, scope, product_id, version, done=ProductStatus.REJECTED)
            if row.status != ProductStatus.REJECTED:
                stamp(row, ProductStatus.REJECTED, scope, self._clock)
                restore_name(session, scope, product_id)
                find_product(session, scope, product_id).updated_at = self._clock()
            return read_document(row)

    def delete(self, scope: Scope, product_id: str) -> None:
        """Remove a product with all its versions; sources and their bytes stay.

        Raises:
            NotFound: no such product.
        """
        with self._database.session() as session:
            session.delete(find_product(session, scope, product_id, lock=True))

    def state(self, scope: Scope) -> ListState:
        """A mark of what is listed: it is another one after each change of the workspace."""
        with self._database.reading() as session:
            return read_state(session, scope)

    def list(
        self,
        scope: Scope,
        *,
        limit: int | None = None,
        after: tuple[datetime, str] | None = None,
    ) -> list[ProductSummary]:
        """Products, the last changed first, each with the state of its newest version.

        `after` is the (updated_at, product_id) of the last product of the page before.
        """
        query = (
            select(ProductRow, ProductVersionRow.status)
            .join(
                ProductVersionRow,
                (ProductVersionRow.workspace_id == ProductRow.workspace_id)
                & (ProductVersionRow.product_id == ProductRow.product_id)
                & (ProductVersionRow.version == ProductRow.latest_version),
            )
            .where(ProductRow.workspace_id == scope.workspace_id)
            .order_by(ProductRow.updated_at.desc(), ProductRow.product_id)
            .limit(limit)
        )
        if after is not None:
            changed, product_id = after
            query = query.where(
                (ProductRow.updated_at < changed)
                | ((ProductRow.updated_at == changed) & (ProductRow.product_id > product_id))
            )
        with self._database.reading() as session:
            return [
                ProductSummary(
                    product_id=product.product_id,
                    name=product.name,
                    version=product.latest_version,
                    status=ProductStatus(status),
                    published_version=product.published_version,
                    updated_at=product.updated_at,
                )
                for product, status in session.execute(query)
            ]
