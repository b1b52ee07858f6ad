"""clips: arranged, checked, approved and rendered; gone on with after a kill."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from domain.clip import Clip, ClipStatus
from domain.errors import NotAvailable
from domain.job import Job, JobStatus
from domain.progress import discard
from domain.recording import Recording
from domain.scope import Scope
from domain.settings import Jobs
from graphs import clips
from graphs.deps import Deps
from graphs.kinds import GraphJob
from graphs.run import JobRunner
from tests.fakes.clips_to_make import (
    SPEECH,
    Line,
    Renders,
    follow_evenly,
    keep_cuts,
    store_understood,
)
from tests.graph.conftest import Home

pytestmark = pytest.mark.slow


@dataclass
class Studio:
    """A home in which clips are made by a renderer that tells what it did."""

    home: Home
    film: Path
    renders: Renders = field(default_factory=Renders)
    runner: JobRunner = field(init=False)

    def __post_init__(self) -> None:
        self.saver = InMemorySaver()
        self.open()

    def open(self) -> None:
        """What a new process does: nothing is known but what was stored."""
        kind = GraphJob(clips.build(self.saver), dict, clips.result_of)
        jobs = Jobs(poll_seconds=0.02)
        self.runner = JobRunner(
            self.home.runtime.jobs, self.deps, {"clips": kind}, jobs, owner="test"
        )

    def deps(self, scope: Scope) -> Deps:
        deps = self.home.runtime.deps_for(scope)
        tools = replace(deps.clips, score_pairs=follow_evenly, snap=keep_cuts, render=self.renders)
        return replace(deps, clips=tools)

    def give(self, lines: list[Line] | None = None) -> Recording:
        deps = self.home.runtime.deps
        return store_understood(
            deps.recordings.store, deps.blobs, self.home.scope, self.film, lines or SPEECH
        )

    async def run(self, recording: Recording, **wanted: Any) -> Job:
        payload = {"recording_id": recording.recording_id, "brief": "", "approve": True} | wanted
        return await self.runner.run(self.home.scope, "clips", payload, progress=discard)

    async def until(self, job: Job, *statuses: JobStatus) -> Job:
        for _ in range(1000):
            now = self.home.runtime.jobs.get(self.home.scope, job.job_id)
            if now.status in statuses:
                return now
            await asyncio.sleep(0.02)
        raise AssertionError("it does not get there")

    def clips(self, job: Job) -> list[Clip]:
        store = self.home.runtime.deps.clips.store
        return [store.get(self.home.scope, one) for one in (job.result or {})["clips"]]

    def said(self, clip: Clip) -> str:
        return " ".join(word.text.strip() for p in clip.timeline.pieces for word in p.words)


@pytest.fixture
async def studio(home: Home, tmp_path: Path) -> AsyncGenerator[Studio]:
    film = tmp_path / "show.mp4"
    film.write_bytes(b"film")
    opened = Studio(home, film)
    yield opened
    await opened.runner.aclose()


async def test_a_brief_becomes_rendered_variants(studio: Studio):
    brief = "15 s, three versions, square, no price, upbeat"
    job = await studio.run(studio.give(), brief=brief)
    assert job.status is JobStatus.SUCCEEDED, job.error
    made = studio.clips(job)
    assert len(made) == 3
    assert len({clip.storyline.template for clip in made}) == 3
    for clip in made:
        assert clip.status is ClipStatus.RENDERED
        assert clip.rendered is not None
        assert 13_500 <= clip.timeline.duration_ms <= 16_500
        assert (clip.timeline.aspect, clip.timeline.effects.bgm) == ("1:1", "upbeat")
        assert "dollars" not in studio.said(clip)
        assert not clip.rejections


async def test_what_a_guard_objects_to_is_left_out_and_told(studio: Studio):
    job = await studio.run(studio.give(), base={"seconds": 25, "variants": 2})
    for clip in studio.clips(job):
        assert "As I said" not in studio.said(clip)
        assert "Only today" not in studio.said(clip)
        rules = {one.rule: one for one in clip.mended}
        assert rules["said_before"].quote == "As I said"
        assert rules["passing_offer"].quote == "Only today"


async def test_without_approval_it_tells_the_time_and_waits(studio: Studio):
    job = await studio.run(studio.give(), base={"seconds": 15, "variants": 2}, approve=False)
    assert job.status is JobStatus.WAITING
    [asked] = (job.result or {})["waiting_for"]
    assert asked["question"] == "render"
    assert asked["estimate"]["clips"] == 2
    assert asked["estimate"]["render_seconds"] > 0
    assert not studio.renders.rendered
    first, second = (job.result or {})["clips"]
    store, scope = studio.home.runtime.deps.clips.store, studio.home.scope
    status = {first: ClipStatus.APPROVED, second: ClipStatus.REJECTED}
    for one, wanted in status.items():
        store.change(
            scope, one, lambda clip, wanted=wanted: clip.model_copy(update={"status": wanted})
        )
    studio.open()
    await studio.runner.look_again(scope, job.job_id)
    job = await studio.until(job, JobStatus.SUCCEEDED, JobStatus.FAILED)
    assert job.status is JobStatus.SUCCEEDED, job.error
    assert studio.renders.rendered == [first]
    assert [clip.status for clip in studio.clips(job)] == ["rendered", "rejected"]


async def test_a_killed_run_repeats_at_most_the_clip_in_flight(studio: Studio):
    def die_at_second(timeline_id: str) -> None:
        if len(studio.renders.rendered) == 1:
            raise NotAvailable("the machine went away", hint="try again")

    studio.renders.before = die_at_second
    job = await studio.run(studio.give(), base={"seconds": 15, "variants": 3})
    assert job.status is JobStatus.FAILED
    [done] = studio.renders.rendered
    studio.renders.before = lambda _: None
    studio.open()
    await studio.runner.resume(studio.home.scope, job.job_id)
    job = await studio.until(job, JobStatus.SUCCEEDED, JobStatus.FAILED)
    assert job.status is JobStatus.SUCCEEDED, job.error
    assert studio.renders.rendered.count(done) == 1
    assert sorted(studio.renders.rendered) == sorted((job.result or {})["clips"])


async def test_an_edited_clip_is_checked_before_it_is_rendered(studio: Studio):
    job = await studio.run(studio.give(), base={"seconds": 15})
    [clip] = studio.clips(job)
    effects = clip.timeline.effects.model_copy(update={"cover_title": "The best mug in the world"})
    timeline = clip.timeline.model_copy(update={"effects": effects, "version": 2})
    store, scope = studio.home.runtime.deps.clips.store, studio.home.scope
    store.change(scope, clip.clip_id, lambda c: c.model_copy(update={"timeline": timeline}))
    job = await studio.run(
        studio.home.runtime.deps.recordings.store.get(scope, clip.recording_id),
        clip_ids=[clip.clip_id],
        approve=False,
    )
    assert job.status is JobStatus.WAITING
    [clip] = studio.clips(job)
    assert {(one.guard, one.surface) for one in clip.rejections} == {("compliance", "cover")}
    assert len(studio.renders.rendered) == 1


async def test_an_edit_of_a_waiting_clip_is_checked_though_it_is_approved(studio: Studio):
    job = await studio.run(studio.give(), base={"seconds": 15, "variants": 2}, approve=False)
    first, second = studio.clips(job)
    effects = first.timeline.effects.model_copy(update={"cover_title": "The best mug in the world"})
    timeline = first.timeline.model_copy(update={"effects": effects, "version": 2})
    store, scope = studio.home.runtime.deps.clips.store, studio.home.scope
    change = {"timeline": timeline, "status": ClipStatus.APPROVED}
    store.change(scope, first.clip_id, lambda clip: clip.model_copy(update=change))
    store.delete(scope, second.clip_id)
    await studio.runner.look_again(scope, job.job_id)
    job = await studio.until(job, JobStatus.WAITING, JobStatus.FAILED, JobStatus.SUCCEEDED)
    await asyncio.sleep(0.5)
    job = await studio.until(job, JobStatus.WAITING, JobStatus.FAILED, JobStatus.SUCCEEDED)
    assert job.status is JobStatus.WAITING, job.error
    assert [one.surface for one in store.get(scope, first.clip_id).rejections] == ["cover"]
    assert not studio.renders.rendered


async def test_nothing_to_tell_is_said(studio: Studio):
    lines = [("Only today, only today, only today.", ())]
    job = await studio.run(studio.give(lines), base={"seconds": 30})
    assert job.status is JobStatus.FAILED
    assert "No story of 30 s" in (job.error or {})["message"]


async def test_a_clip_that_changes_while_another_is_rendered_waits(studio: Studio):
    """Nothing is rendered that nobody has checked as it is."""
    store, scope = studio.home.runtime.deps.clips.store, studio.home.scope
    changed: list[str] = []

    def change_the_other(rendering: str) -> None:
        others = [one for one in store.list(scope, limit=10) if one.clip_id != rendering]
        if changed or not others:
            return
        timeline = others[0].timeline.model_copy(update={"title": "Other", "version": 2})
        changed.append(others[0].clip_id)
        store.change(scope, changed[0], lambda clip: clip.model_copy(update={"timeline": timeline}))

    studio.renders.before = change_the_other
    job = await studio.run(studio.give(), base={"seconds": 15, "variants": 2})
    assert job.status is JobStatus.SUCCEEDED
    assert len(changed) == 1
    by_id = {clip.clip_id: clip for clip in studio.clips(job)}
    assert by_id.pop(changed[0]).rendered is None
    assert all(clip.rendered is not None for clip in by_id.values())
