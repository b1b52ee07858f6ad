"""clip: a recording in, what can be cut from it out.

open_file → transcribe → tag → score → segment → select. Each stage is kept under what it was made
of, so that a killed run goes on with the stage it was in, and another run over the same file takes
what is there.
"""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from domain.pool import in_pool, in_pool_until
from domain.product import ProductDocument
from domain.recording import Recording, Stage, TaggedUtterance, Transcript
from graphs.deps import RunContext, progress_sink, report
from graphs.recording_parts import (
    CANDIDATES,
    HIGHLIGHTS,
    SEGMENTS,
    TAGGED,
    TRANSCRIPT,
    KeptChunks,
    keep,
    load,
    recording_of,
)
from graphs.retry import MODEL_RETRY
from graphs.state import ClipState, Update
from tools.fingerprints import fingerprint
from tools.keyframes import add_keyframes
from tools.recordings import collect_names, find_cuts, find_path, open_recording
from tools.selection import select_candidates
from tools.transcripts import find_watched, write_utterances
from tools.transcripts.watched import watched_comments, watched_lines

T = TypeVar("T")

_TAGGED_AT_ONCE = 200


async def open_file(state: ClipState, runtime: Runtime[RunContext]) -> Update:
    """Find out what the file is, unless that is known of it."""
    context = runtime.context
    recording = await recording_of(context, state)
    path = await in_pool(find_path, context.scope, recording, context.deps.blobs)
    if recording.content is None or recording.media is None:
        settings = context.deps.settings
        opened = await _stoppable(
            open_recording,
            path,
            recording.file,
            settings=settings.recordings,
            limits=settings.limits,
            progress=progress_sink(runtime),
        )
        recording = await in_pool(
            context.deps.recordings.store.update,
            context.scope,
            state["recording_id"],
            content=opened.content,
            media=opened.media,
        )
    media = recording.media
    assert media is not None  # noqa: S101 - it was just stored
    seconds = media.duration_ms // 1000
    size = f"{media.width}x{media.height}"
    report(runtime, "open", f"{recording.file.name}: {seconds} s, {size}, {media.video_codec}")
    return {}


async def transcribe(state: ClipState, runtime: Runtime[RunContext]) -> Update:
    """Hear the recording, or take what a session heard that watched it to its end."""
    context, scope = runtime.context, runtime.context.scope
    tools = context.deps.recordings
    recording = await recording_of(context, state)
    names = collect_names(await line_up_of(context, recording))
    watched = await in_pool(find_watched, tools.streams, scope, recording)
    terms = names if recording.products else None
    heard = tools.hearing.key(terms, recording.language)
    source = ("watched", watched.stream_id, len(watched.words)) if watched else ("heard", heard)

    async def make() -> bytes:
        if watched is not None:
            report(runtime, Stage.TRANSCRIPT, f"taken from the watched stream {watched.stream_id}")
            words, timed, stream_id = watched.words, True, watched.stream_id
        else:
            path = await in_pool(find_path, scope, recording, context.deps.blobs)
            said = await _stoppable(
                tools.hearing.hear,
                path,
                recording.file.name,
                KeptChunks(context, recording.content or ""),
                heard,
                terms=names,
                language=recording.language,
                progress=progress_sink(runtime),
            )
            words, timed, stream_id = said.words, said.timed, None
        utterances = await in_pool(write_utterances, words, names, timed=timed)
        by = tools.hearing.name
        transcript = Transcript(heard_by=by, stream_id=stream_id, utterances=tuple(utterances))
        report(runtime, Stage.TRANSCRIPT, f"{len(utterances)} sentences")
        return transcript.model_dump_json().encode()

    return await keep(runtime, state, Stage.TRANSCRIPT, fingerprint(source, names), make)


async def tag(state: ClipState, runtime: Runtime[RunContext]) -> Update:
    """Tell what each sentence does; a configured model decides what is open."""
    context, deps = runtime.context, runtime.context.deps

    async def make() -> bytes:
        said = (await load(context, TRANSCRIPT, state["transcript"])).utterances
        tagged: list[TaggedUtterance] = []
        for start in range(0, len(said), _TAGGED_AT_ONCE):
            part = said[start : start + _TAGGED_AT_ONCE]
            texts = [one.text for one in part]
            found = await deps.tag_judge.settle(texts, await in_pool(deps.tagger.tag, texts))
            tagged += [
                TaggedUtterance(utterance=one, tags=told.tags, scores=told.scores, by=told.by)
                for one, told in zip(part, found, strict=True)
            ]
            report(runtime, Stage.TAGS, "telling what is said", len(tagged), len(said))
        return TAGGED.dump_json(tagged)

    asked = deps.settings.chat.model if deps.settings.chat.configured else None
    key = fingerprint(state["transcript"], deps.recordings.made_by(Stage.TAGS), asked)
    return await keep(runtime, state, Stage.TAGS, key, make)


