"""Speech tags against what they cannot do without: embedding the same utterances.

A five-hour stream has about 5,000 utterances; the bench takes fewer and says what they come to.
Times are processor seconds, so that others on the machine count little.
"""

import itertools
import json
import random
import time
from collections.abc import Callable
from pathlib import Path

from bench.figure import Figure
from domain.settings import Settings
from models.embeddings import EmbeddedE5
from tools.coherence import load_coherence
from tools.tagging import load_tagger

UTTERANCES = 400
STREAM = 5000
"""Utterances of five hours."""
STREAM_SECONDS = 120.0
"""What they may take on one core."""
_ROWS = Path(__file__).resolve().parents[1] / "training" / "speech_tags"


def measure() -> list[Figure]:
    """Tagging and scoring of neighbours on one thread, against embedding alone."""
    texts = _draw()
    settings = Settings()
    embedder = EmbeddedE5(threads=1)
    tagger = load_tagger(settings)
    coherence = load_coherence(settings)
    pairs = list(itertools.pairwise(texts))
    for warm in (
        lambda: embedder.embed_passages(texts[:2]),
        lambda: tagger.tag(texts[:2]),
        lambda: coherence.score(pairs[:2]),
    ):
        warm()
    base = _seconds(lambda: embedder.embed_passages(texts))
    tagged = _seconds(lambda: tagger.tag(texts))
    scored = _seconds(lambda: coherence.score(pairs))
    named = f"{UTTERANCES} utterances embedded"
    stream = tagged / UTTERANCES * STREAM
    return [
        Figure(f"{UTTERANCES} utterances tagged", tagged, named, base),
        Figure(f"{len(pairs)} pairs scored for coherence", scored, named, base),
        Figure(f"{STREAM} utterances tagged, of five hours", stream, "aim", STREAM_SECONDS),
    ]


def _draw() -> list[str]:
    """Utterances of the training rows, both languages, by seed."""
    texts = [
        one["text"]
        for file in sorted(_ROWS.glob("*.jsonl"))
        for line in file.read_text("utf-8").splitlines()
        for one in json.loads(line)["utterances"]
    ]
    return random.Random(0).sample(texts, UTTERANCES)  # noqa: S311


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
