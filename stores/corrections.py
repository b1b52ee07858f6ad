"""The log of what persons corrected; written and read within a session of the catalog."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.product import Correction, ProductStatus
from domain.scope import Scope
from stores.product_rows import find_standing, read_document
from stores.tables import CorrectionRow, ProductVersionRow


def find_corrections(session: Session, scope: Scope, product_id: str) -> list[Correction]:
    """The corrections of a product that are in force, in the order in which they were made.

    They are those of the newest version that was not rejected.
    """
    standing = find_standing(session, scope, product_id)
    return [] if standing is None else read_document(standing).corrections


def find_former_names(session: Session, scope: Scope) -> list[tuple[str, str]]:
    """(product id, name that a person replaced) of every product that was renamed by a person.

    A rename counts while a version that has it was not rejected.
    """
    rows = session.execute(
        select(CorrectionRow, ProductVersionRow)
        .join(
            ProductVersionRow,
            (ProductVersionRow.workspace_id == CorrectionRow.workspace_id)
            & (ProductVersionRow.product_id == CorrectionRow.product_id)
            & (ProductVersionRow.version >= CorrectionRow.version),
        )
        .where(
            CorrectionRow.workspace_id == scope.workspace_id,
            CorrectionRow.field == "name",
            CorrectionRow.was.is_not(None),
            ProductVersionRow.status != ProductStatus.REJECTED,
        )
        .order_by(CorrectionRow.product_id, CorrectionRow.seq)
    )
    names = {
        (row.product_id, row.was): None
        for row, version in rows
        if row.was and _correction(row) in read_document(version).corrections
    }
    return list(names)


def log_corrections(
    session: Session,
    scope: Scope,
    product_id: str,
    version: int,
    corrections: Sequence[Correction],
    now: datetime,
) -> None:
    """Add those of `corrections` that are not logged yet; `version` is the first to have them."""
    logged = select(CorrectionRow).where(
        CorrectionRow.workspace_id == scope.workspace_id, CorrectionRow.product_id == product_id
    )
    known = set(map(_correction, session.scalars(logged)))
    fresh = [correction for correction in corrections if correction not in known]
    last = session.scalar(
        select(func.max(CorrectionRow.seq)).where(
            CorrectionRow.workspace_id == scope.workspace_id,
            CorrectionRow.product_id == product_id,
        )
    )
    for seq, correction in enumerate(fresh, (last or 0) + 1):
        session.add(
            CorrectionRow(
                workspace_id=scope.workspace_id,
                actor=scope.actor,
                created_at=now,
                product_id=product_id,
                seq=seq,
                version=version,
                **correction.model_dump(exclude={"among"}),
                among=list(correction.among),
            )
        )


def _correction(row: CorrectionRow) -> Correction:
    return Correction.model_validate({name: getattr(row, name) for name in Correction.model_fields})
