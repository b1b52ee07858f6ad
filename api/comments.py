"""The comment under a click on a screenshot."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.context import Caller, Home
from domain.pool import in_pool
from tools.comments.screens import ClickedComment

router = APIRouter(prefix="/api/v1/recognize", tags=["comments"])


class Click(BaseModel):
    """A pixel of an uploaded picture, from its top left corner."""

    model_config = ConfigDict(extra="forbid")

    upload_id: str
    x: float = Field(ge=0, allow_inf_nan=False)
    y: float = Field(ge=0, allow_inf_nan=False)


@router.post("")
async def recognize(click: Click, home: Home, caller: Caller) -> ClickedComment:
    """What the viewer wrote there, or nothing; a picture is read at its first click."""
    deps = home.deps_for(caller)
    upload = await in_pool(deps.uploads.get, caller, click.upload_id)
    data = await in_pool(deps.blobs.read_bytes, caller, upload.blob)
    return await in_pool(home.screens.click, data, click.x, click.y, name=upload.file)
