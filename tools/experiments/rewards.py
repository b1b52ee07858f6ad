"""What outcome a unit would have with each variant, guessed from its context by ridge regression.

The guesses only make the doubly robust estimate narrower; that it is right rests on the
propensities.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tools.experiments.unit_log import Floats, UnitLog

_RIDGE = 1.0
_KINDS = 12
_FOLDS = 2


def feature_table(contexts: Sequence[Mapping[str, Any]], size: int) -> tuple[Floats, list[str]]:
    """The contexts as numbers, a column each, and the features' names; a 1 leads every row.

    A number is centred, scaled, and 0 where it is not known; of words the most frequent get a
    column each.
    """
    columns: list[Floats] = [np.ones(size)]
    names = sorted({name for context in contexts for name in context}) if contexts else []
    for name in names:
        values = [context.get(name) for context in contexts]
        numbers = [value for value in values if isinstance(value, int | float)]
        if numbers:
            mean, spread = float(np.mean(numbers)), float(np.std(numbers)) or 1.0
            columns.append(
                np.array(
                    [(v - mean) / spread if isinstance(v, int | float) else 0.0 for v in values]
                )
            )
        words = Counter(value for value in values if isinstance(value, str))
        columns += [
            np.array([float(value == word) for value in values])
            for word, _ in words.most_common(_KINDS)
        ]
    return np.column_stack(columns), names


def guess_outcomes(log: UnitLog, table: Floats) -> Floats:
    """The guessed outcome of each unit (row) with each variant (column).

    Cross-fitted in two halves (Chernozhukov et al. 2018): no unit's guess has seen its outcome.
    """
    fold = np.arange(log.size) % _FOLDS
    guesses = np.zeros((log.size, log.arms))
    overall = float(np.mean(log.value)) if log.size else 0.0
    for held in range(_FOLDS):
        here = fold == held
        for arm in range(log.arms):
            seen = ~here & (log.arm == arm)
            if not seen.any():
                guesses[here, arm] = overall
                continue
            guesses[here, arm] = table[here] @ _ridge(table[seen], log.value[seen])
    return guesses


def _ridge(table: Floats, values: Floats) -> Floats:
    """Weights of a ridge regression; the leading constant is not held down."""
    penalty = np.full(table.shape[1], _RIDGE)
    penalty[0] = 1e-9
    weights = np.linalg.solve(table.T @ table + np.diag(penalty), table.T @ values)
    return weights.astype(np.float64)
