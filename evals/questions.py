"""Question detection: does a viewer's comment want an answer?"""

from collections.abc import Sequence

from domain.settings import Settings
from evals.report import EvalReport, Miss, share
from evals.rows import QuestionRow, read_rows
from models.embeddings import EmbeddedE5
from models.text_classifier import load_classifier
from tools.questions.detection import QuestionDetector

_MARKS = ("?", "？")


def measure(settings: Settings) -> list[EvalReport]:
    """Comments as viewers write them, against the rule `contains a question mark`."""
    rows = read_rows("questions", QuestionRow)
    embedder = EmbeddedE5(threads=settings.threads.embedding)
    detector = QuestionDetector(lambda: load_classifier("questions", embedder))
    called = detector.are_questions([row.text for row in rows])
    marked = [any(mark in row.text for mark in _MARKS) for row in rows]
    wanted = [row.is_question for row in rows]
    right = sum(c and w for c, w in zip(called, wanted, strict=True))
    return [
        EvalReport(
            job="questions among comments",
            data="committed, en + zh + 13 languages, written blind",
            rows=len(rows),
            measures={
                "F1": _f1(called, wanted),
                "F1 of a question mark": _f1(marked, wanted),
                "precision": share(right, sum(called)),
                "recall": share(right, sum(wanted)),
            },
            details={"F1 by language": _by_language(rows, called)},
            misses=tuple(
                Miss(row.id, str(row.is_question), str(got), {"lang": row.lang, "type": row.type})
                for row, got in zip(rows, called, strict=True)
                if got != row.is_question
            ),
        )
    ]


def _by_language(rows: Sequence[QuestionRow], called: Sequence[bool]) -> dict[str, float]:
    figures: dict[str, float] = {}
    for lang in sorted({row.lang for row in rows}):
        own = [at for at, row in enumerate(rows) if row.lang == lang]
        figures[lang] = _f1([called[at] for at in own], [rows[at].is_question for at in own])
    return figures


def _f1(called: Sequence[bool], wanted: Sequence[bool]) -> float:
    both = sum(c and w for c, w in zip(called, wanted, strict=True))
    return share(2 * both, sum(called) + sum(wanted))
