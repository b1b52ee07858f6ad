"""Records that the fault tests put on sale."""

import httpx

from domain.evidence import Evidence
from domain.product import ProductDocument, ProductRecord, ProductStatus, iter_fields


def publish(http: httpx.Client, product_id: str, record: ProductRecord) -> None:
    """Put a record on sale, each value with itself as its evidence."""
    _store(http, product_id, record, approve=True)


def leave_unpublished(http: httpx.Client, product_id: str, record: ProductRecord) -> None:
    """Store a record that awaits a person."""
    _store(http, product_id, record, approve=False)


def _store(http: httpx.Client, product_id: str, record: ProductRecord, *, approve: bool) -> None:
    document = ProductDocument(
        product_id=product_id,
        version=1,
        status=ProductStatus.PUBLISHED,
        record=record,
        evidence={
            path: [Evidence(source="record", file="record.json", quote=value)]
            for path, value in iter_fields(record)
        },
    )
    body = document.model_dump(mode="json")
    sent = http.post("/api/v1/products/import", params={"approve": approve}, json=body)
    sent.raise_for_status()
