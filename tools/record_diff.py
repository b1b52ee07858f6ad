"""What changed between two versions of a record, field by field."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from domain.evidence import Evidence
from domain.product import ProductDocument, ProductRecord, iter_fields
from tools.quotes import fold_text
from tools.record_fields import FIELD_KINDS, keyed_values, list_items
from tools.same_value import same_value

_ALIKE = 0.6
"""Share of common characters (Ratcliff and Obershelp) above which an item was reworded, not
replaced."""
_MOST_PAIRS = 10_000
"""Pairs of differing items that are compared for likeness; longer lists are matched by text."""
_MOST_WORK = 10_000_000
"""Pairs of characters that one list's items are compared by, some seconds of the worst of texts;
pairs of items beyond it are held for unlike."""


class FieldChange(BaseModel):
    """One value that came, went or became another.

    `field` is its path in the newer record, or in the older one where it was removed; `evidence`
    backs the newer value, or the removed one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    change: Literal["added", "removed", "changed"]
    before: str | None = None
    after: str | None = None
    evidence: list[Evidence] = []


class RecordDiff(BaseModel):
    """The changes from one version of a product to another; `from` is None for an empty record."""

    model_config = ConfigDict(extra="forbid", serialize_by_alias=True)

    product_id: str
    before: int | None = Field(serialization_alias="from")
    after: int = Field(serialization_alias="to")
    changes: list[FieldChange]


def diff_documents(older: ProductDocument | None, newer: ProductDocument) -> RecordDiff:
    """The changes of the record from `older` to `newer`, in the record's field order.

    Items of a list are matched by value (`tools.same_value`) and not by their place, then by
    likeness; specs and stock by name without case and width. A value in other words or another
    unit counts as changed.
    """
    old, new = older.record if older else ProductRecord(), newer.record
    pairs: list[tuple[str | None, str | None]] = []
    for name, kind in FIELD_KINDS.items():
        if kind == "list":
            pairs += _pair_items(name, list_items(old, name), list_items(new, name))
        elif kind in ("spec", "stock"):
            pairs += _pair_keys(name, keyed_values(old, name), keyed_values(new, name))
        else:
            pairs.append((name, name))
    told_old, told_new = dict(iter_fields(old)), dict(iter_fields(new))
    changes: list[FieldChange] = []
    for was, now in pairs:
        before = told_old.get(was) if was else None
        after = told_new.get(now) if now else None
        if before == after:
            continue
        field, holder = (now, newer) if now and after is not None else (was or "", older)
        changes.append(
            FieldChange(
                field=field,
                change="added" if before is None else "removed" if after is None else "changed",
                before=before,
                after=after,
                evidence=holder.evidence.get(field, []) if holder else [],
            )
        )
    return RecordDiff(
        product_id=newer.product_id,
        before=older.version if older else None,
        after=newer.version,
        changes=changes,
    )


def _pair_items(
    name: str, old: Sequence[str], new: Sequence[str]
) -> list[tuple[str | None, str | None]]:
    """(older path, newer path) of the items of a list, removed ones last."""
    left = list(range(len(old)))
    match: dict[int, int] = {}
    places: dict[str, list[int]] = {}
    for i, item in enumerate(old):
        places.setdefault(fold_text(item), []).append(i)
    for index, item in enumerate(new):
        if found := places.get(fold_text(item)):
            match[index] = found.pop(0)
            left.remove(match[index])
    open_new = [index for index in range(len(new)) if index not in match]
    if len(left) * len(open_new) <= _MOST_PAIRS:
        for _, i, index in sorted(_find_alike(old, left, new, open_new)):
            if i in left and index not in match:
                match[index] = i
                left.remove(i)
    pairs: list[tuple[str | None, str | None]] = [
        (f"{name}[{match[index]}]" if index in match else None, f"{name}[{index}]")
        for index in range(len(new))
    ]
    return pairs + [(f"{name}[{i}]", None) for i in left]


def _find_alike(
    old: Sequence[str], left: Sequence[int], new: Sequence[str], open_new: Sequence[int]
) -> Iterator[tuple[float, int, int]]:
    """(likeness negated, older place, newer place) of the items that are alike.

    The bounds of `SequenceMatcher` above its ratio cost little and spare most of it.
    """
    work = _MOST_WORK
    matcher = SequenceMatcher[str](None)
    for index in open_new:
        b = fold_text(new[index])
        matcher.set_seq2(b)
        for i in left:
            a = fold_text(old[i])
            if (work := work - len(a) - len(b)) < 0:
                return
            if same_value(old[i], new[index]):
                yield -2.0, i, index
                continue
            matcher.set_seq1(a)
            if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
                continue
            if len(a) * len(b) > work:
                continue
            work -= len(a) * len(b)
            if (ratio := matcher.ratio()) >= _ALIKE:
                yield -ratio, i, index


def _pair_keys(
    name: str, old: Mapping[str, object], new: Mapping[str, object]
) -> list[tuple[str | None, str | None]]:
    """(older path, newer path) of values by name, removed ones last."""
    left = [key for key in old if key not in new]
    folded = {fold_text(key): key for key in left}
    pairs: list[tuple[str | None, str | None]] = []
    for key in new:
        was = key if key in old else folded.pop(fold_text(key), None)
        pairs.append((f"{name}.{was}" if was is not None else None, f"{name}.{key}"))
        if was in left:
            left.remove(was)
    return pairs + [(f"{name}.{key}", None) for key in left]
