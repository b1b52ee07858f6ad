"""Intake of product material, and the catalog."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.context import Caller, Home
from api.idempotency import IdempotentRoute
from domain.errors import LimitExceeded, NotFound
from domain.job import Job
from domain.pool import in_pool
from domain.product import ProductDocument, ProductSummary
from tools.fingerprints import fingerprint

_SHOWN_INLINE = ("image/jpeg", "image/png", "image/webp")
"""What a browser may draw; everything else from outside is only ever downloaded."""

router = APIRouter(prefix="/api/v1", tags=["products"], route_class=IdempotentRoute)

SeenVersion = Annotated[
    int | None,
    Query(ge=1, description="the version that was looked at; 409 when another one waits"),
]


class Intake(BaseModel):
    """Material to turn into product records.

    With `name` or `product_id` exactly one product comes of it, and matter about other goods is
    set aside; without, one record per product found.
    """

    model_config = ConfigDict(extra="forbid")

    uploads: list[str] = Field(min_length=1)
    name: str | None = Field(default=None, min_length=1, max_length=200)
    product_id: str | None = Field(default=None, pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    approve: bool = False


class ProductList(BaseModel):
    """Products, last changed first."""

    products: list[ProductSummary]


class SearchResults(BaseModel):
    """Products by relevance."""

    results: list[dict[str, Any]]


@router.post("/intakes", status_code=202)
async def start_intake(intake: Intake, home: Home, caller: Caller) -> Job:
    """Start an intake; the same material and options find their unfinished job again."""
    limit = home.settings.limits.files_per_intake
    if len(intake.uploads) > limit:
        raise LimitExceeded(
            f"{len(intake.uploads)} files; the limit of one intake is {limit}",
            hint="split the material, or raise LIVECUE_LIMITS__FILES_PER_INTAKE",
        )
    uploads = [
        await in_pool(home.deps_for(caller).uploads.get, caller, item) for item in intake.uploads
    ]
    return await home.runner.submit(
        caller,
        "prepare",
        intake.model_dump(),
        fingerprint=fingerprint(
            sorted((u.file, u.blob) for u in uploads),
            intake.name,
            intake.product_id,
            intake.approve,
        ),
    )


@router.get("/products")
def list_products(home: Home, caller: Caller) -> ProductList:
    """Every product with its newest status."""
    return ProductList(products=home.deps_for(caller).catalog.list(caller))


@router.get("/products/search")
def search_products(
    home: Home,
    caller: Caller,
    q: Annotated[str, Query(min_length=1, max_length=500)],
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
) -> SearchResults:
    """Published products by words and meaning, across languages."""
    hits = home.deps_for(caller).catalog.search(caller, q, limit)
    return SearchResults(results=[hit.model_dump() for hit in hits])


@router.get("/products/{product_id}")
def show_product(
    product_id: str, home: Home, caller: Caller, version: int | None = None
) -> ProductDocument:
    """The export document of the newest version, or of the one asked for."""
    return home.deps_for(caller).catalog.get(caller, product_id, version)


@router.post("/products/{product_id}/approve")
async def approve_product(
    product_id: str, home: Home, caller: Caller, version: SeenVersion = None
) -> ProductDocument:
    """Publish the version that waits; a person's decision."""
    await in_pool(home.deps_for(caller).catalog.get, caller, product_id)
    await home.runner.decide(caller, product_id, approve=True, version=version)
    return await in_pool(home.deps_for(caller).catalog.get, caller, product_id, "published")


@router.post("/products/{product_id}/reject")
async def reject_product(
    product_id: str, home: Home, caller: Caller, version: SeenVersion = None
) -> ProductDocument:
    """Refuse the version that waits; what is published stays as it is."""
    await in_pool(home.deps_for(caller).catalog.get, caller, product_id)
    await home.runner.decide(caller, product_id, approve=False, version=version)
    return await in_pool(home.deps_for(caller).catalog.get, caller, product_id)


@router.delete("/products/{product_id}", status_code=204)
async def remove_product(product_id: str, home: Home, caller: Caller) -> None:
    """Remove a product with all its versions and its index entries."""
    await home.runner.remove(caller, product_id)


@router.get("/products/{product_id}/sources/{source_id}")
def show_source(product_id: str, source_id: str, home: Home, caller: Caller) -> Any:  # noqa: ANN401
    """The source file that evidence points into, as it was given."""
    from fastapi.responses import FileResponse

    document = home.deps_for(caller).catalog.get(caller, product_id)
    known = {item.source for items in document.evidence.values() for item in items}
    if source_id not in known:
        raise NotFound(
            f"{product_id} has no evidence in source {source_id}", hint="see its `evidence`"
        )
    source = home.deps_for(caller).sources.get(caller, source_id)
    shown = source.media_type if source.media_type in _SHOWN_INLINE else None
    return FileResponse(
        home.deps_for(caller).blobs.path(caller, source.blob),
        media_type=shown or "application/octet-stream",
        filename=source.file.rsplit("/", 1)[-1],
        content_disposition_type="inline" if shown else "attachment",
        headers={"X-Content-Type-Options": "nosniff"},
    )
