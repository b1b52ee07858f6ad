"""Viewers' comments on live frames: is the comment under a click the one that was clicked?

Half of the frames are open to look at (`--split dev`); what is published is measured on the other.
"""

import hashlib
import os
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from domain.errors import InvalidInput
from evals.options import Options
from evals.report import EvalReport, Miss, share
from evals.rows import DATA
from models.embeddings import EmbeddedE5
from models.ocr import Image, OcrReader, load_ocr
from models.text_classifier import load_classifier
from tools.comments import FrameReading, Recognition, read_frame, recognize
from tools.questions.detection import QuestionDetector

CLOSE = 0.1
"""The character error rate up to which a text is right."""

_FOLDER = "LIVECUE_EVAL_COMMENTS"
"""The variable that names another folder of frames in the same format."""

Difficulty = Literal["easy", "hard"]
Half = Literal["open", "blind"]


class FrameRow(BaseModel):
    """A rendered frame; what stands on it is told by its clicks."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    frame: str
    layout: str
    lang: str
    difficulty: Difficulty
    hardness: list[str] = []


class ClickRow(BaseModel):
    """A click on a comment, on nothing, or between the two comments of `alternatives`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    image: str
    x: float
    y: float
    kind: Literal["comment", "null", "between"]
    user: str | None = None
    text: str | None = None
    is_question: bool | None = None
    alternatives: list[str] = []


