"""Gold records: what a careful merchant would want stored of a folder of product material."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.errors import InvalidInput
from domain.extraction import FactField
from evals.rows import DATA, EXAMPLES

Split = Literal["dev", "test"]
FileKind = Literal["text", "html", "table", "pdf", "scan", "image", "audio", "video"]

_SUFFIXES: dict[FileKind, tuple[str, ...]] = {
    "text": (".txt", ".md", ".log"),
    "html": (".html", ".htm"),
    "table": (".csv", ".tsv", ".xlsx"),
    "pdf": (".pdf",),
    "image": (".jpg", ".jpeg", ".png", ".webp", ".heic"),
    "audio": (".mp3", ".wav", ".m4a", ".ogg", ".flac"),
    "video": (".mp4", ".mov", ".webm", ".mkv"),
}
_SCAN_CHARS = 20
"""A PDF page with fewer characters of text is a picture of a page (a stamp, a page number)."""


class _Gold(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class GoldFact(_Gold):
    """One fact, in the words of a source.

    `key` names a property (`specs`) or holds the parts of a variant (`stock`); `also` are fields
    where it would stand as well, `accept` and `accept_keys` other right wordings. An optional fact
    may be stored or not. `files` are all that state it.
    """

    field: FactField
    key: str | list[str] | None = None
    accept_keys: list[str] = []
    value: str = Field(min_length=1)
    accept: list[str] = []
    also: list[FactField] = []
    optional: bool = False
    files: list[str] = Field(min_length=1)
    note: str | None = None

    @property
    def wordings(self) -> tuple[str, ...]:
        """The value and every other right wording of it."""
        return (self.value, *self.accept)

    @property
    def keys(self) -> tuple[str, ...]:
        """The names under which a property may be stored; none for a variant's parts."""
        own = (self.key,) if isinstance(self.key, str) else ()
        return (*own, *self.accept_keys)

    @property
    def label(self) -> str:
        """`specs.net weight`, `stock.Moss 350 ml`, or the field."""
        key = " ".join(self.key) if isinstance(self.key, list) else self.key
        return f"{self.field}.{key}" if key else self.field


class GoldConflict(_Gold):
    """Values that sources contradict each other with, and what has to become of it."""

    field: str
    values: list[str] = Field(min_length=2)
    expect: Literal["open", "resolved"]
    winner: str | None = None
    why: str = ""


class GoldProduct(_Gold):
    """One product of a folder."""

    name: str
    name_accept: list[str] = []
    facts: list[GoldFact] = Field(min_length=1)
    not_stored: list[str] = []
    conflicts: list[GoldConflict] = []


class GoldFolder(_Gold):
    """A folder of material; without `given_name` it is taken in as it is found."""

    id: str
    lang: Literal["en", "zh"]
    group: str
    split: Split
    given_name: str | None
    products: list[GoldProduct] = Field(min_length=1)
    note: str | None = None


@dataclass(frozen=True)
class Material:
    """A gold folder, where its files lie, and what kind each of them is."""

    gold: GoldFolder
    folder: Path
    kinds: dict[str, FileKind]

    @property
    def files(self) -> list[Path]:
        """The files, by name."""
        return [self.folder / name for name in sorted(self.kinds)]

    def kind_of(self, fact: GoldFact) -> FileKind | None:
        """The one kind of source that states `fact`, None where several do."""
        first = self.kinds[fact.files[0]]
        return first if all(self.kinds[name] == first for name in fact.files) else None


def read_intake_gold(
    only: Sequence[str] = (), split: Split | None = None, root: Path = DATA / "intake"
) -> list[Material]:
    """The frozen gold of `evals/data/intake`: `<slug>.gold.json` beside the folder `<slug>`."""
    return [m for m in _read(root, root, only) if split is None or m.gold.split == split]


def read_example_gold(only: Sequence[str] = ()) -> list[Material]:
    """The gold of `examples/`, kept in `examples/gold`; material to develop on."""
    return _read(EXAMPLES / "gold", EXAMPLES, only)


def _read(gold: Path, material: Path, only: Sequence[str]) -> list[Material]:
    found: list[Material] = []
    for path in sorted(gold.glob("*.gold.json")):
        slug = path.name.removesuffix(".gold.json")
        if only and slug not in only:
            continue
        try:
            folder = GoldFolder.model_validate_json(path.read_text("utf-8"))
        except ValidationError as error:
            raise InvalidInput(f"{path.name}: {error}", hint="Mend that gold file.") from error
        found.append(Material(folder, material / slug, _kinds(material / slug)))
        _check_files(found[-1])
    return found


def _kinds(folder: Path) -> dict[str, FileKind]:
    if not folder.is_dir():
        raise InvalidInput(
            f"there is no folder {folder.name} beside its gold", hint="Add its material."
        )
    files: Iterable[Path] = (path for path in folder.iterdir() if path.is_file())
    return {path.name: file_kind(path) for path in sorted(files)}


def _check_files(material: Material) -> None:
    for product in material.gold.products:
        for fact in product.facts:
            missing = sorted(set(fact.files) - set(material.kinds))
            if missing:
                raise InvalidInput(
                    f"{material.gold.id}: {fact.label} names {', '.join(missing)}, which is not "
                    "in the folder",
                    hint="Name files of that folder in the gold.",
                )


def file_kind(path: Path) -> FileKind:
    """What kind of source a file of the material is; a PDF without text is a scan."""
    for kind, suffixes in _SUFFIXES.items():
        if path.suffix.lower() in suffixes:
            return "scan" if kind == "pdf" and _is_scan(path) else kind
    raise InvalidInput(
        f"{path.name} is of no kind that the gold knows", hint="Add its suffix to evals/gold.py."
    )


def _is_scan(path: Path) -> bool:
    from pypdfium2 import PdfDocument

    document = PdfDocument(path)
    try:
        pages = [len(page.get_textpage().get_text_bounded().strip()) for page in document]
    finally:
        document.close()
    return all(chars < _SCAN_CHARS for chars in pages)
