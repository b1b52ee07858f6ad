"""What the results of a stage depend on besides what it is given: its code and its weights."""

import hashlib
from functools import cache

from domain.recording import Stage
from models.text_classifier import WEIGHTS

_CODE: dict[Stage, int] = dict.fromkeys(Stage, 1)
"""A stage's number goes up when its code would make something else of the same."""

_WEIGHTS: dict[Stage, tuple[str, ...]] = {
    Stage.TAGS: ("speech_tags*",),
    Stage.HIGHLIGHTS: ("highlights*", "pld*", "selfie_segmentation*"),
    Stage.SEGMENTS: ("segment*", "coherence*"),
}


@cache
def made_by(stage: Stage) -> str:
    """A name for code and weights of a stage; what has it is made anew when it changes."""
    digest = hashlib.sha256(f"{stage} {_CODE[stage]}".encode())
    files = {path for pattern in _WEIGHTS.get(stage, ()) for path in WEIGHTS.glob(pattern)}
    for path in sorted(files):
        digest.update(path.name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
