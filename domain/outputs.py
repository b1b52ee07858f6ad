"""The shapes that prompts ask a model for; a prompt file names one of them as its `output`.

They are deliberately flat and small: a 1.5B model fills them under a JSON schema. Nothing here is
trusted: every value is checked against its source by code before it is used.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Output(BaseModel):
    """Base of model outputs."""

    model_config = ConfigDict(extra="forbid")


class SpecEntry(Output):
    """A named property as the source writes it (`Weight: 350 g`)."""

    name: str
    value: str


class ExtractedRecord(Output):
    """What the product analyst reads out of one stretch of material, verbatim."""

    name: str = ""
    brand: str = ""
    category: str = ""
    materials: list[str] = Field(default_factory=list[str], max_length=8)
    ingredients: list[str] = Field(default_factory=list[str], max_length=40)
    selling_points: list[str] = Field(default_factory=list[str], max_length=10)
    usage: list[str] = Field(default_factory=list[str], max_length=8)
    audience: str = ""
    certifications: list[str] = Field(default_factory=list[str], max_length=8)
    shipping: str = ""
    returns_warranty: list[str] = Field(default_factory=list[str], max_length=6)
    warnings: list[str] = Field(default_factory=list[str], max_length=8)
    specs: list[SpecEntry] = Field(default_factory=list[SpecEntry], max_length=24)


class PhrasedAnswer(Output):
    """A reply to a viewer, phrased from facts that code has chosen."""

    answer: str


class WrittenLine(Output):
    """What the host says for one note."""

    text: str


class RewrittenSentence(Output):
    """A sentence mended so that the stated objection no longer holds."""

    text: str


class RoutedTurn(Output):
    """Which specialist a chat turn is for."""

    specialist: Literal[
        "product_analyst",
        "copywriter",
        "compliance_checker",
        "qa_responder",
        "editor",
        "none",
    ]
