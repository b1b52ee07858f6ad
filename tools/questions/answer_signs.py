"""Signs that a passage answers a question: shared words, fields, terms and measures, and form."""

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from domain.language import detect_language
from tools.questions.passage_reading import (
    FORMS,
    Passage,
    numbers_of,
    pieces_of,
    read_passage,
    roots_of,
)
from tools.questions.reading import QuestionReading

_CONCEPTS = (
    "price", "promotion", "gift", "stock", "colour", "size", "fit", "material", "shipping",
    "returns", "warranty", "usage", "audience", "certification", "ingredients", "warnings",
    "origin", "weight", "capacity", "dimensions", "battery", "insulation", "power", "shelf_life",
    "storage", "package", "flavour", "features",
)  # fmt: skip
_WANTED = {
    "price": ("currency",),
    "weight": ("mass",),
    "capacity": ("volume",),
    "dimensions": ("length", "area"),
    "battery": ("charge", "time"),
    "power": ("power",),
    "shelf_life": ("time", "calendar"),
    "warranty": ("time", "calendar"),
    "returns": ("time", "calendar"),
    "shipping": ("time", "business_time", "calendar", "currency"),
    "insulation": ("time", "temperature"),
}
"""How the dimensions begin of the quantities that a question of a kind wants to hear."""

_COUNTS = re.compile(
    r"\bhow (?:many|much|long|big|tall|wide|thick|deep|heavy|high|far|often|old|fast|strong|soon)\b"
    r"|\bprice\b|\bcost\b|多(?:少|大|久|长|高|重|宽|厚|远|快|深)|几|啥价|什么价",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:i|my|me|we|your?|you)\b|我|主播|你", re.IGNORECASE)
_WHERE = re.compile(r"\bwhere\b|哪(?:里|儿|产|发)|产地", re.IGNORECASE)
_WHEN = re.compile(
    r"\bwhen\b|什么时候|啥时候|几点|多久|几天|几时|\bhow (?:soon|long)\b", re.IGNORECASE
)

_RELATIVE = (
    "words shared", "rare words shared", "words in label", "label words asked", "pieces shared",
    "numbers shared", "translated words shared", "terms shared", "kind in label",
)  # fmt: skip
_MEETING = (
    *_RELATIVE, "kind in text", "fields in label", "fields in text", "other field",
    "terms of class", "other term of class", "term in label", "other term in label",
    "number in label", "other number", "other number in label", "wanted measure",
    "other measure", "translated words in label", "other language",
)  # fmt: skip
_ASKING = (
    "Chinese", "yes or no", "about people", "where", "when", "open", "how many", "length",
    "few candidates", *_CONCEPTS,
)  # fmt: skip
_BOTH = ("number for how many", "no number for how many", "a bare count for stock")

COLUMNS = (
    *_MEETING,
    *(f"{name}, short of the best" for name in _RELATIVE),
    *(f"passage: {name}" for name in FORMS),
    "passage: Chinese",
    *(f"question: {name}" for name in _ASKING),
    *_BOTH,
    *(f"label: {name}" for name in _CONCEPTS),
)
"""What each column of `read_signs` tells."""


