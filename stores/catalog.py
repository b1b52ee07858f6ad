"""The catalog: products and their versions."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.errors import NotFound, StateConflict
from domain.evidence import Evidence
from domain.product import (
    Conflict,
    Dropped,
    ProductDocument,
    ProductRecord,
    ProductStatus,
    ProductSummary,
    SetAside,
)
from domain.scope import Scope
from stores.clock import Clock, utc_now
from stores.ids import checked_id, readable_id
from stores.sql import Database
from stores.tables import ProductRow, ProductVersionRow


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
            key: the same key saves once: a second call returns the version of the first.

        Raises:
            InvalidInput: `product_id` cannot be an id.
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
                    return _document(saved)
            product = None
            if product_id is not None:
                product = session.get(
                    ProductRow, (scope.workspace_id, product_id), with_for_update=True
                )
            if product is None:
                product = ProductRow(
                    workspace_id=scope.workspace_id,
                    product_id=product_id or _unused_id(session, scope, record.name),
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
            return document

    def get(
        self, scope: Scope, product_id: str, version: int | Literal["published"] | None = None
    ) -> ProductDocument:
        """A version of a product: the newest, the published one, or the one of that number.

        Raises:
            NotFound: no such product, or no such version of it.
        """
        with self._database.reading() as session:
            product = _product(session, scope, product_id)
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
            return _document(row)

    def publish(self, scope: Scope, product_id: str, version: int | None = None) -> ProductDocument:
        """Make a waiting version the published one, in one step; older versions are superseded.

        `version` names the one that the person has seen; None takes the newest that waits.
        Publishing the published version again changes nothing.

        Raises:
            NotFound: no such product or version.
            StateConflict: the version does not await approval, or none does.
        """
        with self._database.session() as session:
            row = _waiting(session, scope, product_id, version, done=ProductStatus.PUBLISHED)
            if row.status == ProductStatus.PUBLISHED:
                return _document(row)
            now = self._clock()
            product = _product(session, scope, product_id)
            earlier = session.scalars(
                select(ProductVersionRow).where(
                    ProductVersionRow.workspace_id == scope.workspace_id,
                    ProductVersionRow.product_id == product_id,
                    (ProductVersionRow.status == ProductStatus.PUBLISHED)
                    | (
                        (ProductVersionRow.status == ProductStatus.AWAITING_APPROVAL)
                        & (ProductVersionRow.version < row.version)
                    ),
                )
            )
            for old in earlier:
                _stamp(old, ProductStatus.SUPERSEDED, scope, self._clock)
            _stamp(row, ProductStatus.PUBLISHED, scope, self._clock)
            product.published_version = row.version
            product.actor = scope.actor
            product.updated_at = now
            return _document(row)

    def reject(self, scope: Scope, product_id: str, version: int | None = None) -> ProductDocument:
        """Turn down a waiting version (the newest that waits by default).

        Raises:
            NotFound: no such product or version.
            StateConflict: the version does not await approval, or none does.
        """
        with self._database.session() as session:
            row = _waiting(session, scope, product_id, version, done=ProductStatus.REJECTED)
            if row.status != ProductStatus.REJECTED:
                _stamp(row, ProductStatus.REJECTED, scope, self._clock)
            return _document(row)

    def delete(self, scope: Scope, product_id: str) -> None:
        """Remove a product with all its versions; sources and their bytes stay.

        Raises:
            NotFound: no such product.
        """
        with self._database.session() as session:
            session.delete(_product(session, scope, product_id, lock=True))

    def list(self, scope: Scope, *, limit: int | None = None) -> list[ProductSummary]:
        """Products, the last changed first, each with the state of its newest version."""
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


def _product(session: Session, scope: Scope, product_id: str, *, lock: bool = False) -> ProductRow:
    row = session.get(ProductRow, (scope.workspace_id, product_id), with_for_update=lock)
    if row is None:
        raise NotFound(f"There is no product {product_id}.", hint="See: livecue product list")
    return row


def _waiting(
    session: Session, scope: Scope, product_id: str, version: int | None, done: ProductStatus
) -> ProductVersionRow:
    """The version that awaits approval, or one named by number that is `done` already."""
    product = _product(session, scope, product_id, lock=True)
    versions = select(ProductVersionRow).where(
        ProductVersionRow.workspace_id == scope.workspace_id,
        ProductVersionRow.product_id == product_id,
    )
    if version is None:
        row = session.scalar(
            versions.where(ProductVersionRow.status == ProductStatus.AWAITING_APPROVAL)
            .order_by(ProductVersionRow.version.desc())
            .limit(1)
        )
        if row is None:
            raise StateConflict(
                f"No version of product {product_id} awaits approval.",
                hint=f"See: livecue product show {product_id}",
            )
        return row
    row = session.scalar(versions.where(ProductVersionRow.version == version))
    if row is None:
        raise NotFound(
            f"Product {product_id} has no version {version}.",
            hint=f"Its versions run from 1 to {product.latest_version}.",
        )
    if row.status not in (ProductStatus.AWAITING_APPROVAL, done):
        raise StateConflict(
            f"Version {version} of product {product_id} is {row.status}, not awaiting approval.",
            hint=f"See: livecue product show {product_id}",
        )
    return row


def _unused_id(session: Session, scope: Scope, name: str | None) -> str:
    while True:
        product_id = readable_id(name)
        if session.get(ProductRow, (scope.workspace_id, product_id)) is None:
            return product_id


def _stamp(row: ProductVersionRow, status: ProductStatus, scope: Scope, clock: Clock) -> None:
    row.status = status
    row.actor = scope.actor
    row.updated_at = clock()


def _document(row: ProductVersionRow) -> ProductDocument:
    content: dict[str, Any] = {**row.document, "status": row.status}
    return ProductDocument.model_validate(content)