def halve(frames: Sequence[FrameRow]) -> dict[str, Half]:
    """Which half each frame is of, by its name: every other one, by hash, of each kind of frame.

    A kind is a layout and a difficulty; where its frames are odd in number, the blind half has one
    more.
    """
    kinds: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in frames:
        kinds[row.layout, row.difficulty].append(row.frame)
    ordered = (
        sorted(names, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
        for names in kinds.values()
    )
    return {
        name: "open" if at % 2 else "blind" for names in ordered for at, name in enumerate(names)
    }


class _Tally:
    """Counts what came right, by name of the measure."""

    def __init__(self) -> None:
        self._counts: defaultdict[str, list[bool]] = defaultdict(list)

    def add(self, found: dict[str, bool]) -> None:
        for name, right in found.items():
            self._counts[name].append(right)

    def shares(self) -> dict[str, float]:
        return {name: share(sum(rows), len(rows)) for name, rows in self._counts.items()}


def measure(options: Options) -> list[EvalReport]:
    """Easy and hard frames apart; by layout, language and hardness in the details.

    Of the committed frames the blind half, or the open one where `--split dev` asks for it; of
    another folder all.
    """
    elsewhere = os.environ.get(_FOLDER)
    folder = Path(elsewhere or DATA / "comments")
    if not (folder / "frames.jsonl").is_file():
        missing = f"{folder.name} holds no frames.jsonl"
        return [EvalReport(job="comment under a click", data="rendered", missing=missing)]
    frames = [FrameRow.model_validate_json(line) for line in _lines(folder / "frames.jsonl")]
    data = "rendered"
    if not elsewhere:
        half: Half = "open" if options.split == "dev" else "blind"
        halves = halve(frames)
        frames = [frame for frame in frames if halves[frame.frame] == half]
        data = f"committed, rendered by another hand: the {half} half"
    clicks: defaultdict[str, list[ClickRow]] = defaultdict(list)
    for line in _lines(folder / "clicks.jsonl"):
        click = ClickRow.model_validate_json(line)
        clicks[click.image].append(click)
    ocr = load_ocr(options.settings)
    embedder = EmbeddedE5(threads=options.settings.threads.embedding)
    questions = QuestionDetector(lambda: load_classifier("questions", embedder))
    reader = _Reader(folder, data, clicks, ocr, questions)
    return [
        reader.report(difficulty, [f for f in frames if f.difficulty == difficulty])
        for difficulty in ("easy", "hard")
    ]


class _Reader:
    """Reads frames and clicks on them."""

    def __init__(
        self,
        folder: Path,
        data: str,
        clicks: dict[str, list[ClickRow]],
        ocr: OcrReader,
        questions: QuestionDetector,
    ) -> None:
        self._folder = folder
        self._data = data
        self._clicks = clicks
        self._ocr = ocr
        self._questions = questions

    def report(self, difficulty: Difficulty, frames: Sequence[FrameRow]) -> EvalReport:
        """What came right on frames of one difficulty."""
        whole = _Tally()
        parts: defaultdict[str, defaultdict[str, _Tally]] = defaultdict(lambda: defaultdict(_Tally))
        misses: list[Miss] = []
        asked: list[tuple[bool, str]] = []
        read: list[bool] = []
        rows = 0
        for frame in frames:
            reading = read_frame(_load(self._folder / frame.frame), self._ocr)
            for click in self._clicks.get(frame.frame, []):
                rows += 1
                got = recognize(reading, click.x, click.y)
                found = _judge(click, got)
                if click.kind == "comment" and click.is_question is not None:
                    asked.append((click.is_question, got.text or ""))
                    read.append(found["CER<=0.1"])
                whole.add(found)
                parts["by layout"][frame.layout].add(found)
                parts["by language"][frame.lang].add(found)
                for hardness in frame.hardness:
                    parts["by hardness"][hardness].add(found)
                if not all(found.values()):
                    misses.append(_miss(frame, click, got, reading, found))
        return EvalReport(
            job=f"comment under a click, {difficulty}",
            data=self._data,
            rows=rows,
            measures=dict(whole.shares())
            | {
                "question F1": self._question_f1(asked),
                "question F1, of the read": self._question_f1(
                    [one for one, is_read in zip(asked, read, strict=True) if is_read]
                ),
            },
            details={
                name: {key: tally.shares() for key, tally in sorted(tallies.items())}
                for name, tallies in parts.items()
            },
            misses=tuple(misses),
        )

    def _question_f1(self, asked: Sequence[tuple[bool, str]]) -> float:
        """The F1 of what was read as each comment; one that was not found asks nothing."""
        called = self._questions.are_questions([text for _, text in asked])
        right = sum(wanted and got for (wanted, _), got in zip(asked, called, strict=True))
        total = sum(called) + sum(wanted for wanted, _ in asked)
        return share(2 * right, total)


def _judge(click: ClickRow, got: Recognition) -> dict[str, bool]:
    if click.kind == "null":
        return {"null": got.text is None}
    if click.kind == "between":
        offered = sorted(fold(comment.text) for comment in got.alternatives)
        wanted = [fold(text) for text in click.alternatives]
        both = len(offered) == len(wanted) and all(
            any(error_rate(one, two) <= CLOSE for one in offered) for two in wanted
        )
        return {"between": both}
    wanted, text = fold(click.text or ""), fold(got.text or "")
    found = {"CER<=0.1": error_rate(text, wanted) <= CLOSE, "exact": text == wanted}
    if click.user:
        found["user"] = fold(got.user or "") == fold(click.user)
    return found


def _miss(
    frame: FrameRow,
    click: ClickRow,
    got: Recognition,
    reading: FrameReading,
    found: dict[str, bool],
) -> Miss:
    return Miss(
        row=click.id,
        wanted=_say(click.user, click.text, click.alternatives),
        got=_say(got.user, got.text, [comment.text for comment in got.alternatives]),
        about={
            "kind": click.kind,
            "wrong": ", ".join(name for name, right in found.items() if not right),
            "layout": frame.layout,
            "read as": reading.layout.kind,
            "lang": frame.lang,
            "hardness": " ".join(frame.hardness),
        },
    )


def _say(user: str | None, text: str | None, alternatives: Sequence[str]) -> str:
    said = "nothing" if text is None else f"{user}: {text}" if user else text
    return f"{said} ({' | '.join(alternatives)})" if alternatives else said


def fold(text: str) -> str:
    """A text as it is compared: NFKC, case folded, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def error_rate(read: str, wanted: str) -> float:
    """Levenshtein distance over the length of `wanted`; of nothing wanted, 0 or 1."""
    if not wanted:
        return float(bool(read))
    row = list(range(len(wanted) + 1))
    for i, x in enumerate(read, start=1):
        previous, row[0] = row[0], i
        for j, y in enumerate(wanted, start=1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
    return row[-1] / len(wanted)


def _load(path: Path) -> Image:
    import cv2

    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise InvalidInput(f"{path.name} is no readable image", hint="render the frames again")
    return np.asarray(image, np.uint8)


def _lines(path: Path) -> Iterable[str]:
    return (line for line in path.read_text("utf-8").splitlines() if line.strip())