def read_signs(question: str, texts: Sequence[str]) -> NDArray[np.float32]:
    """`(n, len(COLUMNS))` signs, each about 0 to 1, that `texts` answer `question`."""
    passages = [read_passage(text) for text in texts]
    asked = QuestionReading(question)
    chinese = detect_language(question) == "zh"
    count = len(texts)
    meeting = _meet(asked, chinese, passages)
    relative = meeting[:, : len(_RELATIVE)]
    form = np.asarray([passage.form for passage in passages], np.float32)
    counts = bool(_COUNTS.search(question))
    asking = (
        chinese,
        asked.yes_no,
        bool(_OWN.search(question)),
        bool(_WHERE.search(question)),
        bool(_WHEN.search(question)),
        asked.kind == "open",
        counts,
        min(len(question) / 60, 2.0),
        1 / math.sqrt(max(count, 1)),
        *(concept == asked.kind or concept in asked.fields for concept in _CONCEPTS),
    )
    number, bare = form[:, FORMS.index("a number")], form[:, FORMS.index("a bare count")]
    both = (number * counts, (1 - number) * counts, bare * (asked.kind == "stock"))
    labels = [[c in passage.label_fields for c in _CONCEPTS] for passage in passages]
    return np.hstack(
        [
            meeting,
            relative - relative.max(axis=0, initial=0),
            form.reshape(count, len(FORMS)),
            np.asarray([[passage.chinese] for passage in passages], np.float32).reshape(count, 1),
            np.tile(np.asarray(asking, np.float32), (count, 1)),
            np.stack(both, axis=1).astype(np.float32),
            np.asarray(labels, np.float32).reshape(count, len(_CONCEPTS)),
        ]
    )


def _meet(
    asked: QuestionReading, chinese: bool, passages: Sequence[Passage]
) -> NDArray[np.float32]:
    """What question and passage share and do not, in the order of `_MEETING`."""
    words, pieces, numbers = asked.content, pieces_of(asked.text), numbers_of(asked.text)
    terms = frozenset((term.cls, term.concept) for term in asked.terms)
    classes = frozenset(cls for cls, _ in terms)
    fields, kind = asked.fields, asked.kind
    wanted = _WANTED.get(kind, ())
    held = Counter(word for passage in passages for word in passage.words & words)
    rarity = {word: _rarity(held[word], len(passages)) for word in words}
    foreign = any(passage.chinese != chinese for passage in passages)
    units = roots_of(asked.text) if foreign else ()
    worth = [
        (unit, _rarity(sum(not unit.isdisjoint(p.roots) for p in passages), len(passages)))
        for unit in units
    ]
    n_words, n_pieces, n_terms, n_numbers = (
        len(found) or 1 for found in (words, pieces, terms, numbers)
    )
    all_rare = sum(rarity.values()) or 1.0
    all_worth = sum(value for _, value in worth) or 1.0
    rows: list[tuple[float, ...]] = []
    for one in passages:
        shared = words & one.words
        of_label = len(words & one.label_words)
        same_class = [cls in classes for cls, _ in one.terms]
        shared_terms = len(terms & one.terms)
        other_language = one.chinese != chinese
        across = in_label = 0.0
        if other_language:
            across = sum(v for unit, v in worth if not unit.isdisjoint(one.roots)) / all_worth
            in_label = sum(v for unit, v in worth if not unit.isdisjoint(one.label_roots))
        fits = any(dimension.startswith(wanted) for dimension in one.dimensions) if wanted else 0
        rows.append(
            (
                len(shared) / n_words,
                sum(rarity[word] for word in shared) / all_rare,
                of_label / n_words,
                of_label / (len(one.label_words) or 1),
                len(pieces & one.pieces) / n_pieces,
                len(numbers & one.numbers) / n_numbers,
                across,
                shared_terms / n_terms,
                kind in one.label_fields,
                kind in one.fields,
                not fields.isdisjoint(one.label_fields),
                not fields.isdisjoint(one.fields),
                bool(fields and one.label_fields) and fields.isdisjoint(one.label_fields),
                any(same_class),
                any(same_class) and not shared_terms,
                not terms.isdisjoint(one.label_terms),
                any(c in classes and (c, t) not in terms for c, t in one.label_terms),
                not numbers.isdisjoint(one.label_numbers),
                bool(numbers and one.numbers) and numbers.isdisjoint(one.numbers),
                bool(numbers and one.label_numbers - numbers),
                fits,
                bool(wanted and one.dimensions) and not fits,
                in_label / all_worth,
                other_language,
            )
        )
    return np.asarray(rows, np.float32).reshape(len(passages), len(_MEETING))


def _rarity(holding: int, count: int) -> float:
    return math.log1p(count / (0.5 + holding))