async def score(state: ClipState, runtime: Runtime[RunContext]) -> Update:
    """Look through the picture for the moments that are worth showing."""
    context, scope = runtime.context, runtime.context.scope
    tools = context.deps.recordings
    transcript = await load(context, TRANSCRIPT, state["transcript"])

    async def make() -> bytes:
        recording = await recording_of(context, state)
        path = await in_pool(find_path, scope, recording, context.deps.blobs)
        comments = (
            await in_pool(watched_comments, tools.streams, scope, transcript.stream_id)
            if transcript.stream_id
            else []
        )
        found = await _stoppable(
            tools.score_moments,
            path,
            utterances=transcript.utterances,
            comments=comments,
            progress=progress_sink(runtime),
        )
        report(runtime, Stage.HIGHLIGHTS, f"{len(found)} moments looked at")
        return HIGHLIGHTS.dump_json(found)

    options = context.deps.settings.highlights.model_dump()
    key = fingerprint(state["transcript"], options, tools.made_by(Stage.HIGHLIGHTS))
    return await keep(runtime, state, Stage.HIGHLIGHTS, key, make)


async def segment(state: ClipState, runtime: Runtime[RunContext]) -> Update:
    """Cut the recording where it turns from one product to the next."""
    context, scope = runtime.context, runtime.context.scope
    tools = context.deps.recordings
    recording = await recording_of(context, state)
    line_up = await line_up_of(context, recording)
    transcript = await load(context, TRANSCRIPT, state["transcript"])

    async def make() -> bytes:
        lines = (
            await in_pool(watched_lines, tools.streams, scope, transcript.stream_id)
            if transcript.stream_id
            else []
        )
        tagged = await load(context, TAGGED, state["tags"])
        moments = await load(context, HIGHLIGHTS, state["highlights"])
        found = await in_pool(
            tools.find_segments,
            tagged,
            products=line_up,
            cuts_ms=find_cuts(moments),
            cards=lines,
        )
        report(runtime, Stage.SEGMENTS, f"{len(found)} segments")
        return SEGMENTS.dump_json(found)

    sold = [(d.product_id, d.version) for d in line_up]
    key = fingerprint(
        state["tags"],
        state["highlights"],
        sold,
        context.deps.settings.segmenting.model_dump(),
        tools.made_by(Stage.SEGMENTS),
    )
    return await keep(runtime, state, Stage.SEGMENTS, key, make)


async def select(state: ClipState, runtime: Runtime[RunContext]) -> Update:
    """Choose what an editor may take for each tag, with a picture of each."""
    context, scope = runtime.context, runtime.context.scope
    deps, settings = context.deps, context.deps.settings

    def save(jpeg: bytes) -> str:
        return deps.blobs.put_bytes(scope, jpeg, name="A keyframe").sha256

    async def make() -> bytes:
        moments = await load(context, HIGHLIGHTS, state["highlights"])
        found = await in_pool(
            select_candidates,
            await load(context, TAGGED, state["tags"]),
            await load(context, SEGMENTS, state["segments"]),
            moments,
            most=settings.recordings.candidates,
        )
        recording = await recording_of(context, state)
        path = await in_pool(find_path, scope, recording, deps.blobs)
        shown = await _stoppable(
            add_keyframes,
            path,
            recording.file.name,
            found,
            moments,
            save,
            most=settings.recordings.keyframes,
            limits=settings.limits,
            progress=progress_sink(runtime),
        )
        report(runtime, Stage.CANDIDATES, f"{len(shown)} candidates")
        return CANDIDATES.dump_json(shown)

    key = fingerprint(
        state["segments"],
        state["highlights"],
        settings.recordings.candidates,
        settings.recordings.keyframes,
        deps.recordings.made_by(Stage.CANDIDATES),
    )
    return await keep(runtime, state, Stage.CANDIDATES, key, make)


async def line_up_of(context: RunContext, recording: Recording) -> list[ProductDocument]:
    """The records of the line-up that was named, else of what is published.

    Raises:
        NotFound: a product that was named is gone.
    """
    catalog = context.deps.catalog
    most = context.deps.settings.recordings.products
    wanted = recording.products or [
        one.product_id
        for one in await in_pool(catalog.list, context.scope)
        if one.published_version is not None
    ]
    version = None if recording.products else "published"
    return [await in_pool(catalog.get, context.scope, one, version) for one in wanted[:most]]


async def _stoppable(call: Callable[..., T], *args: Any, **kwargs: Any) -> T:  # noqa: ANN401
    """Run blocking work that takes `cancelled`, which tells when the run is cancelled."""
    stop = threading.Event()
    return await in_pool_until(stop, call, *args, **kwargs, cancelled=stop.is_set)


def build(checkpointer: BaseCheckpointSaver[Any]) -> CompiledStateGraph[Any, Any, Any, Any]:
    """Compile the graph; run it with `durability="sync"`."""
    graph = StateGraph(ClipState, context_schema=RunContext)
    graph.add_node("open_file", open_file)
    graph.add_node("transcribe", transcribe, retry_policy=MODEL_RETRY)
    graph.add_node("tag", tag, retry_policy=MODEL_RETRY)
    graph.add_node("score", score)
    graph.add_node("segment", segment)
    graph.add_node("select", select)
    graph.add_edge(START, "open_file")
    graph.add_edge("open_file", "transcribe")
    graph.add_edge("transcribe", "tag")
    graph.add_edge("tag", "score")
    graph.add_edge("score", "segment")
    graph.add_edge("segment", "select")
    graph.add_edge("select", END)
    return graph.compile(checkpointer=checkpointer, name="clip")
