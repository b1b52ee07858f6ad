"""Whether evidence points where it says: every quote is held against what the source says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter
from sqlalchemy import select

from domain.evidence import PERSON, Evidence, Passage
from domain.product import Fact, ProductDocument
from domain.scope import Scope
from evals.gold import Material
from stores.blobs import BlobStore
from stores.sql import open_database
from stores.tables import ReadingRow
from tools.documents.text import decode_text
from tools.quotes import fold_text

_PASSAGES = TypeAdapter(list[Passage])
_MARKUP = re.compile(r"[\s*`|]+")


@dataclass(frozen=True)
class ReadSources:
    """What Livecue read in each content: passages by the SHA-256 of the source's bytes."""

    passages: Mapping[str, list[Passage]] = field(default_factory=dict[str, list[Passage]])


def load_read_sources(home: Path) -> ReadSources:
    """The passages that a home keeps; its server must have ended."""
    database = open_database(home / "livecue.sqlite")
    blobs = BlobStore(home / "blobs")
    found: dict[str, list[Passage]] = {}
    try:
        with database.reading() as session:
            for row in session.scalars(select(ReadingRow)):
                data = blobs.read_bytes(Scope(row.workspace_id, row.actor), row.passages)
                found[row.blob] = _PASSAGES.validate_json(data)
    finally:
        database.close()
    return ReadSources(found)


def find_invalid(material: Material, document: ProductDocument, read: ReadSources) -> list[str]:
    """Stored values that no valid evidence backs, or with evidence that is not valid.

    Evidence is valid when its source is one of the folder's files and its quote stands, but for
    case, width, spacing and table lines,

    - in a text file: in the file itself,
    - in any other: in the passages that Livecue read there, beginning in one with the evidence's
      locator (a row, a page with its box, a second).

    What the user said (the name) is valid where it is the name that was given.
    """
    hashes = {ref.source: ref.sha256 for ref in document.sources}
    problems: list[str] = []
    for fact in document.facts():
        if not fact.evidence:
            problems.append(f"{fact.field} = {fact.value}: no evidence")
        problems.extend(
            f"{fact.field} = {fact.value}: {why}"
            for evidence in fact.evidence
            if (why := _problem(material, fact, evidence, hashes, read)) is not None
        )
    return problems


def _problem(
    material: Material,
    fact: Fact,
    evidence: Evidence,
    hashes: Mapping[str, str],
    read: ReadSources,
) -> str | None:
    if evidence.source == PERSON:
        return None if fact.field == "name" and evidence.quote == material.gold.given_name else (
            "backed by a user's word that was not given"
        )  # fmt: skip
    kind = material.kinds.get(evidence.file)
    if kind is None:
        return f"{evidence.file} is not in the folder"
    quote = _plain(evidence.quote)
    if not quote:
        return "an empty quote"
    if kind == "text":
        text = decode_text((material.folder / evidence.file).read_bytes(), evidence.file)
        if quote not in _plain(text):
            return f"{evidence.file} does not say {evidence.quote!r}"
    passages = read.passages.get(hashes.get(evidence.source, ""))
    if passages is None:
        return f"what was read in {evidence.file} is not kept"
    if not _stands_at(quote, evidence, passages):
        return f"{evidence.file} does not say {evidence.quote!r} at {evidence.locator}"
    return None


def _stands_at(quote: str, evidence: Evidence, passages: list[Passage]) -> bool:
    """Whether `quote` begins in a passage with the evidence's locator."""
    texts = [_plain(passage.text) for passage in passages]
    for index, passage in enumerate(passages):
        if passage.locator != evidence.locator:
            continue
        at = (texts[index] + "".join(texts[index + 1 : index + 4])).find(quote)
        if 0 <= at < max(1, len(texts[index])):
            return True
    return False


def _plain(text: str) -> str:
    return _MARKUP.sub("", fold_text(text))
