"""Trains `models/weights/questions.npz`: whether a viewer's comment wants an answer."""

from pathlib import Path

from models.text_classifier import WEIGHTS, Grams
from training.fitting import build, cross_validate, find_temperature, read_rows, report, save

C = 2.0
GRAMS = Grams(buckets=16_384, longest=4, weight=3.0, signs=True)


def train() -> None:
    """Fit, print cross-validated figures, write the weights."""
    rows = {row["text"]: row for row in read_rows(Path(__file__).parent)}.values()
    labels = ["question" if row["is_question"] else "other" for row in rows]
    design = build([row["text"] for row in rows], GRAMS)
    scores = cross_validate(design, labels, c=C)
    temperature = find_temperature(scores, labels)
    print(report(scores, labels))
    size = save(WEIGHTS / "questions.npz", design, labels, c=C, temperature=temperature)
    print(f"questions.npz: {size:,} bytes, temperature {temperature:.2f}")
