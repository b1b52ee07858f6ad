"""What a person does with a record: correct it, decide conflicts, compare, take it elsewhere."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from api.context import Caller, Home
from api.idempotency import IdempotentRoute
from domain.errors import NotFound
from domain.pool import in_pool
from domain.product import ProductDocument, ProductStatus, VersionSummary
from domain.scope import Scope
from graphs.deps import Deps
from tools.json_ld import to_json_ld
from tools.record_diff import RecordDiff
from tools.record_fields import LONGEST_VALUE
from tools.record_import import read_documents, unbacked_fields

router = APIRouter(tags=["products"], route_class=IdempotentRoute)

FieldName = Annotated[str, Field(min_length=1, max_length=300)]
Value = Annotated[str, Field(min_length=1, max_length=LONGEST_VALUE)]
Note = Annotated[str | None, Field(max_length=1000)]
Seen = Annotated[int | None, Field(ge=1, description="the version that was looked at")]


class CorrectionRequest(BaseModel):
    """A value to set at a field path (`live_price`, `specs.Weight`, `selling_points[2]`), or none.

    A list's name without an index gains the value. `was` is what stands there now: 409 when it is
    another value; for a list it names the item. `approve` publishes the new version at once.
    """

    model_config = ConfigDict(extra="forbid")

    field: FieldName
    value: Value | None = None
    was: Value | None = None
    remove: bool = False
    note: Note = None
    approve: bool = False
    version: Seen = None


class Resolution(BaseModel):
    """The value that a person chose for a field in conflict: one of the sources', or another."""

    model_config = ConfigDict(extra="forbid")

    field: FieldName
    value: Value
    note: Note = None
    approve: bool = False
    version: Seen = None


class VersionList(BaseModel):
    """The versions of a product, newest first."""

    versions: list[VersionSummary]


class Imported(BaseModel):
    """An imported product; `new` is False where its newest version is the same already.

    `unbacked` are values that came without evidence; `absent` are sources that this home does not
    hold: only the reference to them is kept.
    """

    product_id: str
    version: int
    status: ProductStatus
    new: bool
    unbacked: list[str]
    absent: list[str]


class ImportResult(BaseModel):
    """What became of each document, in the order given."""

    products: list[Imported]


async def publish_if(
    home: Home, caller: Scope, document: ProductDocument, *, approve: bool
) -> ProductDocument:
    """`document`, published if that is asked for and was not done."""
    if not approve or document.status is not ProductStatus.AWAITING_APPROVAL:
        return document
    await home.runner.decide(caller, document.product_id, approve=True, version=document.version)
    return await in_pool(
        home.deps_for(caller).catalog.get, caller, document.product_id, document.version
    )


def _absent(deps: Deps, scope: Scope, document: ProductDocument) -> list[str]:
    absent: list[str] = []
    for ref in document.sources:
        try:
            is_here = deps.sources.get(scope, ref.source).blob == ref.sha256
        except NotFound:
            is_here = False
        if not is_here:
            absent.append(ref.file)
    return absent


@router.post("/products/{product_id}/corrections")
async def correct_product(
    product_id: str, wanted: CorrectionRequest, home: Home, caller: Caller
) -> ProductDocument:
    """Set, add or remove a value; the new version awaits approval, and the correction outlives it.

    New readings of the material get the correction again.
    """
    document = await in_pool(
        home.deps_for(caller).catalog.correct,
        caller,
        product_id,
        wanted.field,
        wanted.value,
        was=wanted.was,
        remove=wanted.remove,
        note=wanted.note,
        seen=wanted.version,
    )
    return await publish_if(home, caller, document, approve=wanted.approve)


@router.post("/products/{product_id}/conflicts/resolve")
async def resolve_conflict(
    product_id: str, wanted: Resolution, home: Home, caller: Caller
) -> ProductDocument:
    """Decide a conflict; the decision stands until a source says a value that is new."""
    document = await in_pool(
        home.deps_for(caller).catalog.resolve,
        caller,
        product_id,
        wanted.field,
        wanted.value,
        note=wanted.note,
        seen=wanted.version,
    )
    return await publish_if(home, caller, document, approve=wanted.approve)


@router.get("/products/{product_id}/versions")
def list_versions(product_id: str, home: Home, caller: Caller) -> VersionList:
    """Every version with its status, times and who made or decided it."""
    found = home.deps_for(caller).catalog.versions(caller, product_id)
    return VersionList(versions=list(found))


@router.get("/products/{product_id}/diff")
def diff_product(
    product_id: str,
    home: Home,
    caller: Caller,
    older: Annotated[int | None, Query(alias="from", ge=1)] = None,
    newer: Annotated[int | None, Query(alias="to", ge=1)] = None,
) -> RecordDiff:
    """What changed in the record, field by field.

    `to` is the newest version by default; `from` the published one where that is earlier, else the
    version just before.
    """
    return home.deps_for(caller).catalog.diff(caller, product_id, older, newer)


@router.get("/products/{product_id}/jsonld", response_class=JSONResponse)
def export_json_ld(
    product_id: str, home: Home, caller: Caller, version: int | Literal["published"] | None = None
) -> JSONResponse:
    """The record as schema.org JSON-LD; fields in open conflict are left out."""
    document = home.deps_for(caller).catalog.get(caller, product_id, version)
    return JSONResponse(to_json_ld(document), media_type="application/ld+json")


@router.post("/products/import")
async def import_products(
    body: Annotated[Any, Body(description="a `ProductDocument`, or a list of them")],  # noqa: ANN401
    home: Home,
    caller: Caller,
    approve: Annotated[bool, Query(description="publish at once")] = False,
) -> ImportResult:
    """Take in exported documents under their ids; what is here already makes no new version."""
    deps = home.deps_for(caller)
    limit = home.settings.limits.products_per_intake
    documents = await in_pool(read_documents, body, limit)
    results: list[Imported] = []
    for given in documents:
        stored, new = await in_pool(deps.catalog.take_in, caller, given)
        stored = await publish_if(home, caller, stored, approve=approve)
        results.append(
            Imported(
                product_id=stored.product_id,
                version=stored.version,
                status=stored.status,
                new=new,
                unbacked=unbacked_fields(stored),
                absent=await in_pool(_absent, deps, caller, stored),
            )
        )
    return ImportResult(products=results)
