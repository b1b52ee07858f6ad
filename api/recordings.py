"""Recordings of broadcasts: understood as a job, then read stage by stage."""

from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from api.context import Caller, Home
from api.idempotency import IdempotentRoute
from domain.errors import NotFound, StateConflict
from domain.job import Job, JobStatus
from domain.pool import in_pool
from domain.recording import (
    Candidate,
    Highlight,
    Recording,
    Segment,
    Stage,
    TaggedUtterance,
    Transcript,
)
from domain.scope import Scope
from graphs.recording_parts import CANDIDATES, HIGHLIGHTS, SEGMENTS, TAGGED, TRANSCRIPT
from runtime import Runtime
from tools.chapters import ChapterFormat, media_type_of, write_chapters
from tools.fingerprints import fingerprint
from tools.recordings import file_at, file_of

router = APIRouter(prefix="/api/v1/recordings", tags=["recordings"], route_class=IdempotentRoute)

T = TypeVar("T")


class RecordingRequest(BaseModel):
    """A recording to understand: a file of this machine by its `path`, or an upload.

    `products` is the line-up; without it, it is whatever is published. `language` is `en`, `zh` or
    another ISO 639-1 code, told by ear if absent.
    """

    model_config = ConfigDict(extra="forbid")

    path: str | None = Field(default=None, min_length=1, max_length=4096)
    upload_id: str | None = None
    products: list[str] = Field(default_factory=list[str], max_length=200)
    language: str | None = Field(default=None, pattern=r"^[a-z]{2,3}$")

    @model_validator(mode="after")
    def _one_file(self) -> "RecordingRequest":
        if (self.path is None) == (self.upload_id is None):
            raise ValueError("give either a path or an upload_id")
        return self


class RecordingView(Recording):
    """A recording, how its job stands, and why that failed."""

    status: JobStatus | None = None
    error: dict[str, Any] | None = None


class RecordingList(BaseModel):
    """Recordings, newest first."""

    recordings: list[RecordingView]


class TranscriptView(BaseModel):
    """What is said, sentence by sentence with its tags, where it came from."""

    heard_by: str
    stream_id: str | None
    utterances: list[TaggedUtterance]


class SegmentList(BaseModel):
    """The turns of the products, in order."""

    segments: list[Segment]


class HighlightList(BaseModel):
    """How appealing each moment is, in order."""

    highlights: list[Highlight]


class CandidateList(BaseModel):
    """What may be taken for each tag, the most appealing first."""

    candidates: list[Candidate]


@router.post("", status_code=202)
async def start_recording(wanted: RecordingRequest, home: Home, caller: Caller) -> Job:
    """Start understanding a recording; the same file and options find their job and results again.

    The job's input and result name the recording.
    """
    deps = home.deps_for(caller)
    if wanted.path is not None:
        file = await in_pool(file_at, wanted.path)
    else:
        file = file_of(await in_pool(deps.uploads.get, caller, wanted.upload_id or ""))
    for product_id in wanted.products:
        await in_pool(deps.catalog.get, caller, product_id)
    options = (wanted.products, wanted.language)
    recording = await in_pool(
        deps.recordings.store.find_or_create,
        caller,
        fingerprint(file.model_dump(mode="json"), *options),
        file,
        products=wanted.products,
        language=wanted.language,
    )
    job = await home.runner.submit(
        caller,
        "recording",
        {"recording_id": recording.recording_id},
        fingerprint=recording.recording_id,
    )
    await in_pool(deps.recordings.store.update, caller, recording.recording_id, job_id=job.job_id)
    return job


@router.get("")
def list_recordings(
    home: Home, caller: Caller, limit: Annotated[int, Query(ge=1, le=500)] = 50
) -> RecordingList:
    """The newest recordings."""
    found = home.deps_for(caller).recordings.store.list(caller, limit=limit)
    return RecordingList(recordings=[_view(home, caller, one) for one in found])


@router.get("/{recording_id}")
def show_recording(recording_id: str, home: Home, caller: Caller) -> RecordingView:
    """One recording: what it is, how far it is understood."""
    return _view(home, caller, _get(home, caller, recording_id))


@router.delete("/{recording_id}", status_code=204)
async def delete_recording(recording_id: str, home: Home, caller: Caller) -> None:
    """Stop its job, and forget what was made of it; the file itself stays."""
    recording = await in_pool(_get, home, caller, recording_id)
    if recording.job_id is not None:
        job = await in_pool(home.jobs.get, caller, recording.job_id)
        if not job.status.is_final:
            await home.runner.cancel(caller, job.job_id)
    await in_pool(home.deps_for(caller).recordings.store.delete, caller, recording_id)


