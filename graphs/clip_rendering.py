"""Rendering a clip, its files stored."""

import threading
import time

from langgraph.runtime import Runtime

from domain.clip import Clip, RenderedFiles
from domain.pool import in_pool, in_pool_until
from graphs.clip_material import Source
from graphs.deps import RunContext, progress_sink
from tools.clip_exports import write_receipt_file


async def render_clip(
    runtime: Runtime[RunContext], clip: Clip, source: Source, *, preview: bool
) -> RenderedFiles:
    """Render a clip's timeline; its files are stored before they count.

    What is rendered of a recording is kept between clips, so that only what changed is made anew.
    """
    context = runtime.context
    deps, scope = context.deps, context.scope
    work = deps.clips.folder / scope.workspace_id / clip.recording_id
    out = work / f"{clip.clip_id}.mp4"
    stop = threading.Event()
    started = time.monotonic()
    assets = await in_pool(deps.clips.assets, scope, clip.timeline, source.names)
    rendered = await in_pool_until(
        stop,
        deps.clips.render,
        clip.timeline,
        source.path,
        out,
        work=work,
        assets=assets,
        preview=preview,
        progress=progress_sink(runtime),
        cancelled=stop.is_set,
    )
    made_by = {
        **clip.made_by,
        "storyline": clip.storyline.model_dump(mode="json"),
        "brief": clip.brief.model_dump(mode="json"),
        "rejections": [one.model_dump(mode="json") for one in clip.rejections],
    }
    receipt = work / f"{clip.clip_id}.receipt.json"

    def store() -> RenderedFiles:
        write_receipt_file(rendered, receipt, made_by=made_by)
        blobs = deps.blobs
        kept = RenderedFiles(
            version=clip.timeline.version,
            video=blobs.put_bytes(scope, rendered.video.read_bytes(), name="The clip").sha256,
            cover=None
            if rendered.cover is None
            else blobs.put_bytes(scope, rendered.cover.read_bytes(), name="The cover").sha256,
            receipt=blobs.put_bytes(scope, receipt.read_bytes(), name="The receipt").sha256,
            preview=preview,
            frames=rendered.frames,
            width=rendered.width,
            height=rendered.height,
            loudness=rendered.loudness,
            true_peak=rendered.true_peak,
            seconds_taken=round(time.monotonic() - started, 3),
            notes=rendered.notes,
        )
        for path in (rendered.video, rendered.cover, receipt):
            if path is not None:
                path.unlink(missing_ok=True)
        return kept

    return await in_pool(store)
