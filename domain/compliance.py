"""What a compliance check finds, and the rule packs it reads."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from domain.errors import InvalidInput

Jurisdiction = Literal["CN", "US", "EU", "platform"]
JURISDICTIONS: tuple[Jurisdiction, ...] = ("CN", "US", "EU", "platform")
Severity = Literal["violation", "notice"]
MendMethod = Literal["model", "replacement", "cut"]


def _read_jurisdictions(given: Any) -> Any:  # noqa: ANN401 - whatever a request holds
    """Names by themselves and as JURISDICTIONS writes them; None where none is given."""
    if isinstance(given, str):
        given = [name for name in given.split(",") if name.strip()]
    if not isinstance(given, Sequence):
        return given
    names = {name.lower(): name for name in JURISDICTIONS}
    return [
        names.get(name.strip().lower(), name) if isinstance(name, str) else name
        for name in cast("Sequence[object]", given)
    ] or None


Jurisdictions = Annotated[list[Jurisdiction] | None, BeforeValidator(_read_jurisdictions)]
"""Jurisdictions as a list or as `CN, us`, letter case and blanks aside; None means all."""

_JURISDICTIONS: TypeAdapter[list[Jurisdiction] | None] = TypeAdapter(Jurisdictions)


def read_jurisdictions(given: str | Sequence[str] | None) -> tuple[Jurisdiction, ...]:
    """The jurisdictions that `given` names, each once and in one order; all where it names none.

    Raises:
        InvalidInput: a name is none of JURISDICTIONS.
    """
    try:
        wanted = _JURISDICTIONS.validate_python(given) or JURISDICTIONS
    except ValidationError as error:
        raise InvalidInput(
            f"no rule pack covers the jurisdiction {error.errors()[0]['input']!r}",
            hint=f"use one or more of {', '.join(JURISDICTIONS)}",
        ) from error
    return tuple(name for name in JURISDICTIONS if name in wanted)


class Override(BaseModel):
    """A person's decision that a rule does not object to these words, and why.

    It holds in the workspace, for one product where `product_id` is given, until it is withdrawn.
    `quote` is compared in the normal form in which rules read, with the words as they are written
    and with their disguise undone: a disguised quote allows that disguise, a plain one all.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    override_id: str
    rule: str
    quote: str
    reason: str
    product_id: str | None = None
    actor: str
    created_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None


class Withdrawal(Override):
    """An override that ended, and those that still allow its words to the rule somewhere."""

    still_allowed_by: list[Override] = []


class Finding(BaseModel):
    """A span of the checked text that a rule objects to.

    `start` and `end` are half-open Unicode code point offsets into the original text. A `notice`
    asks for care and does not make the text violating; a violation that a person allowed is a
    notice too, and `override` says who allowed it and why.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: int = Field(ge=0)
    end: int = Field(ge=1)
    rule: str
    jurisdiction: Jurisdiction
    severity: Severity
    reason: str
    suggestion: str
    override: Override | None = None


class Mend(BaseModel):
    """What became of one violating sentence; `text` is empty where the whole sentence was cut.

    `start` and `end` are half-open code point offsets of the sentence in the original text.
    `method` says whether a model rewrote it, the rules' own replacements did, or it was cut in
    part or whole. `rejected` is why a model's rewrite was not used, where one was asked for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: int = Field(ge=0)
    end: int = Field(ge=1)
    text: str
    method: MendMethod
    rejected: str | None = None


class Change(BaseModel):
    """A run of text that a text and its rewrite share, or that only one of them has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["same", "removed", "added"]
    text: str


class ComplianceReport(BaseModel):
    """The result of checking one text; `rewrite` is the text with every violation mended.

    `packs` names the rule packs and versions that were applied (`cn-advertising@1`); `mends` says
    sentence by sentence how the rewrite came about; `prompts` are the `id@version+hash` used.
    `diff` is what the rewrite changed: its shared and removed runs joined are the text, its shared
    and added ones the rewrite. It is empty where nothing changed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    violating: bool
    findings: list[Finding] = []
    rewrite: str
    packs: list[str] = []
    mends: list[Mend] = []
    prompts: list[str] = []
    diff: list[Change] = []
