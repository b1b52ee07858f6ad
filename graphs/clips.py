"""clips: a recording that is understood and a brief in, rendered ads out.

arrange → review (a person, unless told otherwise) → render, one clip at a time. A killed run goes
on with the clip it was in; finished ones are stored. Clips that were edited are checked again and
rendered by the same graph.
"""

import contextlib
import threading
from functools import partial
from typing import Any, Literal

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langgraph.types import interrupt

from domain.clip import Clip, ClipStatus
from domain.clip_brief import ClipBrief
from domain.compliance import JURISDICTIONS
from domain.errors import InvalidInput, NotFound
from domain.pool import in_pool, in_pool_until
from domain.timeline import Timeline
from graphs.clip_arranging import arrange, check
from graphs.clip_material import Source, names_of, open_source
from graphs.clip_rendering import render_clip
from graphs.deps import RunContext, report
from graphs.state import ClipsState, Update
from stores.clock import utc_now
from tools.clip_estimates import estimate
from tools.clip_guards import find_cut_words

_MEASURED = 20
"""Clips that were rendered last, by which the time of the next is told."""


def begin(state: ClipsState) -> Literal["arrange_clips", "check_clips"]:
    """Clips that are named are checked again; else they are arranged."""
    return "check_clips" if state.get("clip_ids") else "arrange_clips"


async def arrange_clips(state: ClipsState, runtime: Runtime[RunContext]) -> Update:
    """Read the brief, search storylines, check them; each becomes a clip that awaits approval."""
    context = runtime.context
    deps, scope = context.deps, context.scope
    base = ClipBrief.model_validate(state.get("base") or {})
    brief = await deps.editor.read_brief(
        state.get("brief") or "", base=base, products=await names_of(context)
    )
    wanted = state.get("product_id") or brief.product_id
    source = await open_source(context, state["recording_id"], wanted)
    report(runtime, "arrange", "searching storylines")
    suffix = context.run_id.rpartition("_")[2] or context.run_id
    ids = [f"clip_{suffix}_{number + 1}" for number in range(brief.variants)]
    made = await arrange(context, source, brief, ids)
    if not made.timelines:
        usable = sum(
            one.utterance.end_ms - one.utterance.start_ms
            for segment in source.segments
            for one in source.tagged[segment.first : segment.last]
        )
        raise InvalidInput(
            f"No story of {brief.seconds} s can be told: {usable // 1000} s are said about it, of"
            f" which the guards object to {len(made.mended)} sentences.",
            hint="Ask for fewer seconds, or for less to be left out.",
        )
    notes = [*source.notes, *made.notes, *_told_of(brief)]
    timelines = [await _snap(context, source, timeline) for _, timeline, _ in made.timelines]
    now = utc_now()
    for number, (story, _, objections) in enumerate(made.timelines):
        cut = await in_pool(find_cut_words, timelines[number], source.tagged)
        found = [*(one for one in objections if one.guard != "word_safe"), *cut]
        clip = Clip(
            clip_id=ids[number],
            recording_id=source.recording.recording_id,
            product_id=source.product_id,
            number=number + 1,
            brief=brief,
            storyline=story,
            timeline=timelines[number],
            rejections=tuple(found),
            mended=tuple(made.mended),
            notes=tuple(notes),
            made_by=_made_by(context, source),
            job_id=context.run_id,
            created_at=now,
            updated_at=now,
        )
        await in_pool(deps.clips.store.put, scope, clip)
        seconds = clip.timeline.duration_ms / 1000
        report(runtime, "arrange", f"{clip.clip_id}: {story.template}, {seconds:.1f} s")
    return {"clip_ids": ids[: len(made.timelines)], "notes": notes}


async def check_clips(state: ClipsState, runtime: Runtime[RunContext]) -> Update:
    """Hold edited clips against the guards again, with the record as it is now."""
    context = runtime.context
    for clip in await _clips(context, state):
        found = await _check_again(context, clip, ClipStatus.APPROVED)
        report(runtime, "check", f"{clip.clip_id}: {len(found.rejections)} objections")
    return {}


async def _check_again(context: RunContext, clip: Clip, status: ClipStatus) -> Clip:
    """Store what the guards object to by now; a clip without objections gets `status`."""
    source = await open_source(context, clip.recording_id, clip.product_id)
    found = tuple(await check(context, source, clip.timeline))
    change = {
        "rejections": found,
        "checked": clip.timeline.version,
        "status": ClipStatus.ARRANGED if found else status,
        "job_id": context.run_id,
    }
    edit = partial(Clip.model_copy, update=change)
    return await in_pool(context.deps.clips.store.change, context.scope, clip.clip_id, edit)


async def _clips(context: RunContext, state: ClipsState) -> list[Clip]:
    """The run's clips as they are by now, without those that were forgotten."""
    found: list[Clip] = []
    for clip_id in state.get("clip_ids", []):
        with contextlib.suppress(NotFound):
            found.append(await in_pool(context.deps.clips.store.get, context.scope, clip_id))
    return found


