"""How a selling point is built, so that it can be said as a sentence."""

import re
from typing import Literal

from tools.copy_frames import Frames

Shape = Literal["phrase", "verb", "adjective", "sentence"]

_THIRD_PERSON = re.compile(
    r"[a-z]+[a-rt-z]s (?:an?|the|your|to|up|out|into|under|itself|like|well|easily|away|off"
    r"|through|down|back)\b",
    re.IGNORECASE,
)
_FINITE = re.compile(r"\b(?:is|are|has|have|can|will|does)\b", re.IGNORECASE)


def shape_of(said: str, frames: Frames) -> Shape:
    """Whether the wording of a selling point is a sentence, or what completes `it …`, `it is …`."""
    words = [w.strip(",").casefold() for w in said.split()]
    if not words or said.startswith("("):
        return "phrase"
    if words[0] in frames.verbs or _THIRD_PERSON.match(said):
        return "verb"
    if len(words) <= 4 and frames.adjective.search(said):
        return "adjective"
    finite = _FINITE.search(said) or any(w in frames.verbs for w in words[1:])
    return "sentence" if finite else "phrase"
