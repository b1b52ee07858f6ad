"""The rows that the ranker learns from: own sets, and the dev questions of semiPQA and ePQA."""

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from domain.language import detect_language
from evals.product_questions import ProductQuestion, fold_of, fold_words
from models.embeddings import Embedder, Vectors
from tools.questions.answer_signs import read_signs
from tools.questions.answering import compare, in_context, join
from tools.questions.passage_reading import label_of
from training.answering.network import Array, Group

HERE = Path(__file__).parent
OWN, ATTRIBUTES, SENTENCES = 0, 1, 2
"""Domains: each has a base rate of its own; on air that of our own sets counts."""

_SPOKEN = "> "
_PARTLY = 0.25
"""What a label of 1, `answers in part`, counts as."""
_WITH_NAME = {
    "en": ("{question} {name}", "{name} {question}", "{name}, {question}", "for {name} {question}"),
    "zh": ("{name}{question}", "那个{name}{question}", "{question} {name}", "{name} {question}"),
}


@dataclass(frozen=True)
class Row:
    """A question and its candidates; `labels` are 1 for an answer, 0 for none.

    `group` decides the fold; `part` tells which candidates of a set are taken, and `asked` the
    question as it is without the product's name.
    """

    question: str
    texts: tuple[str, ...]
    contexts: tuple[str, ...]
    labels: tuple[float, ...]
    domain: int
    group: str
    part: str = ""
    asked: str = ""

    @property
    def fold(self) -> int:
        """The part of the data that this row falls into."""
        return fold_of(self.group)

    @property
    def words(self) -> str:
        """The question, folded."""
        return fold_words(self.question)


def read_own(folder: Path = HERE) -> Iterator[Row]:
    """The sets of the folder: all candidates, the record's alone, and the spoken ones alone."""
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            one = json.loads(line)
            spoken = [text.startswith(_SPOKEN) for text in one["passages"]]
            texts = [text.removeprefix(_SPOKEN) for text in one["passages"]]
            said = [text for text, is_said in zip(texts, spoken, strict=True) if is_said]
            before = dict(zip(said[1:], said, strict=False))
            contexts = [
                before.get(text, "") if is_said else ""
                for text, is_said in zip(texts, spoken, strict=True)
            ]
            for asked in one["questions"]:
                answers = set(asked["answers"])
                labels = [_label(at, texts, answers) for at in range(len(texts))]
                for question in asked["ask"]:
                    named = name_product(question, one["names"])
                    for part in ("all", "record", "said", "named"):
                        chosen = [
                            at
                            for at, is_said in enumerate(spoken)
                            if part in ("all", "named") or is_said == (part == "said")
                        ]
                        yield Row(
                            named if part == "named" else question,
                            tuple(texts[at] for at in chosen),
                            tuple(contexts[at] for at in chosen),
                            tuple(labels[at] for at in chosen),
                            OWN,
                            one["set"],
                            part,
                            question,
                        )


def name_product(question: str, names: dict[str, list[str]]) -> str:
    """The question as a viewer asks it who names the product, or as it is."""
    lang = detect_language(question)
    if not names[lang]:
        return question
    drawn = zlib.crc32(question.encode())
    name = names[lang][drawn % len(names[lang])]
    if name.removeprefix("the ") in question:
        return question
    return _WITH_NAME[lang][drawn // 7 % len(_WITH_NAME[lang])].format(name=name, question=question)


def from_product_question(one: ProductQuestion) -> Row:
    """A question of the open data as a row."""
    return Row(
        one.question,
        one.texts,
        ("",) * len(one.texts),
        tuple({0: 0.0, 1: _PARTLY, 2: 1.0}[label] for label in one.labels),
        ATTRIBUTES if one.split == "semipqa" else SENTENCES,
        one.product,
        one.split,
    )


def see(rows: Sequence[Row], embedder: Embedder) -> list[Group]:
    """What the network sees of each row."""
    queries = _embed_once([row.question for row in rows], embedder.embed_queries)
    texts = {text for row in rows for text in _texts(row)}
    vectors = _embed_once(sorted(texts), embedder.embed_passages)

    def take(chosen: Sequence[str]) -> Vectors:
        return np.stack([vectors[text] for text in chosen])

    groups: list[Group] = []
    for row in rows:
        query, count = queries[row.question], len(row.texts)
        parts = take(_texts(row))
        whole, named, told = parts[:count], parts[count : 2 * count], parts[2 * count :]
        signs = np.hstack([read_signs(row.question, row.texts), compare(query, whole, named, told)])
        targets = np.asarray(row.labels, dtype=np.float32)
        groups.append(Group(query, join(named, told), signs, targets, row.domain))
    return groups


def _texts(row: Row) -> list[str]:
    labels = [label_of(text) or text for text in row.texts]
    within = [in_context(*pair) for pair in zip(row.texts, row.contexts, strict=True)]
    return [*row.texts, *labels, *within]


def _embed_once(texts: Sequence[str], embed: object) -> dict[str, Array]:
    unique = list(dict.fromkeys(texts))
    return dict(zip(unique, embed(unique), strict=True))  # type: ignore[operator]


def _label(at: int, texts: Sequence[str], answers: set[int]) -> float:
    """1 for an answer; the list price is one in part where the price on air is the answer."""
    priced = any(texts[answer].startswith("live price:") for answer in answers)
    if at not in answers and priced and texts[at].startswith("list price:"):
        return _PARTLY
    return float(at in answers)
