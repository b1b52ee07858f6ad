"""clip: stages that are kept one by one, gone on with after a kill, and shared."""

import asyncio
import shutil
import threading
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from PIL import Image

from domain.errors import NotFound
from domain.job import Job, JobStatus
from domain.pool import in_pool
from domain.product import ProductDocument
from domain.progress import Progress, discard
from domain.recording import Recording, Stage, Transcript
from domain.scope import Scope
from domain.settings import Jobs, Limits, Recordings
from domain.stream import Comment, ScreenLine, SpokenWord, StreamSpec, StreamStatus, Utterance
from graphs import clip
from graphs.deps import Deps
from graphs.kinds import GraphJob
from graphs.recording_parts import CANDIDATES, SEGMENTS, TAGGED
from graphs.recording_tools import RecordingTools
from graphs.run import JobRunner
from tests.fakes.recordings import SENTENCES, Cuts, Hears, Scores, Tags, find_loud, make_film
from tests.graph.conftest import LAMP, Home
from tools.recordings import file_at
from tools.tagging import Tagger
from tools.transcripts import Hearing

pytestmark = pytest.mark.slow


@dataclass
class Room:
    """A cutting room in an open home: tools that tell what they did."""

    home: Home
    hears: Hears = field(default_factory=Hears)
    tags: Tags = field(default_factory=Tags)
    scores: Scores = field(default_factory=Scores)
    cuts: Cuts = field(default_factory=Cuts)
    weights: str = "1"
    runner: JobRunner = field(init=False)

    def __post_init__(self) -> None:
        self.store = self.home.runtime.deps.recordings.store
        self.saver = InMemorySaver()
        self.open()

    def open(self) -> None:
        """What a new process does: nothing is known but what was stored."""
        kind = GraphJob(clip.build(self.saver), dict, lambda ended: {"ended": sorted(ended)})
        runtime = self.home.runtime
        self.runner = JobRunner(
            runtime.jobs, self.deps, {"recording": kind}, Jobs(poll_seconds=0.02), owner="test"
        )

    def deps(self, scope: Scope) -> Deps:
        settings = Recordings(chunk_seconds=20)
        hearing = Hearing(lambda: [self.hears], settings, Limits(), find_speech=find_loud)
        tools = RecordingTools(
            store=self.store,
            streams=self.home.runtime.streams,
            hearing=hearing,
            score_moments=self.scores,
            find_segments=self.cuts,
            made_by=lambda stage: f"{stage} {self.weights}",
        )
        tagger = Tagger(lambda: self.tags)
        return replace(self.home.runtime.deps_for(scope), recordings=tools, tagger=tagger)

    def give(self, path: Path, *products: str, scope: Scope | None = None) -> Recording:
        """The recording of a file, found or made."""
        key = f"{path} {path.stat().st_mtime_ns} {products}"
        owner = scope or self.home.scope
        return self.store.find_or_create(owner, key, file_at(str(path)), products=products)

    async def run(self, recording: Recording, scope: Scope | None = None) -> Job:
        payload = {"recording_id": recording.recording_id}
        return await self.runner.run(
            scope or self.home.scope, "recording", payload, progress=discard
        )

    async def resume(self, job: Job) -> Job:
        await self.runner.resume(self.home.scope, job.job_id)
        look = self.home.runtime.jobs.get
        for _ in range(1000):
            if (now := look(self.home.scope, job.job_id)).status.is_final:
                return now
            await asyncio.sleep(0.02)
        raise AssertionError("it does not end")

    def seen(self, job: Job) -> list[Progress]:
        return [e.progress for e in self.home.runtime.jobs.events(self.home.scope, job.job_id)]

    def blob(self, recording: Recording, stage: Stage, scope: Scope | None = None) -> bytes:
        owner = scope or self.home.scope
        found = self.store.get(owner, recording.recording_id)
        return self.home.runtime.deps.blobs.read_bytes(owner, found.results[stage])

    def transcript(self, recording: Recording) -> Transcript:
        return Transcript.model_validate_json(self.blob(recording, Stage.TRANSCRIPT))


def colour_of(jpeg: bytes) -> int:
    with Image.open(BytesIO(jpeg)) as picture:
        assert picture.size == (160, 90)
        red = picture.getpixel((80, 45))
    assert isinstance(red, tuple)
    return int(red[0])


@pytest.fixture
async def room(home: Home) -> AsyncGenerator[Room]:
    opened = Room(home)
    yield opened
    await opened.runner.aclose()


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("film") / "show.mp4")


