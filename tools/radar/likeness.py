"""How likely two questions ask the same: by what they are about, by words, by meaning.

Matters and entities settle most pairs. The others are told by a logistic regression over the
cosine of their E5 vectors, each taken from the mean of its language (E5 puts all questions of a
language into a narrow cone), and the words that they share, by a dictionary across languages. Its
few weights are made by `training/radar`.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.embeddings import EmbeddedE5, Embedder
from models.text_classifier import WEIGHTS, fold_words
from tools.dictionary import load_dictionary, root_of
from tools.radar.asked import VARIANT, Asked, broader, is_kin

FEATURES = (
    "cosine", "words", "crosses", "cosine_across", "words_across", "same_matter", "kin",
    "one_sided", "same_form",
)  # fmt: skip
_CLASHING = ("colour", "size", "group", "material", "place", "quantity")
"""Two questions that each name something of such a class, and not the same, are two questions."""
_LEAST_HAN = 2
_CERTAIN = 0.98

Vector = NDArray[np.float32]


class Likeness:
    """Tells questions apart; `embedder` has to be the embedded E5, which the weights are for."""

    def __init__(self, embedder: Embedder, weights: Path = WEIGHTS / "radar.npz") -> None:
        self._embedder = embedder
        with np.load(weights, allow_pickle=False) as saved:
            self._means = {lang: saved[lang].astype(np.float32) for lang in ("en", "zh")}
            self._weights = saved["weights"].astype(np.float64)
            self._bias = float(saved["bias"])

    def embed(self, questions: list[Asked]) -> NDArray[np.float32]:
        """`(n, dim)` unit vectors, centred by language."""
        vectors = self._embedder.embed_queries([fold_words(one.text) for one in questions])
        apart = vectors - np.stack([self._mean(one.lang) for one in questions])
        return (apart / np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-6)).astype(
            np.float32
        )

    def same(self, a: Asked, b: Asked, cosine: float) -> float:
        """The probability that both ask the same; `cosine` is that of their centred vectors."""
        settled = settle(a, b)
        if settled is not None:
            return _CERTAIN if settled else 0.0
        score = float(measure(a, b, cosine) @ self._weights) + self._bias
        return 1 / (1 + float(np.exp(-score)))

    def _mean(self, lang: str) -> Vector:
        return self._means.get(lang, self._means["en"])


def load_likeness(embedder: Embedder, *, threads: int = 1) -> Likeness:
    """With the shipped weights; an `embedder` other than E5 is not used."""
    own = embedder if isinstance(embedder, EmbeddedE5) else EmbeddedE5(threads=threads)
    return Likeness(own)


def settle(a: Asked, b: Asked) -> bool | None:
    """What matters and entities tell by themselves; None where they do not."""
    if fold_words(a.text) == fold_words(b.text):
        return True
    if clash(a, b):
        return False
    if a.matter is None or b.matter is None:
        return False if VARIANT in (a.matter, b.matter) else None
    if a.matter != b.matter:
        same_group = _reach(a.of("group")) & _reach(b.of("group"))
        if same_group and is_kin(a.matter, b.matter):
            return True
        return None if is_kin(a.matter, b.matter) and VARIANT not in (a.matter, b.matter) else False
    sides = [(a.of(cls), b.of(cls)) for cls in a.about]
    if a.matter == VARIANT:
        return all(bool(ours) == bool(theirs) for ours, theirs in sides)
    if not a.is_settled or any(bool(ours) != bool(theirs) for ours, theirs in sides):
        return None
    return True


def measure(a: Asked, b: Asked, cosine: float) -> NDArray[np.float64]:
    """The `FEATURES` of a pair."""
    crosses = a.lang != b.lang
    words = 0.0 if crosses else _shared(a.words, b.words)
    across = _shared_across(a, b) if crosses else 0.0
    one_sided = any(bool(a.of(cls)) != bool(b.of(cls)) for cls in _CLASHING)
    same_matter = a.matter is not None and a.matter == b.matter
    kin = a.matter is not None and b.matter is not None and is_kin(a.matter, b.matter)
    return np.array(
        [
            0.0 if crosses else cosine,
            words,
            crosses,
            cosine if crosses else 0.0,
            across,
            same_matter,
            kin,
            one_sided,
            a.form == b.form,
        ],
        dtype=np.float64,
    )


def clash(a: Asked, b: Asked) -> bool:
    """Whether they name different things of a class."""
    for cls in _CLASHING:
        ours, theirs = a.of(cls), b.of(cls)
        if not ours or not theirs or ours == theirs:
            continue
        if cls == "group" and _reach(ours) & _reach(theirs):
            continue
        if not (ours <= _reach(theirs) or theirs <= _reach(ours)):
            return True
    return False


def _reach(entities: frozenset[str]) -> frozenset[str]:
    return frozenset[str]().union(*map(broader, entities))


def _shared(ours: frozenset[str], theirs: frozenset[str]) -> float:
    return len(ours & theirs) / max(1, min(len(ours), len(theirs)))


def _shared_across(a: Asked, b: Asked) -> float:
    """The share of the English question's words that some word of the Chinese one can mean."""
    english, chinese = (b, a) if a.lang == "zh" else (a, b)
    roots = {root_of(word) for word in english.words if word.isascii() and word.isalpha()}
    if not roots:
        return 0.0
    dictionary = load_dictionary()
    words = [w for w in dictionary.words_in(chinese.text) if len(w) >= _LEAST_HAN]
    return sum(any(dictionary.says(word, {root}) for word in words) for root in roots) / len(roots)
