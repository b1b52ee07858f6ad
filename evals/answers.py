"""Answers on air: right where the record can answer, silent where it cannot."""

from statistics import median
from time import perf_counter
from typing import Any

from domain.settings import Settings
from evals.gold import read_example_gold
from evals.phrases import holds
from evals.report import EvalReport, Miss, share
from evals.rows import AnswerRow, read_rows
from evals.server import add_example, ask, running_server


def measure(_settings: Settings) -> EvalReport:
    """Right answers, right abstentions, forbidden phrases said, answers in the wrong language."""
    rows = read_rows("answers", AnswerRow)
    folders = read_example_gold(sorted({row.product for row in rows}))
    answered = abstained = forbidden = foreign = 0
    seconds: list[float] = []
    misses: list[Miss] = []
    with running_server() as client:
        for folder in folders:
            add_example(client, folder)
        for row in rows:
            began = perf_counter()
            answer = ask(client, row.product, row.question)
            seconds.append(perf_counter() - began)
            problems = find_problems(row, answer)
            forbidden += "forbidden" in problems
            foreign += "language" in problems
            if row.answerable:
                answered += not problems
            else:
                abstained += not problems
            if problems:
                wanted = " | ".join(row.expect) if row.answerable else "no answer"
                got = f"{', '.join(problems)}: [{answer['status']}] {answer['text']}"
                misses.append(Miss(row.id, f"{row.question} → {wanted}", got))
    answerable = sum(row.answerable for row in rows)
    return EvalReport(
        job="answers from the record",
        data="committed, en + zh, cross-language",
        rows=len(rows),
        measures={
            "right": share(answered + abstained, len(rows)),
            "right answers": share(answered, answerable),
            "right abstentions": share(abstained, len(rows) - answerable),
            "forbidden things said": forbidden,
            "in the wrong language": foreign,
            "median seconds": round(median(seconds), 2),
        },
        misses=tuple(misses),
    )


def find_problems(row: AnswerRow, answer: dict[str, Any]) -> list[str]:
    """What is wrong with an answer: `silent`, `phrase`, `spoke`, `forbidden`, `language`."""
    text, grounded = str(answer["text"]), answer["status"] == "grounded"
    problems: list[str] = []
    if row.answerable and not grounded:
        problems.append("silent")
    elif row.answerable and not any(holds(text, phrase) for phrase in row.expect):
        problems.append("phrase")
    elif not row.answerable and grounded:
        problems.append("spoke")
    if any(holds(text, phrase) for phrase in row.forbid):
        problems.append("forbidden")
    if any("一" <= char <= "鿿" for char in text) != (row.lang == "zh"):
        problems.append("language")
    return problems
