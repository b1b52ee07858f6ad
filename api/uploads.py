"""Files from outside, streamed to disk as they arrive."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api.byte_chunks import consume_in_pool
from api.context import Caller, Home
from api.idempotency import IdempotentRoute
from domain.errors import InvalidInput
from domain.pool import in_pool
from stores.blobs import BlobRef
from stores.uploads import Upload, clean_file_name
from tools.web import fetch

router = APIRouter(prefix="/api/v1/uploads", tags=["uploads"], route_class=IdempotentRoute)


class UploadReceipt(BaseModel):
    """A stored upload: give `upload_id` to an intake."""

    model_config = ConfigDict(extra="forbid")

    upload_id: str
    file: str
    size: int
    sha256: str


class UploadAddress(BaseModel):
    """A web page or file to take in, by its address."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(min_length=1, max_length=2048, description="http or https")


@router.post("", status_code=201)
async def upload(
    request: Request,
    home: Home,
    caller: Caller,
    file: Annotated[str, Query(min_length=1, max_length=4096, description="its name")],
) -> UploadReceipt:
    """Store the request body, byte for byte; `file`, made a plain label, is its name."""
    name = clean_file_name(file)
    limit = home.settings.limits.upload_bytes
    declared = int(request.headers.get("content-length", 0))
    media_type = request.headers.get("content-type", "application/octet-stream")

    def write(chunks: Iterator[bytes]) -> BlobRef:
        with home.deps_for(caller).blobs.writing(
            caller,
            name=name,
            limit=limit,
            setting="LIVECUE_LIMITS__UPLOAD_BYTES",
            size=declared,
        ) as writer:
            for chunk in chunks:
                writer.write(chunk)
            if writer.ref.size == 0:
                raise InvalidInput(f"{name} is empty", hint="check the file and send it again")
        return writer.ref

    blob = await consume_in_pool(request.stream(), write)
    stored = await in_pool(home.deps_for(caller).uploads.add, caller, name, media_type, blob)
    return _receipt(stored)


@router.post("/url", status_code=201)
async def upload_url(address: UploadAddress, home: Home, caller: Caller) -> UploadReceipt:
    """Fetch a web page or file and store it like one that was sent; its name is host and path."""
    deps = home.deps_for(caller)
    found = await fetch(address.url, limits=home.settings.limits, fetching=home.settings.fetching)
    blob = await in_pool(deps.blobs.put_bytes, caller, found.data, name=found.url)
    stored = await in_pool(deps.uploads.add, caller, found.file, found.media_type, blob)
    return _receipt(stored)


def _receipt(stored: Upload) -> UploadReceipt:
    return UploadReceipt(
        upload_id=stored.upload_id, file=stored.file, size=stored.size, sha256=stored.blob
    )