async def review(state: ClipsState, runtime: Runtime[RunContext]) -> Update:
    """Tell time and cost, and wait for a person's word; objections are always shown to one.

    What was decided stands in the store, so that a killed run knows it.
    """
    context = runtime.context
    store, scope = context.deps.clips.store, context.scope
    clips = [
        clip
        if clip.checked == clip.timeline.version
        else await _check_again(context, clip, clip.status)
        for clip in await _clips(context, state)
    ]
    known = await in_pool(store.list, scope, limit=_MEASURED)
    preview = bool(state.get("preview"))
    told = estimate([one.timeline for one in clips], before=known, preview=preview)
    waiting = [one for one in clips if one.status is ClipStatus.ARRANGED]
    if state.get("approve"):
        for clip in [one for one in waiting if not one.rejections]:
            await in_pool(store.change, scope, clip.clip_id, _approve)
        waiting = [one for one in waiting if one.rejections]
    if waiting:
        report(
            runtime,
            "review",
            f"{told.render_seconds:.0f} s to render {told.clips} clips; they wait for approval",
        )
        interrupt(
            {
                "question": "render",
                "clips": [one.clip_id for one in waiting],
                "estimate": told.model_dump(mode="json"),
                "rejections": {
                    one.clip_id: [r.model_dump(mode="json") for r in one.rejections]
                    for one in waiting
                },
            }
        )
    clips = await _clips(context, state)
    left = [one.clip_id for one in clips if one.status is ClipStatus.APPROVED]
    return {"left": left, "estimate": told.model_dump(mode="json")}


async def render_next(state: ClipsState, runtime: Runtime[RunContext]) -> Update:
    """Render one clip and store its files."""
    context = runtime.context
    deps, scope = context.deps, context.scope
    waiting = state.get("left", [])
    clip_id, *left = waiting
    try:
        clip = await in_pool(deps.clips.store.get, scope, clip_id)
    except NotFound:
        report(runtime, "render", f"{clip_id} was forgotten")
        return {"left": left}
    if clip.status is not ClipStatus.APPROVED or clip.checked != clip.timeline.version:
        report(runtime, "render", f"{clip_id} was changed since it was approved: render it anew")
        return {"left": left}
    source = await open_source(context, clip.recording_id, clip.product_id)
    total = len(state.get("clip_ids", []))
    report(runtime, "render", f"rendering {clip_id}", total - len(waiting), total)
    preview = bool(state.get("preview"))
    files = await render_clip(runtime, clip, source, preview=preview)

    def finish(seen: Clip) -> Clip:
        same = seen.timeline.version == files.version
        status = ClipStatus.RENDERED if same else ClipStatus.CHANGED
        return seen.model_copy(update={"rendered": files, "status": status})

    await in_pool(deps.clips.store.change, scope, clip_id, finish)
    report(runtime, "render", f"{clip_id} is rendered", total - len(left), total)
    return {"left": left}


async def _snap(context: RunContext, source: Source, timeline: Timeline) -> Timeline:
    media = source.recording.media
    if media is None or not media.audio_codec:
        return timeline
    stop = threading.Event()
    return await in_pool_until(
        stop, context.deps.clips.snap, timeline, source.path, source.words, cancelled=stop.is_set
    )


def _approve(clip: Clip) -> Clip:
    return clip.model_copy(update={"status": ClipStatus.APPROVED})


def _told_of(brief: ClipBrief) -> list[str]:
    notes = [f"not understood: {one}" for one in brief.not_understood]
    if brief.second_language is not None:
        notes.append(
            f"subtitles in {brief.second_language} are left out until their words are given"
        )
    return notes


def _made_by(context: RunContext, source: Source) -> dict[str, str]:
    made = {stage.value: blob for stage, blob in source.recording.results.items()}
    made["model"] = context.deps.model.name
    made["packs"] = ", ".join(context.deps.packs().names(JURISDICTIONS))
    if source.document is not None:
        made["record"] = f"{source.document.product_id}@{source.document.version}"
    return made


def _goes_on(state: ClipsState) -> Literal["render_next", "__end__"]:
    return "render_next" if state.get("left") else "__end__"


def result_of(ended: ClipsState) -> dict[str, Any]:
    """A job's result: its clips, notes, and what was estimated."""
    return {
        "clips": ended.get("clip_ids", []),
        "notes": ended.get("notes", []),
        "estimate": ended.get("estimate"),
    }


def build(checkpointer: BaseCheckpointSaver[Any]) -> CompiledStateGraph[Any, Any, Any, Any]:
    """Compile the graph; run it with `durability="sync"`."""
    graph = StateGraph(ClipsState, context_schema=RunContext)
    graph.add_node("arrange_clips", arrange_clips)
    graph.add_node("check_clips", check_clips)
    graph.add_node("review", review)
    graph.add_node("render_next", render_next)
    graph.add_conditional_edges(START, begin)
    graph.add_edge("arrange_clips", "review")
    graph.add_edge("check_clips", "review")
    graph.add_conditional_edges("review", _goes_on)
    graph.add_conditional_edges("render_next", _goes_on)
    return graph.compile(checkpointer=checkpointer, name="clips")
