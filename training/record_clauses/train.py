"""Trains `models/weights/record_clauses.npz`: which field of a record a clause belongs to."""

from pathlib import Path

from models.text_classifier import WEIGHTS
from training.fitting import build, cross_validate, find_temperature, read_rows, report, save

C = 6.0


def train() -> None:
    """Fit, print cross-validated figures, write the weights."""
    rows = {row["text"]: row for row in read_rows(Path(__file__).parent)}.values()
    labels = [row["label"] for row in rows]
    design = build([row["text"] for row in rows])
    scores = cross_validate(design, labels, c=C)
    temperature = find_temperature(scores, labels)
    print(report(scores, labels))
    size = save(WEIGHTS / "record_clauses.npz", design, labels, c=C, temperature=temperature)
    print(f"record_clauses.npz: {size:,} bytes, temperature {temperature:.2f}")
