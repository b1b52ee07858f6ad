"""Rows of products and their versions: looked up, stamped, and read as documents."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.errors import NotFound, StateConflict
from domain.product import ProductDocument, ProductStatus
from domain.scope import Scope
from stores.clock import Clock
from stores.ids import readable_id
from stores.tables import ProductRow, ProductVersionRow

ListState = tuple[int, datetime | None, int]
"""How many products there are, when the last one changed, and the sum of published versions."""


def read_state(session: Session, scope: Scope) -> ListState:
    """What changes whenever a product of the workspace does."""
    query = select(
        func.count(), func.max(ProductRow.updated_at), func.sum(ProductRow.published_version)
    ).where(ProductRow.workspace_id == scope.workspace_id)
    count, changed, published = session.execute(query).one()
    return count, changed, published or 0


def find_product(
    session: Session, scope: Scope, product_id: str, *, lock: bool = False
) -> ProductRow:
    """The row of a product; NotFound."""
    row = session.get(ProductRow, (scope.workspace_id, product_id), with_for_update=lock)
    if row is None:
        raise NotFound(f"There is no product {product_id}.", hint="See: livecue product list")
    return row


def find_standing(session: Session, scope: Scope, product_id: str) -> ProductVersionRow | None:
    """The newest version of a product that was not rejected."""
    return session.scalar(
        select(ProductVersionRow)
        .where(
            ProductVersionRow.workspace_id == scope.workspace_id,
            ProductVersionRow.product_id == product_id,
            ProductVersionRow.status != ProductStatus.REJECTED,
        )
        .order_by(ProductVersionRow.version.desc())
        .limit(1)
    )


def restore_name(session: Session, scope: Scope, product_id: str) -> None:
    """Have a product go by the name of its newest version that was not rejected."""
    session.flush()
    if (standing := find_standing(session, scope, product_id)) is not None:
        product = find_product(session, scope, product_id)
        product.name = read_document(standing).record.name or product_id


def find_superseded(
    session: Session, scope: Scope, published: ProductVersionRow
) -> Sequence[ProductVersionRow]:
    """The versions that give way to `published`: the one before it, and those that waited."""
    return session.scalars(
        select(ProductVersionRow).where(
            ProductVersionRow.workspace_id == scope.workspace_id,
            ProductVersionRow.product_id == published.product_id,
            (ProductVersionRow.status == ProductStatus.PUBLISHED)
            | (
                (ProductVersionRow.status == ProductStatus.AWAITING_APPROVAL)
                & (ProductVersionRow.version < published.version)
            ),
        )
    ).all()


def find_waiting(
    session: Session, scope: Scope, product_id: str, version: int | None, done: ProductStatus
) -> ProductVersionRow:
    """The version that awaits approval, or one named by number that is `done` already."""
    product = find_product(session, scope, product_id, lock=True)
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


def unused_id(session: Session, scope: Scope, name: str | None) -> str:
    """A readable id that no product has."""
    while True:
        product_id = readable_id(name)
        if session.get(ProductRow, (scope.workspace_id, product_id)) is None:
            return product_id


def stamp(row: ProductVersionRow, status: ProductStatus, scope: Scope, clock: Clock) -> None:
    """Give a version another status."""
    row.status = status
    row.actor = scope.actor
    row.updated_at = clock()


def read_document(row: ProductVersionRow) -> ProductDocument:
    """The version that a row holds."""
    content: dict[str, Any] = {**row.document, "status": row.status}
    return ProductDocument.model_validate(content)
