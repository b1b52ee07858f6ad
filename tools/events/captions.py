"""The caption that code composes: what was said that tells the most, and what was shown.

The most central sentence stands for the others (LexRank, Erkan and Radev 2004, with sentence
vectors in place of word overlap), helped by numbers and names, which viewers ask for later.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from domain.language import detect_language
from domain.quantities import find_quantities
from tools.questions.reading import content_words

_NUMBERED = 0.02
"""What a number adds; cosines of e5 within an event differ by about 0.1."""
_EMPTY = 0.05
_FEW_WORDS = 3
_MOST_CHARS = {"en": 180, "zh": 70}
_MOST_SHOWN = 3
_SHOWN = {"en": "On screen: {}", "zh": "屏幕：{}"}
_CHATTED = {"en": "Viewers: {}", "zh": "观众：{}"}
_BETWEEN = {"en": " ", "zh": ""}


def compose_caption(
    sentences: Sequence[str],
    vectors: NDArray[np.float32],
    on_screen: Sequence[str] = (),
    chatted: Sequence[str] = (),
) -> str:
    """One or two lines in the stream's language; `vectors` are the sentences' `(n, dim)`.

    What viewers `chatted` stands for an event in which nothing was said or shown.
    """
    told = " ".join(sentences) or " ".join(on_screen) or " ".join(chatted[:_MOST_SHOWN])
    language = detect_language(told)
    separator = "；" if language == "zh" else "; "
    lines: list[str] = []
    if sentences:
        lines.append(_told(sentences, vectors, language))
    if on_screen:
        lines.append(_SHOWN[language].format(separator.join(on_screen[:_MOST_SHOWN])))
    if chatted and not lines:
        some = separator.join(chatted[:_MOST_SHOWN])[: _MOST_CHARS[language]]
        lines.append(_CHATTED[language].format(some))
    return "\n".join(lines)


def _told(sentences: Sequence[str], vectors: NDArray[np.float32], language: str) -> str:
    """The most telling sentences that fit, in the order in which they were said."""
    centre = vectors.sum(axis=0)
    centre /= max(float(np.linalg.norm(centre)), 1e-6)
    scores = [
        float(vector @ centre)
        + _NUMBERED * min(2, len(find_quantities(text)))
        - _EMPTY * (len(content_words(text)) < _FEW_WORDS)
        for text, vector in zip(sentences, vectors, strict=True)
    ]
    chosen: list[int] = []
    room = _MOST_CHARS[language]
    for index in sorted(range(len(sentences)), key=lambda i: (-scores[i], i)):
        if not chosen or len(sentences[index]) <= room:
            chosen.append(index)
            room -= len(sentences[index])
        if len(chosen) == 2:
            break
    text = _BETWEEN[language].join(sentences[index].strip() for index in sorted(chosen))
    return text[: 2 * _MOST_CHARS[language]]