async def test_a_recording_goes_through_every_stage(room: Room, film: Path):
    recording = room.give(film)
    job = await room.run(recording)
    assert job.status is JobStatus.SUCCEEDED, job.error
    stored = room.store.get(room.home.scope, recording.recording_id)
    assert set(stored.results) == set(Stage)
    assert stored.media is not None
    assert (stored.media.width, stored.media.height, stored.media.frame_rate) == (160, 90, 10)
    assert stored.media.duration_ms == pytest.approx(76_000, abs=200)
    said = room.transcript(recording).utterances
    assert [one.text for one in said][:2] == SENTENCES[:2]
    assert [one.start_ms // 1000 for one in said] == sorted(one.start_ms // 1000 for one in said)
    tagged = TAGGED.validate_json(room.blob(recording, Stage.TAGS))
    assert [one.utterance for one in tagged] == list(said)
    titles = [s.title for s in SEGMENTS.validate_json(room.blob(recording, Stage.SEGMENTS))]
    assert titles == [SENTENCES[1], SENTENCES[3]]
    candidates = CANDIDATES.validate_json(room.blob(recording, Stage.CANDIDATES))
    assert {c.text for c in candidates} >= {"It costs 19 dollars tonight."}
    for candidate in candidates:
        assert candidate.keyframe is not None
        jpeg = room.home.runtime.deps.blobs.read_bytes(room.home.scope, candidate.keyframe)
        assert colour_of(jpeg) == pytest.approx(
            40 + 40 * ((candidate.start_ms + candidate.end_ms) // 38_000), abs=4
        )
    stages = [p.stage for p in room.seen(job)]
    assert list(dict.fromkeys(stages)) == [
        "open", "transcript", "tags", "highlights", "segments", "candidates",
    ]  # fmt: skip


async def test_another_run_takes_everything_from_the_store(room: Room, film: Path):
    first = room.give(film)
    await room.run(first)
    heard, asked = room.hears.heard, len(room.tags.asked)
    again = await room.run(first)
    assert again.status is JobStatus.SUCCEEDED
    renamed = film.with_name("renamed.mp4")
    await in_pool(shutil.copyfile, film, renamed)
    other = room.give(renamed)
    assert (await room.run(other)).status is JobStatus.SUCCEEDED
    assert other.recording_id != first.recording_id
    assert (room.hears.heard, len(room.tags.asked), room.scores.runs) == (heard, asked, 1)
    assert room.transcript(other) == room.transcript(first)


async def test_new_weights_make_their_stage_anew_and_what_follows(room: Room, film: Path):
    recording = room.give(film)
    await room.run(recording)
    heard = room.hears.heard
    room.weights, room.tags.words = "2", {}
    await room.run(recording)
    assert room.hears.heard == heard
    assert not any(t.tags for t in TAGGED.validate_json(room.blob(recording, Stage.TAGS)))
    assert CANDIDATES.validate_json(room.blob(recording, Stage.CANDIDATES)) == []


async def test_a_killed_hearing_repeats_at_most_the_chunk_in_flight(room: Room, film: Path):
    recording = room.give(film)
    room.hears.most = 2
    job = await room.run(recording)
    assert job.status is JobStatus.FAILED
    room.open()
    room.hears = Hears()
    job = await room.resume(job)
    assert job.status is JobStatus.SUCCEEDED, job.error
    assert room.hears.heard == len(SENTENCES) - 2
    assert len(room.transcript(recording).utterances) == len(SENTENCES)


async def test_a_run_killed_between_stages_goes_on_with_the_stage_it_was_in(room: Room, film: Path):
    recording = room.give(film)

    def fail() -> None:
        raise NotFound("the picture is gone", hint="put it back")

    room.scores.before = fail
    job = await room.run(recording)
    assert job.status is JobStatus.FAILED
    stored = room.store.get(room.home.scope, recording.recording_id)
    assert set(stored.results) == {Stage.TRANSCRIPT, Stage.TAGS}
    heard, asked = room.hears.heard, len(room.tags.asked)
    room.scores.before = lambda: None
    room.open()
    job = await room.resume(job)
    assert job.status is JobStatus.SUCCEEDED
    assert (room.hears.heard, len(room.tags.asked)) == (heard, asked)


def gate() -> tuple[threading.Event, threading.Event, Callable[[], None]]:
    began, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        began.set()
        assert go_on.wait(20)

    return began, go_on, wait


async def test_a_cancelled_run_stops_and_can_be_resumed(room: Room, film: Path):
    recording = room.give(film)
    began, go_on, room.hears.before = gate()
    payload = {"recording_id": recording.recording_id}
    job = await room.runner.submit(room.home.scope, "recording", payload)
    assert await asyncio.to_thread(began.wait, 20)
    cancelling = asyncio.create_task(room.runner.cancel(room.home.scope, job.job_id))
    await asyncio.sleep(0.1)
    go_on.set()
    assert (await cancelling).status is JobStatus.CANCELLED
    assert room.hears.heard == 1
    job = await room.resume(job)
    assert job.status is JobStatus.SUCCEEDED
    assert room.hears.heard == len(SENTENCES)


async def test_what_a_session_heard_to_the_end_is_not_heard_again(room: Room, film: Path):
    streams, scope = room.home.runtime.streams, room.home.scope
    await in_pool(film.touch)
    streams.create(scope, "watched", StreamSpec(source=str(film), speed="max"))
    said = Utterance(
        start_ms=1000,
        end_ms=2000,
        text="watched mug",
        words=(
            SpokenWord(start_ms=1000, end_ms=1500, text=" watched"),
            SpokenWord(start_ms=1500, end_ms=2000, text=" mug."),
        ),
    )
    rows = [
        ("u", said),
        ("c", Comment(start_ms=1500, user="ann", text="how much?")),
        ("s", ScreenLine(start_ms=1500, text="$19.90")),
    ]
    streams.append(scope, "watched", rows, position_ms=40_000)
    streams.update(scope, "watched", status=StreamStatus.ENDED)
    half = room.give(film)
    await room.run(half)
    assert room.hears.heard == len(SENTENCES), "it was watched to its half"

    streams.append(scope, "watched", [], position_ms=76_000)
    await room.run(half)
    transcript = room.transcript(half)
    assert (transcript.stream_id, room.hears.heard) == ("watched", len(SENTENCES))
    assert [one.text for one in transcript.utterances] == ["watched mug."]
    assert (room.scores.comments, room.cuts.cards) == (["how much?"], ["$19.90"])


async def test_a_changed_file_is_not_taken_for_the_watched_one(room: Room, tmp_path: Path):
    film = make_film(tmp_path / "show.mp4", 2)
    streams, scope = room.home.runtime.streams, room.home.scope
    streams.create(scope, "old", StreamSpec(source=str(film), speed="max"))
    streams.append(scope, "old", [], position_ms=99_000)
    streams.update(scope, "old", status=StreamStatus.ENDED)
    await in_pool(make_film, film, 3)
    recording = room.give(film)
    await room.run(recording)
    assert room.transcript(recording).stream_id is None


async def publish(home: Home) -> ProductDocument:
    await home.prepare([("lamp.txt", LAMP)], name="Juniper Lamp", approve=True)
    [found] = home.runtime.deps.catalog.list(home.scope)
    return home.runtime.deps.catalog.get(home.scope, found.product_id)


async def test_names_of_the_line_up_are_given_to_the_ear(room: Room, film: Path):
    lamp = await publish(room.home)
    await room.run(room.give(film))
    assert room.hears.terms == ("Juniper Lamp",)
    assert room.cuts.line_up == [lamp.product_id]


async def test_a_catalog_that_changes_has_nothing_heard_again_unless_it_is_named(
    room: Room, film: Path
):
    recording = room.give(film)
    await room.run(recording)
    lamp = await publish(room.home)
    await room.run(recording)
    assert room.hears.heard == len(SENTENCES)
    assert room.cuts.line_up == [lamp.product_id]
    await room.run(room.give(film, lamp.product_id))
    assert room.hears.heard == 2 * len(SENTENCES)


async def test_workspaces_share_nothing(room: Room, film: Path):
    other = Scope(workspace_id="other", actor="eve")
    mine = room.give(film)
    await room.run(mine)
    with pytest.raises(NotFound):
        room.store.get(other, mine.recording_id)
    theirs = room.give(film, scope=other)
    assert theirs.recording_id != mine.recording_id
    assert (await room.run(theirs, other)).status is JobStatus.SUCCEEDED
    assert room.hears.heard == 2 * len(SENTENCES)
    room.store.delete(room.home.scope, mine.recording_id)
    assert room.blob(theirs, Stage.TRANSCRIPT, other)


async def test_a_forgotten_recording_is_heard_anew(room: Room, film: Path):
    recording = room.give(film)
    await room.run(recording)
    room.store.delete(room.home.scope, recording.recording_id)
    again = room.give(film)
    await room.run(again)
    assert room.hears.heard == 2 * len(SENTENCES)


async def test_a_file_that_was_changed_since_is_not_taken_for_it(room: Room, tmp_path: Path):
    film = await in_pool(make_film, tmp_path / "show.mp4", 2)
    recording = room.give(film)
    with film.open("ab") as out:
        out.write(b"more")
    job = await room.run(recording)
    assert job.status is JobStatus.FAILED
    assert "show.mp4 was changed" in (job.error or {})["message"]
