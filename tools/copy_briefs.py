"""What a brief may ask for, and the language that follows from it."""

from domain.copywriting import CopyBrief
from domain.errors import InvalidInput
from domain.language import detect_language
from domain.product import ProductDocument
from tools.copy_frames import load_frames
from tools.copy_platforms import find_limits


def document_language(document: ProductDocument) -> str:
    """The language that most of the record is written in."""
    return detect_language(" ".join(fact.value for fact in document.facts()))


def find_language(document: ProductDocument, brief: CopyBrief) -> str:
    """The language asked for, else that of the comment to answer, else that of the record."""
    if brief.lang is not None:
        return brief.lang
    return detect_language(brief.comment) if brief.comment else document_language(document)


def check_brief(brief: CopyBrief) -> None:
    """Refuse a brief that cannot be met.

    Raises:
        InvalidInput: no frames for its language, an unknown platform, a reply without a comment, or
            a comment for what answers none.
    """
    if brief.lang is not None:
        load_frames(brief.lang)
    find_limits(brief)
    commented = bool(brief.comment and brief.comment.strip())
    if brief.kind == "reply" and not commented:
        raise InvalidInput(
            "A reply needs the comment that it answers.",
            hint="Give the viewer's words as the comment: --comment “…”.",
        )
    if commented and brief.kind != "reply":
        raise InvalidInput(
            f"A comment is answered by a reply, not by copy of the kind {brief.kind}.",
            hint="Ask for the kind reply, or leave the comment out.",
        )