@router.get("/{recording_id}/transcript")
def read_transcript(recording_id: str, home: Home, caller: Caller) -> TranscriptView:
    """The sentences with the times of their words, and their tags."""
    recording = _get(home, caller, recording_id)
    heard: Transcript = _read(home, caller, recording, Stage.TRANSCRIPT, TRANSCRIPT)
    tagged = _read(home, caller, recording, Stage.TAGS, TAGGED)
    return TranscriptView(heard_by=heard.heard_by, stream_id=heard.stream_id, utterances=tagged)


@router.get("/{recording_id}/segments")
def read_segments(
    recording_id: str, home: Home, caller: Caller, product_id: str | None = None
) -> SegmentList:
    """The segments with their jumps, of one product if it is named."""
    found = _read_of(home, caller, recording_id, Stage.SEGMENTS, SEGMENTS)
    return SegmentList(segments=[s for s in found if product_id in (None, s.product_id)])


@router.get("/{recording_id}/highlights")
def read_highlights(recording_id: str, home: Home, caller: Caller) -> HighlightList:
    """The score of each moment with what made it so."""
    found = _read_of(home, caller, recording_id, Stage.HIGHLIGHTS, HIGHLIGHTS)
    return HighlightList(highlights=found)


@router.get("/{recording_id}/candidates")
def read_candidates(
    recording_id: str, home: Home, caller: Caller, product_id: str | None = None
) -> CandidateList:
    """What may be taken for each tag, of one product if it is named."""
    found = _read_of(home, caller, recording_id, Stage.CANDIDATES, CANDIDATES)
    return CandidateList(candidates=[c for c in found if product_id in (None, c.product_id)])


@router.get(
    "/{recording_id}/keyframes/{blob}",
    response_class=FileResponse,
    responses={200: {"content": {"image/jpeg": {}}}},
)
def read_keyframe(recording_id: str, blob: str, home: Home, caller: Caller) -> FileResponse:
    """The picture of a candidate."""
    found = _read_of(home, caller, recording_id, Stage.CANDIDATES, CANDIDATES)
    if blob not in {one.keyframe for one in found}:
        raise NotFound(
            f"The recording {recording_id} has no keyframe {blob[:12]}….",
            hint="Take one that its candidates name.",
        )
    path = home.deps_for(caller).blobs.path(caller, blob)
    return FileResponse(path, media_type="image/jpeg")


@router.get("/{recording_id}/chapters")
def read_chapters(
    recording_id: str,
    home: Home,
    caller: Caller,
    format: ChapterFormat = "vtt",  # noqa: A002
) -> Response:
    """Segments and jumps as chapters: `vtt`, the `txt` of a video page, or `ffmetadata`."""
    recording = _get(home, caller, recording_id)
    segments = _read(home, caller, recording, Stage.SEGMENTS, SEGMENTS)
    duration = 0 if recording.media is None else recording.media.duration_ms
    text = write_chapters(segments, format, duration_ms=duration)
    return Response(text, media_type=media_type_of(format))


def _get(home: Runtime, caller: Scope, recording_id: str) -> Recording:
    return home.deps_for(caller).recordings.store.get(caller, recording_id)


def _view(home: Runtime, caller: Scope, recording: Recording) -> RecordingView:
    job = None if recording.job_id is None else home.jobs.get(caller, recording.job_id)
    return RecordingView(
        **dict(recording),
        status=None if job is None else job.status,
        error=None if job is None else job.error,
    )


def _read_of(
    home: Runtime, caller: Scope, recording_id: str, stage: Stage, kind: TypeAdapter[T]
) -> T:
    return _read(home, caller, _get(home, caller, recording_id), stage, kind)


def _read(
    home: Runtime, caller: Scope, recording: Recording, stage: Stage, kind: TypeAdapter[T]
) -> T:
    """What a stage made of a recording.

    Raises:
        StateConflict: it is not made yet.
        NotFound: it is gone.
    """
    blob = recording.results.get(stage)
    if blob is None:
        raise StateConflict(
            f"The {stage} of {recording.file.name} are not made yet.",
            hint=f"Follow its job: livecue jobs show {recording.job_id}",
        )
    try:
        return kind.validate_json(home.deps_for(caller).blobs.read_bytes(caller, blob))
    except NotFound as error:
        raise NotFound(
            f"The {stage} of {recording.file.name} are gone.",
            hint="Give the recording again: what is lost is made anew.",
        ) from error
