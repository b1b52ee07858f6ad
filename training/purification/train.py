"""Trains `models/weights/purification.npz`: the odds that a sentence violates, by jurisdiction.

One model for all jurisdictions shares what they have in common: each feature of meaning has a
general weight and one of its jurisdiction's own (Daumé III 2007, arXiv:0907.1815). In the weights
they are added up, so that a vector is multiplied once.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.compliance import JURISDICTIONS
from models.text_classifier import WEIGHTS, Grams
from training.fitting import Design, build, fit, read_rows, write

C = 1.0
GRAMS = Grams(buckets=65_536, longest=5, weight=2.0)
OWN = 0.7
"""What a jurisdiction's own weight of a feature costs against the general one."""

_BOASTING = ("selling_point", "certification", "promotion")
"""Clauses of product material that may violate; the others are plain talk, shorter than rows."""

_FOLDS = 5
_WIDTH = 384


def train() -> None:
    """Fit, print cross-validated figures by kind, write the weights."""
    here = Path(__file__).parent
    rows = list({row["text"]: row for row in read_rows(here)}.values())
    rows += [
        row | {"violating": False, "kind": "clause"}
        for row in read_rows(here.parent / "record_clauses")
        if row["label"] not in _BOASTING
    ]
    violating = np.asarray([row["violating"] for row in rows])
    design = build([row["text"] for row in rows], GRAMS)
    own = np.asarray(
        [[row.get("jurisdiction", name) == name for name in JURISDICTIONS] for row in rows], float
    )
    matrix = _adapt(design, own)
    scores = _cross_validate(matrix, violating)
    slope, offset = _calibrate(scores, violating)
    _print_report(rows, slope * scores + offset)
    model = fit(matrix, violating, C)
    weights = slope * model.coef_[0]
    hashed = 2 * GRAMS.buckets
    sparse, shared = weights[:hashed, None], weights[hashed:][:_WIDTH]
    rest = weights[hashed + _WIDTH :].reshape(len(JURISDICTIONS), _WIDTH + 1)
    size = write(
        WEIGHTS / "purification.npz",
        labels=JURISDICTIONS,
        sparse=sparse,
        dense=(shared + OWN * rest[:, :_WIDTH]).T,
        design=design,
        bias=slope * model.intercept_[0] + offset + OWN * rest[:, _WIDTH],
        independent=True,
    )
    print(f"purification.npz: {size:,} bytes")


def _adapt(design: Design, own: NDArray[Any]) -> Any:  # noqa: ANN401
    """The matrix with the features of meaning, and a constant, once more for each jurisdiction."""
    from scipy import sparse

    matrix = design.matrix
    dense = matrix[:, 2 * design.grams.buckets :].toarray()
    dense = np.hstack([dense, np.ones((len(dense), 1))])
    copies = [sparse.csr_matrix(OWN * dense * own[:, [i]]) for i in range(own.shape[1])]
    return sparse.hstack([matrix, *copies]).tocsr()


def _cross_validate(matrix: Any, violating: NDArray[Any]) -> NDArray[np.float64]:  # noqa: ANN401
    from sklearn.model_selection import StratifiedKFold

    scores = np.zeros(len(violating))
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    for known, unseen in folds.split(np.zeros(len(violating)), violating):
        model = fit(matrix[known], violating[known], C)
        scores[unseen] = model.decision_function(matrix[unseen])
    return scores


def _calibrate(scores: NDArray[np.float64], violating: NDArray[Any]) -> tuple[float, float]:
    """Slope and offset of Platt's scaling, with both classes of equal weight."""
    from sklearn.linear_model import LogisticRegression

    platt = LogisticRegression(C=1e6, class_weight="balanced").fit(scores[:, None], violating)
    return float(platt.coef_[0, 0]), float(platt.intercept_[0])


def _print_report(rows: list[dict[str, Any]], scores: NDArray[np.float64]) -> None:
    odds = 1 / (1 + np.exp(-scores))
    kinds = np.asarray([row["kind"] for row in rows])
    print("share of unseen rows above a probability, by kind")
    print("probability  implicit explicit evasive  trap   plain  clause")
    for limit in (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95):
        shares = [
            f"{(odds[kinds == kind] > limit).mean():.3f}"
            for kind in ("implicit", "explicit", "evasive", "trap", "plain", "clause")
        ]
        print(f"   {limit:.2f}      " + "   ".join(shares))
    right = np.asarray([row["violating"] for row in rows])
    print("calibration: probability -> share that violates")
    for low in np.arange(0, 1, 0.2):
        inside = (odds >= low) & (odds < low + 0.2)
        print(f"   {low:.1f}-{low + 0.2:.1f}: {right[inside].mean():.2f} of {inside.sum()}")
