"""Questions about products with candidate passages: semiPQA and ePQA, the dev splits.

Data: amazon-science/contextual-product-qa (CDLA-Sharing-1.0), read from `LIVECUE_EVAL_DATA`. The
candidates of semiPQA are attributes, those of ePQA attributes, descriptions, reviews and answers.
"""

import csv
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from domain.settings import Settings

Split = Literal["semipqa", "epqa"]

FOLDS = 5
"""Parts that products fall into; each of the ranker's members has not seen one of them."""

_FILES: dict[Split, str] = {
    "semipqa": "semipqa.attribute_ranking.dev.csv",
    "epqa": "epqa.dev.csv",
}
_NORMAL_VALUE = re.compile(r"normalized_value:\s*\{[^{}]*\},?")
_MEASURE = re.compile(r"unit:\s*([^,{}]+?)\s*,\s*(?:decimal_)?value:\s*([\d.]+)")
_BARE_NAME = re.compile(r"\b(?:value|unit|decimal_value|standardized_values):")


@dataclass(frozen=True, slots=True)
class ProductQuestion:
    """A question with its candidates; `labels` are 0, 1 (in part) and 2 (a full answer).

    `product` is the product's id, or the question where the data names none.
    """

    split: Split
    question: str
    product: str
    texts: tuple[str, ...]
    labels: tuple[int, ...]

    @property
    def fold(self) -> int:
        """The part that the product falls into, below `FOLDS`."""
        return fold_of(self.product)

    @property
    def answerable(self) -> bool:
        """Whether a candidate answers the question in full."""
        return 2 in self.labels


def find_questions(settings: Settings, split: Split) -> list[ProductQuestion] | None:
    """The questions of a split, or None where the data is not there."""
    path = settings.eval_data / "contextual_pqa" / _FILES[split] if settings.eval_data else None
    return read_questions(path, split) if path is not None and path.is_file() else None


def read_questions(path: Path, split: Split) -> list[ProductQuestion]:
    """The questions of a file in the publisher's format."""
    attributes = split == "semipqa"
    with path.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source, delimiter="\t" if attributes else ","))
    groups: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        groups.setdefault(row["qid"], []).append(row)
    return [
        ProductQuestion(
            split,
            group[0]["question"],
            fold_words(group[0]["question"]) if attributes else group[0]["ASIN"],
            tuple(
                say_attribute(row["candidate"])
                if attributes or row["source"] == "attribute"
                else row["candidate"]
                for row in group
            ),
            tuple(2 * int(row["label"]) if attributes else int(row["label"]) for row in group),
        )
        for group in groups.values()
    ]


def say_attribute(candidate: str) -> str:
    """`item_weight:  { unit:pounds, value:1.83 }` as `item weight: 1.83 pounds`.

    The value in other units that some attributes hold beside their own is left out, and so are the
    names `value` and `unit`.
    """
    name, _, value = candidate.strip('"').partition(":")
    plain = _MEASURE.sub(r"\2 \1", _NORMAL_VALUE.sub(" ", value))
    words = re.sub(r"[{}\[\]\":]", " ", _BARE_NAME.sub(" ", plain)).replace("_", " ")
    said = re.sub(r"[\s,]*,[\s,]*", ", ", " ".join(words.split())).strip(" ,")
    return f"{name.replace('_', ' ')}: {said}"


def fold_of(group: str) -> int:
    """The part that a group of rows falls into, below `FOLDS`."""
    return zlib.crc32(group.encode()) % FOLDS


def fold_words(question: str) -> str:
    """A question by which repeated ones are known: lower case, letters and digits alone."""
    return " ".join(re.findall(r"\w+", question.lower()))


def said_in(questions: Iterable[ProductQuestion], fold: int) -> frozenset[str]:
    """The questions of one part, folded: what a member that has not seen it must not meet."""
    return frozenset(fold_words(one.question) for one in questions if one.fold == fold)
