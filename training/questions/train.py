"""Trains `models/weights/questions.npz`: whether a viewer's comment wants an answer."""

import random
from pathlib import Path

from models.text_classifier import WEIGHTS, Grams
from training.fitting import build, cross_validate, find_temperature, read_rows, report, save
from training.questions.misreading import misread

C = 2.0
GRAMS = Grams(buckets=16_384, longest=4, weight=3.0, signs=True)


def train() -> None:
    """Fit on comments as written and as misread, print cross-validated figures, write weights."""
    rows = list({row["text"]: row for row in read_rows(Path(__file__).parent)}.values())
    rng = random.Random(0)  # noqa: S311
    texts = [row["text"] for row in rows]
    texts += [misread(rng, text) for text in texts]
    labels = ["question" if row["is_question"] else "other" for row in rows] * 2
    design = build(texts, GRAMS)
    scores = cross_validate(design, labels, c=C, groups=[*range(len(rows))] * 2)
    temperature = find_temperature(scores, labels)
    for name, part in (("as written", slice(len(rows))), ("misread", slice(len(rows), None))):
        print(f"{name}:\n{report(scores[part], labels[part])}")
    size = save(WEIGHTS / "questions.npz", design, labels, c=C, temperature=temperature)
    print(f"questions.npz: {size:,} bytes, temperature {temperature:.2f}")
