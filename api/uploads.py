"""Files from outside, streamed to disk as they arrive."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict

from api.context import Caller, Home
from api.idempotency import IdempotentRoute
from api.streams import consume_in_pool
from domain.errors import InvalidInput
from domain.pool import in_pool
from stores.blobs import BlobRef

router = APIRouter(prefix="/api/v1/uploads", tags=["uploads"], route_class=IdempotentRoute)


class UploadReceipt(BaseModel):
    """A stored upload: give `upload_id` to an intake."""

    model_config = ConfigDict(extra="forbid")

    upload_id: str
    file: str
    size: int
    sha256: str


@router.post("", status_code=201)
async def upload(
    request: Request,
    home: Home,
    caller: Caller,
    file: Annotated[str, Query(min_length=1, max_length=400, description="its name")],
) -> UploadReceipt:
    """Store the request body, byte for byte, under the name `file`."""
    limit = home.settings.limits.upload_bytes
    declared = int(request.headers.get("content-length", 0))
    media_type = request.headers.get("content-type", "application/octet-stream")

    def write(chunks: Iterator[bytes]) -> BlobRef:
        with home.deps_for(caller).blobs.writing(
            caller, name=file, limit=limit, size=declared
        ) as writer:
            for chunk in chunks:
                writer.write(chunk)
            if writer.ref.size == 0:
                raise InvalidInput(f"{file} is empty", hint="check the file and send it again")
        return writer.ref

    blob = await consume_in_pool(request.stream(), write)
    stored = await in_pool(home.deps_for(caller).uploads.add, caller, file, media_type, blob)
    return UploadReceipt(upload_id=stored.upload_id, file=file, size=blob.size, sha256=blob.sha256)
