"""Which attribute of a product answers a question: semiPQA, the dev split.

Data: Shen et al. 2022, "semiPQA: A Study on Product Question Answering over Semi-structured Data"
(CDLA-Sharing-1.0), read from `LIVECUE_EVAL_DATA`.
"""

import csv
import re
from collections import defaultdict
from pathlib import Path

import numpy as np

from domain.settings import Settings
from evals.report import EvalReport, Miss, share
from models.embeddings import load_embedder

FILE = Path("contextual_pqa") / "semipqa.attribute_ranking.dev.csv"
QUESTIONS = 200
"""Questions measured, the first of the file: the embedder takes about 60 texts a second."""


def measure(settings: Settings) -> EvalReport:
    """P@1 of the embedder over the candidates of each question that has an answer."""
    job, data = "attribute for a question", f"semiPQA dev, first {QUESTIONS} questions"
    path = settings.eval_data / FILE if settings.eval_data else None
    if path is None or not path.is_file():
        return EvalReport(job, data, missing="LIVECUE_EVAL_DATA does not hold it")
    groups: dict[str, list[tuple[str, str, bool]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source, delimiter="\t"):
            groups[row["qid"]].append((row["question"], row["candidate"], row["label"] == "1"))
    answerable = [g for g in groups.values() if any(label for _, _, label in g)][:QUESTIONS]
    embedder = load_embedder(settings)
    right = 0
    misses: list[Miss] = []
    for group in answerable:
        question = group[0][0]
        texts = [_plain(candidate) for _, candidate, _ in group]
        scores = embedder.embed_passages(texts) @ embedder.embed_queries([question])[0]
        best = int(np.argmax(scores))
        right += group[best][2]
        if not group[best][2]:
            wanted = next(text for text, (_, _, label) in zip(texts, group, strict=True) if label)
            misses.append(Miss(question, wanted, texts[best]))
    measures = {"P@1": share(right, len(answerable))}
    return EvalReport(job, data, len(answerable), measures, misses=tuple(misses))


def _plain(candidate: str) -> str:
    """`item_weight:  { unit:pounds, value:1.83 }` as `item weight: pounds, 1.83`."""
    name, _, value = candidate.partition(":")
    words = re.sub(r"\w+:|[{}\[\]\"]", " ", value)
    return f"{name.replace('_', ' ')}: {' '.join(words.split())}"
