"""Clips: arranged and rendered as jobs; timelines are read, edited, rendered again, exported."""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from api.context import Caller, Home
from api.idempotency import IdempotentRoute
from domain.clip import Clip, ClipStatus
from domain.clip_brief import LONGEST_SECONDS, MOST_CLIPS, SHORTEST_SECONDS
from domain.errors import NotFound, StateConflict
from domain.job import Job, JobStatus
from domain.pool import in_pool
from domain.scope import Scope
from domain.storyline import Industry
from domain.timeline import Aspect, Timeline
from runtime import Runtime
from tools.clip_edits import changed, edit_timeline, edit_words
from tools.clip_exports import write_chapters, write_edit, write_subtitle_file
from tools.recordings import find_path

router = APIRouter(prefix="/api/v1/clips", tags=["clips"], route_class=IdempotentRoute)

FileKind = Literal[
    "mp4", "cover", "receipt", "srt", "vtt", "ass", "otio", "edl", "fcpxml", "chapters"
]
_MEDIA: dict[FileKind, str] = {
    "mp4": "video/mp4",
    "cover": "image/jpeg",
    "receipt": "application/json",
    "srt": "application/x-subrip",
    "vtt": "text/vtt",
    "ass": "text/x-ssa",
    "otio": "application/json",
    "edl": "text/plain",
    "fcpxml": "application/xml",
    "chapters": "text/vtt",
}


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ClipsRequest(_Request):
    """Clips of a recording that is understood; what `brief` says goes before the other fields.

    With `approve` clips that no guard objects to are rendered without asking.
    """

    recording_id: str
    product_id: str | None = None
    brief: str = Field(default="", max_length=2000)
    seconds: int | None = Field(default=None, ge=SHORTEST_SECONDS, le=LONGEST_SECONDS)
    aspect: Aspect | None = None
    variants: int | None = Field(default=None, ge=1, le=MOST_CLIPS)
    industry: Industry | None = None
    theme: str | None = None
    approve: bool = False
    preview: bool = False


class DecisionRequest(_Request):
    """A person's word on a clip that waits."""

    approve: bool


class RenderRequest(_Request):
    """Render again what is changed; a `preview` is half as large."""

    preview: bool = False


class TimelinePatch(_Request):
    """A change to the timeline whose `version` was seen; see `tools.clip_edits.edit_timeline`."""

    version: int
    title: str | None = Field(default=None, min_length=1, max_length=200)
    aspect: Aspect | None = None
    effects: dict[str, Any] | None = None
    order: list[str] | None = None
    second_texts: dict[str, str] | None = None


class WordsPatch(_Request):
    """Words of a piece, by their number from 0, as they are to be spelt."""

    version: int
    piece_id: str
    words: dict[int, str]


class ClipList(BaseModel):
    """Clips, newest first."""

    clips: list[Clip]


@router.post("", status_code=202)
async def start_clips(wanted: ClipsRequest, home: Home, caller: Caller) -> Job:
    """Arrange clips, and render them once they are approved; the job's result names them."""
    deps = home.deps_for(caller)
    await in_pool(deps.recordings.store.get, caller, wanted.recording_id)
    if wanted.product_id is not None:
        await in_pool(deps.catalog.get, caller, wanted.product_id)
    fields = ("seconds", "aspect", "variants", "industry", "theme")
    base = wanted.model_dump(include=set(fields), exclude_none=True)
    payload = {
        "recording_id": wanted.recording_id,
        "product_id": wanted.product_id,
        "brief": wanted.brief,
        "base": base,
        "approve": wanted.approve,
        "preview": wanted.preview,
    }
    return await home.runner.submit(caller, "clips", payload)


