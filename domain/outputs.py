"""The shapes that prompts ask a model for; a prompt file names one of them as its `output`.

They are deliberately flat and small: a 1.5B model fills them under a JSON schema. Nothing here is
trusted: every value is checked against its source by code before it is used.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.recording import SpeechTag


class Output(BaseModel):
    """Base of model outputs."""

    model_config = ConfigDict(extra="forbid")


class ExtractedRecord(Output):
    """What the product analyst reads out of sentences that code could not place, verbatim.

    Prices, stock, properties, shipping, returns, care and warnings are read by code and not asked
    for. `other_products` names goods that the material mentions beside its own.
    """

    name: str = ""
    brand: str = ""
    category: str = ""
    selling_points: list[str] = Field(default_factory=list[str], max_length=10)
    materials: list[str] = Field(default_factory=list[str], max_length=6)
    other_products: list[str] = Field(default_factory=list[str], max_length=6)


class TitleAttributes(Output):
    """Values of named attributes as a title states them; "" where it does not."""

    values: dict[str, str]


class WrittenLine(Output):
    """What the host says for one note."""

    text: str


class RewrittenSentence(Output):
    """A sentence mended so that the stated objection no longer holds."""

    text: str


class BriefItem(Output):
    """Words of a brief for a clip, verbatim, and what they ask for."""

    quote: str
    kind: Literal["audience", "wanted", "unwanted", "tone", "other"]
    value: str


class BriefItems(Output):
    """What a brief for a clip asks for."""

    items: list[BriefItem] = Field(default_factory=list[BriefItem], max_length=8)


class Verdict(Output):
    """Whether a sentence implies what the law forbids; `quote` are its words that do, verbatim."""

    violates: bool
    quote: str
    reason: str


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


class EventCaptions(Output):
    """A sentence for each stretch of a broadcast, in the order in which they were shown."""

    captions: list[str]


class TagVerdict(Output):
    """Which of the speech tags that were put to it an utterance carries."""

    tags: list[SpeechTag]
