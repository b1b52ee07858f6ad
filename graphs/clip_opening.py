"""Wiring what the graph that makes clips works with; models are loaded at their first use."""

from collections.abc import Sequence
from pathlib import Path

from domain.errors import ModelFileCorrupt, ModelUnavailable
from domain.scope import Scope
from domain.settings import Settings
from domain.timeline import Timeline
from graphs.clip_tools import ClipTools
from models.embeddings import Embedder, as_embedded
from models.lazy import Lazy
from models.text_classifier import WEIGHTS
from stores.blobs import BlobStore
from stores.clips import ClipStore
from stores.sql import Database
from tools.coherence import Coherence
from tools.cutting import render, snap_timeline
from tools.experiments import ExperimentDesk
from tools.film.assets import Assets, PersonFinder
from tools.tagging import Tagger


def open_clip_tools(
    settings: Settings,
    database: Database,
    experiments: ExperimentDesk,
    folder: Path,
    embedder: Lazy[Embedder],
    tagger: Tagger,
    blobs: BlobStore,
) -> ClipTools:
    """The tools of a home; `folder` keeps what is rendered."""
    e5 = Lazy(lambda: as_embedded(embedder.get(), threads=settings.threads.embedding))
    coherence = Coherence(WEIGHTS / "coherence.npz", e5.get, lambda: tagger)
    person = Lazy(_load_person)

    def assets(scope: Scope, timeline: Timeline, names: Sequence[str]) -> Assets:
        effects = timeline.effects
        wanted = [one for one in (effects.bgm, effects.background) if one and len(one) == _HASH]
        return Assets(
            folder=folder / "assets",
            files={one: blobs.path(scope, one) for one in wanted},
            person=person.get(),
            names=names,
            encoder=settings.clips.encoder,
            threads=settings.clips.threads,
        )

    return ClipTools(
        store=ClipStore(database),
        folder=folder,
        score_pairs=coherence.score,
        weights=experiments.weights,
        snap=snap_timeline,
        render=render,
        assets=assets,
    )


_HASH = 64
"""Hex digits of a blob's SHA-256."""


def _load_person() -> PersonFinder | None:
    """The finder of persons; None where its model is not here, which effects then tell."""
    from tools.highlights.person import PersonFinder as Found

    try:
        return Found()
    except (ModelUnavailable, ModelFileCorrupt):
        return None
