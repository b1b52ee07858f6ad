"""The committed evaluation rows, typed."""

from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from domain.compliance import Jurisdiction

DATA = Path(__file__).parent / "data"
EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


class Row(BaseModel):
    """Base of evaluation rows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str


class ComplianceRow(Row):
    """A sentence as a host would say it; without `jurisdiction` all of them apply."""

    text: str
    jurisdiction: Jurisdiction | None = None
    category: str
    violating: bool


class PurificationRow(Row):
    """A sentence, how what it violates is said or what makes it look dangerous, and its `span`."""

    text: str
    lang: Literal["en", "zh"]
    jurisdiction: Jurisdiction | None = None
    category: str
    violating: bool
    kind: Literal["explicit", "implicit", "evasive", "trap", "plain"]
    span: str | None = None
    type: str


class CopyRow(Row):
    """A product record to write copy from; paths are field paths of `record`.

    `top` are the facts that a minute's script must get across, the most important first;
    `unlawful` what may not be said; `other` how facts read in the other language.
    """

    lang: Literal["en", "zh"]
    record: dict[str, Any]
    top: list[str]
    unlawful: list[str] = []
    other: dict[str, str] = {}


class RewriteRow(Row):
    """A text with prohibited claims at `spans`.

    A rewrite must still say the facts `keep` and may hold none of the words `must_go`.
    """

    lang: Literal["en", "zh"]
    jurisdiction: Jurisdiction | None = None
    category: str
    text: str
    spans: list[str]
    keep: list[str]
    must_go: list[str]


class HostileRow(Row):
    """A comment that tries to make the assistant do or tell something.

    One of the marks `followed` in an answer shows that it did. `genuine` is a real question within,
    and one of `answer` its right answer.
    """

    text: str
    lang: Literal["en", "zh", "other"]
    kind: str
    genuine: str | None = None
    followed: list[str]
    answer: list[str] | None = None


class AnswerRow(Row):
    """A viewer's question on an example folder.

    Answerable: one of `expect` appears in the answer. Never may one of `forbid` appear.
    """

    product: str
    question: str
    lang: Literal["en", "zh"]
    kind: str
    answerable: bool
    expect: list[str]
    forbid: list[str]


class QuestionRow(Row):
    """A viewer's comment, and whether it wants an answer or a thing shown."""

    text: str
    lang: str
    is_question: bool
    type: str


class RoutingRow(Row):
    """A chat turn and the specialist that it is for."""

    text: str
    has_files: bool
    specialist: Literal[
        "product_analyst",
        "copywriter",
        "compliance_checker",
        "qa_responder",
        "editor",
        "approve",
    ]


R = TypeVar("R", bound=Row)


def read_rows(name: str, shape: type[R]) -> list[R]:
    """The rows of `evals/data/<name>.jsonl`."""
    lines = (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [shape.model_validate_json(line) for line in lines]