@router.get("")
def list_clips(
    home: Home,
    caller: Caller,
    recording_id: str | None = None,
    job_id: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> ClipList:
    """The newest clips, of a recording or a job if one is named."""
    store = home.deps_for(caller).clips.store
    found = store.list(caller, recording_id=recording_id, job_id=job_id, limit=limit)
    return ClipList(clips=list(found))


@router.get("/{clip_id}")
def show_clip(clip_id: str, home: Home, caller: Caller) -> Clip:
    """A clip: storyline, objections, timeline, and what was rendered."""
    return home.deps_for(caller).clips.store.get(caller, clip_id)


@router.delete("/{clip_id}", status_code=204)
async def delete_clip(clip_id: str, home: Home, caller: Caller) -> None:
    """Forget a clip; a job that waits for it alone goes on without it."""
    store = home.deps_for(caller).clips.store
    clip = await in_pool(store.get, caller, clip_id)
    if clip.status is ClipStatus.ARRANGED:
        await _decide(home, caller, clip, approve=False)
    await in_pool(store.delete, caller, clip_id)


@router.post("/{clip_id}/decision")
async def decide_clip(clip_id: str, decision: DecisionRequest, home: Home, caller: Caller) -> Clip:
    """Approve a clip, whatever a guard objects to in it, or reject it.

    Its job goes on once every clip of it is decided.
    """
    clip = await in_pool(home.deps_for(caller).clips.store.get, caller, clip_id)
    if clip.status is not ClipStatus.ARRANGED:
        raise StateConflict(
            f"{clip_id} is {clip.status}; nobody waits for a word on it.",
            hint="Render it again after a change: livecue clips render CLIP",
        )
    return await _decide(home, caller, clip, approve=decision.approve)


@router.get("/{clip_id}/timeline")
def read_timeline(clip_id: str, home: Home, caller: Caller) -> Timeline:
    """The timeline that the clip is rendered from."""
    return home.deps_for(caller).clips.store.get(caller, clip_id).timeline


@router.patch("/{clip_id}/timeline")
def patch_timeline(clip_id: str, wanted: TimelinePatch, home: Home, caller: Caller) -> Timeline:
    """Change the timeline; it is checked anew before it is rendered."""
    change = wanted.model_dump(exclude={"version"}, exclude_none=True)
    return _edit(home, caller, clip_id, wanted.version, partial(edit_timeline, **change))


@router.patch("/{clip_id}/words")
def patch_words(clip_id: str, wanted: WordsPatch, home: Home, caller: Caller) -> Timeline:
    """Spell words of the subtitles otherwise."""

    def edit(timeline: Timeline) -> Timeline:
        return edit_words(timeline, wanted.piece_id, wanted.words)

    return _edit(home, caller, clip_id, wanted.version, edit)


@router.post("/{clip_id}/render", status_code=202)
async def render_clip(clip_id: str, wanted: RenderRequest, home: Home, caller: Caller) -> Job:
    """Check and render a clip again: only pieces that have changed are made anew."""
    clip = await in_pool(home.deps_for(caller).clips.store.get, caller, clip_id)
    payload = {
        "recording_id": clip.recording_id,
        "clip_ids": [clip_id],
        "preview": wanted.preview,
    }
    return await home.runner.submit(caller, "clips", payload)


@router.get("/{clip_id}/files/{kind}", response_class=Response)
def export_file(
    clip_id: str, kind: FileKind, home: Home, caller: Caller, second: bool = False
) -> Response:
    """A file of the clip: what was rendered, or its timeline in a format for others.

    With `second` subtitles hold the second language, too.
    """
    deps = home.deps_for(caller)
    clip = deps.clips.store.get(caller, clip_id)
    name = f"{clip_id}.{'jpg' if kind == 'cover' else 'json' if kind == 'receipt' else kind}"
    if kind in ("mp4", "cover", "receipt"):
        path = deps.blobs.path(caller, _rendered(clip, kind))
        return FileResponse(path, media_type=_MEDIA[kind], filename=name)
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        out = Path(folder) / name
        if kind == "srt" or kind == "vtt" or kind == "ass":
            write_subtitle_file(clip.timeline, out, kind, second=second)
        elif kind == "chapters":
            write_chapters(clip.timeline, out, "vtt")
        else:
            recording = deps.recordings.store.get(caller, clip.recording_id)
            write_edit(clip.timeline, find_path(caller, recording, deps.blobs), out, kind)
        data = out.read_bytes()
    head = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=_MEDIA[kind], headers=head)


def _rendered(clip: Clip, kind: str) -> str:
    files = clip.rendered
    if files is None:
        raise StateConflict(
            f"{clip.clip_id} is not rendered yet.", hint=f"livecue clips render {clip.clip_id}"
        )
    blob = {"mp4": files.video, "cover": files.cover, "receipt": files.receipt}[kind]
    if blob is None:
        raise NotFound(
            f"{clip.clip_id} was rendered without a cover.", hint="Switch its cover on, and render."
        )
    return blob


def _edit(
    home: Runtime,
    caller: Scope,
    clip_id: str,
    version: int,
    edit: Callable[[Timeline], Timeline],
) -> Timeline:
    store = home.deps_for(caller).clips.store
    stored = store.change(
        caller, clip_id, lambda clip: changed(clip, edit(clip.timeline)), version=version
    )
    return stored.timeline


async def _decide(home: Runtime, caller: Scope, clip: Clip, *, approve: bool) -> Clip:
    store = home.deps_for(caller).clips.store
    status = ClipStatus.APPROVED if approve else ClipStatus.REJECTED

    def decide(seen: Clip) -> Clip:
        return seen.model_copy(update={"status": status})

    stored = await in_pool(store.change, caller, clip.clip_id, decide)
    if clip.job_id is not None:
        others = await in_pool(store.list, caller, job_id=clip.job_id)
        job = await in_pool(home.jobs.get, caller, clip.job_id)
        decided = all(one.status is not ClipStatus.ARRANGED for one in others)
        if job.status is JobStatus.WAITING and decided:
            await home.runner.look_again(caller, clip.job_id)
    return stored
