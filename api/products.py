"""Intake of product material, and the catalog."""

import base64
import binascii
from datetime import datetime
from itertools import chain
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api import records
from api.context import Caller, Home
from api.idempotency import IdempotentRoute
from domain.errors import InvalidInput, LimitExceeded, NotFound
from domain.evidence import Source
from domain.job import Job
from domain.pool import in_pool
from domain.product import ProductDocument, ProductSummary
from domain.scope import Scope
from graphs.deps import Deps
from tools.corrections import PERSON
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
    """Products, last changed first; `next_cursor` leads to the next page where there may be one."""

    products: list[ProductSummary]
    next_cursor: str | None = None


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
def list_products(
    home: Home,
    caller: Caller,
    limit: Annotated[int | None, Query(ge=1, le=1000, description="all by default")] = None,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> ProductList:
    """Products with their newest status: every one, or a page from where the last one ended."""
    after = None if cursor is None else _read_cursor(cursor)
    found = home.deps_for(caller).catalog.list(caller, limit, after)
    is_full = limit is not None and len(found) == limit
    return ProductList(products=found, next_cursor=_cursor(found[-1]) if is_full else None)


def _cursor(last: ProductSummary) -> str:
    place = f"{last.updated_at.isoformat()} {last.product_id}"
    return base64.urlsafe_b64encode(place.encode()).decode()


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    try:
        changed, product_id = base64.urlsafe_b64decode(cursor).decode().split(" ")
        after = datetime.fromisoformat(changed)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput(
            f"{cursor!r} is no cursor", hint="send the `next_cursor` of the page before"
        ) from error
    if after.tzinfo is None:
        raise InvalidInput(f"{cursor!r} is no cursor", hint="leave it out to start anew")
    return after, product_id


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
    product_id: str, home: Home, caller: Caller, version: int | Literal["published"] | None = None
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
    source = _find_source(home.deps_for(caller), caller, document, source_id)
    shown = source.media_type if source.media_type in _SHOWN_INLINE else None
    return FileResponse(
        home.deps_for(caller).blobs.path(caller, source.blob),
        media_type=shown or "application/octet-stream",
        filename=source.file.rsplit("/", 1)[-1],
        content_disposition_type="inline" if shown else "attachment",
        headers={"X-Content-Type-Options": "nosniff"},
    )


def _find_source(deps: Deps, scope: Scope, document: ProductDocument, source_id: str) -> Source:
    """A source that `document` rests on; NotFound for others, and for what came by reference."""
    if source_id == PERSON:
        raise NotFound(
            f"{PERSON} is what a person said of {document.product_id}; there is no file",
            hint="see its `corrections`",
        )
    refs = {ref.source: ref for ref in document.sources}
    evidence = chain(
        chain.from_iterable(document.evidence.values()),
        (item for c in document.conflicts for value in c.values for item in value.evidence),
        (dropped.evidence for dropped in document.dropped if dropped.evidence),
    )
    named = {item.source: item.file for item in evidence}
    named |= {ref.source: ref.file for ref in refs.values()}
    if source_id not in named:
        raise NotFound(
            f"{document.product_id} has no evidence in source {source_id}",
            hint="see its `evidence`",
        )
    ref = refs.get(source_id)
    try:
        source = deps.sources.get(scope, source_id)
    except NotFound:
        source = None
    if source is None or (ref is not None and ref.sha256 != source.blob):
        known_by = f", SHA-256 {ref.sha256}" if ref else ""
        raise NotFound(
            f"source {source_id} ({named[source_id]}{known_by}) is not in this home: "
            f"{document.product_id} was imported with a reference to it",
            hint="the quotes are in its `evidence`; add the file again to look into it",
        )
    return source


router.include_router(records.router)
