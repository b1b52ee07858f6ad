"""Trains `models/weights/answering.npz`: does a passage answer a question."""

from collections.abc import Sequence
from dataclasses import fields

import numpy as np

from domain.settings import Settings
from evals.product_questions import FOLDS, find_questions
from models.embeddings import EmbeddedE5
from models.text_classifier import WEIGHTS
from tools.questions.answering import AnswerWeights
from training.answering.measure import print_figures
from training.answering.network import Array, Group, Recipe, fit, scale, stack
from training.answering.rows import OWN, Row, from_product_question, read_own, see

RECIPE = Recipe()
_DOMAINS = 3


def train() -> None:
    """Fit a member for each fold, print figures on what each has not seen, write the weights.

    Raises:
        SystemExit: the open data that two of three domains come from is not there.
    """
    settings = Settings()
    rows = [row for row in read_own() if row.texts]
    for split in ("semipqa", "epqa"):
        questions = find_questions(settings, split)
        if questions is None:
            raise SystemExit("answering: LIVECUE_EVAL_DATA does not hold contextual_pqa")
        rows += map(from_product_question, questions)
    groups = see(rows, EmbeddedE5(threads=2))
    weights = fit_members(rows, groups)
    print_figures(rows, groups, weights)
    path = WEIGHTS / "answering.npz"
    np.savez_compressed(path, **_as_written(weights))
    print(f"{path.name}: {path.stat().st_size:,} bytes")


def fit_members(
    rows: Sequence[Row], groups: Sequence[Group], recipe: Recipe = RECIPE
) -> AnswerWeights:
    """The weights of members, each fitted without one fold and without its questions elsewhere."""
    scaling = scale(groups)
    members: list[dict[str, Array]] = []
    for fold in range(FOLDS):
        unseen = {row.words for row in rows if row.fold == fold and row.domain != OWN}
        kept = [row.fold != fold and (row.domain == OWN or row.words not in unseen) for row in rows]
        sets: dict[tuple[str, str], list[Group]] = {}
        others: list[Group] = []
        for row, group, keep in zip(rows, groups, kept, strict=True):
            if keep and row.domain == OWN:
                sets.setdefault((row.group, row.asked), []).append(group)
            elif keep:
                others.append(group)

        def draw(
            rng: np.random.Generator,
            parts: Sequence[list[Group]] = tuple(sets.values()),
            others: Sequence[Group] = tuple(others),
        ) -> list[Group]:
            """Each own question with all of its candidates, or the record's, or the spoken ones."""
            return [part[int(rng.integers(len(part)))] for part in parts] + list(others)

        members.append(fit(draw, scaling, recipe, _DOMAINS))
    return stack(members, scaling, OWN)


def _as_written(weights: AnswerWeights) -> dict[str, Array]:
    return {one.name: getattr(weights, one.name).astype(np.float16) for one in fields(weights)}
