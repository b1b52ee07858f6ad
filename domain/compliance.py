"""What a compliance check finds, and the rule packs it reads."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Jurisdiction = Literal["CN", "US", "EU", "platform"]
JURISDICTIONS: tuple[Jurisdiction, ...] = ("CN", "US", "EU", "platform")
Severity = Literal["violation", "notice"]
MendMethod = Literal["model", "replacement", "cut"]


class Override(BaseModel):
    """A person's decision that a rule does not object to these words, and why.

    It holds in the workspace, for one product where `product_id` is given, until it is withdrawn.
    `quote` is compared in the normal form in which rules read, so its disguises are not covered by
    it unless they read the same.
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


class ComplianceReport(BaseModel):
    """The result of checking one text; `rewrite` is the text with every violation mended.

    `packs` names the rule packs and versions that were applied (`cn-advertising@1`); `mends` says
    sentence by sentence how the rewrite came about; `prompts` are the `id@version+hash` used.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    violating: bool
    findings: list[Finding] = []
    rewrite: str
    packs: list[str] = []
    mends: list[Mend] = []
    prompts: list[str] = []
