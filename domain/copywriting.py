"""Promotional copy: its brief, its sections and the claims that point to facts."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.compliance import ComplianceReport, Jurisdiction, Jurisdictions

CopyKind = Literal["script", "short_video", "bullets", "title", "reply"]
SectionName = Literal[
    "hook", "pain_point", "selling_points", "proof", "offer", "call_to_action", "body"
]
CopyStatus = Literal["passed", "repaired", "from_record", "empty"]
LineOrigin = Literal["model", "repaired", "record"]
RemovalCause = Literal["record", "rule", "room"]
Topic = Literal[
    "opening",
    "audience",
    "brand",
    "trouble",
    "point",
    "usage",
    "material",
    "ingredients",
    "spec",
    "certificate",
    "colours",
    "sizes",
    "price",
    "promotion",
    "shipping",
    "after_sales",
    "warning",
    "closing",
    "headline",
    "answer",
    "chat",
]


class CopyBrief(BaseModel):
    """What is asked of the copywriter.

    `lang` is a BCP 47 tag (`en`, `zh`); None means the language of the record. `seconds` is the
    speaking time of a script or short video. `tone` and `persona` say in free words how it should
    sound and who speaks; neither adds a fact. `platform` is the marketplace whose limits a listing
    must keep. `jurisdictions` are those whose rules the copy must keep; None means all. `comment`
    is what a viewer wrote; a reply, and nothing else, has one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: CopyKind = "script"
    lang: str | None = None
    seconds: int = Field(default=60, ge=5, le=600)
    platform: str | None = None
    tone: str | None = None
    persona: str | None = Field(default=None, max_length=200)
    variants: int = Field(default=1, ge=1, le=5)
    jurisdictions: Jurisdictions = None
    comment: str | None = Field(default=None, max_length=500)


class Claim(BaseModel):
    """A sentence that says something about the product, and the field paths that back it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    facts: list[str]


class Section(BaseModel):
    """A named part of the copy; its sentences joined are the part's text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: SectionName
    text: str


class Removal(BaseModel):
    """A sentence that did not stay, and why (`not in the record: 99 %`).

    `cause` is what it did not hold against: the record, a rule (`rules` are their ids), or the room
    there is. None, in copies of before, is not known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    reason: str
    replacement: str | None = None
    cause: RemovalCause | None = None
    rules: list[str] = []


class DraftLine(BaseModel):
    """One line of a draft: what it is about, the field paths behind it, and whose words it is.

    `origin` is `model` (as the model wrote it), `repaired` (the model's second try) or `record`
    (composed by code from the record). A `chat` line claims nothing and has no facts. `place` is
    the number of its beat in the plan; a chat line's is negative.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    section: SectionName
    topic: Topic
    text: str = Field(min_length=1)
    facts: list[str]
    origin: LineOrigin
    place: int


class CommentAnswer(BaseModel):
    """What a reply says to a part of a viewer's comment, and the field paths behind it.

    `unanswered` are the viewer's words where the record is silent or open about them, and the text
    promises to look; then there may be no facts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(min_length=1)
    facts: list[str] = []
    unanswered: str = ""


class LineProblem(BaseModel):
    """An objection to `quote` in line number `line` (from 0); `quote` may be the whole line.

    `rule` is the one that objects, where one does.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    line: int = Field(ge=0)
    quote: str
    reason: str
    rule: str | None = None


class CopyDraft(BaseModel):
    """Copy in the making: verified lines, what was thrown out, and who wrote it.

    `translations` are the verified wordings in the copy's language of facts that the record has
    in another, by field path; for the fields in `untranslated` none held. `dropped` are the places
    that stay empty, because nothing could be said there. `unfit` is what there is no room for.
    `answers` are what a reply says to the brief's comment.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    product_id: str
    product_version: int
    brief: CopyBrief
    lang: str
    sample: int = 0
    answers: list[CommentAnswer] = []
    lines: list[DraftLine]
    removals: list[Removal] = []
    unfit: list[Removal] = []
    dropped: list[int] = []
    translations: dict[str, str] = {}
    untranslated: list[str] = []
    prompts: list[str] = []
    model: str | None = None

    @property
    def text(self) -> str:
        """A paragraph a section; bullets a line each; a title or reply in one line."""
        return "".join(f"{before}{line.text}" for before, line in self._laid_out())

    def spans(self) -> list[tuple[int, int]]:
        """Where each line stands in `text`: half-open code point offsets."""
        found: list[tuple[int, int]] = []
        end = 0
        for before, line in self._laid_out():
            start = end + len(before)
            end = start + len(line.text)
            found.append((start, end))
        return found

    def _laid_out(self) -> list[tuple[str, DraftLine]]:
        """Every line with what stands between it and the one before."""
        laid: list[tuple[str, DraftLine]] = []
        for line in self.lines:
            first = not laid
            if self.brief.kind == "bullets":
                before = "• " if first else "\n• "
            elif first:
                before = ""
            elif laid[-1][1].section != line.section:
                before = "\n\n"
            else:
                before = "" if self.lang == "zh" else " "
            laid.append((before, line))
        return laid


class Copy(BaseModel):
    """A finished piece of copy.

    `status` says how it came to pass: `passed`, every sentence of the model stands as it wrote it;
    `repaired`, some were mended or taken out; `from_record`, every sentence is composed from the
    record; `empty`, nothing could be said. `warnings` are what a person should know before they use
    it: values that stand in another language, a comment that the record does not answer. `prompts`
    are the `id@version+hash` used, and `jurisdictions` those whose rules it keeps; None, in copies
    of before, is not known.
    """

    model_config = ConfigDict(extra="forbid")

    copy_id: str
    product_id: str
    product_version: int
    brief: CopyBrief
    lang: str
    text: str
    sections: list[Section]
    claims: list[Claim]
    removals: list[Removal] = []
    warnings: list[str] = []
    compliance: ComplianceReport
    jurisdictions: list[Jurisdiction] | None = None
    status: CopyStatus
    prompts: list[str] = []
    model: str | None = None
    created_at: datetime


class StoredCopy(Copy):
    """A copy as it is read back, and why it may not hold any more.

    `stale` is empty where neither the record nor the rules nor an override has changed since.
    """

    stale: list[str]
