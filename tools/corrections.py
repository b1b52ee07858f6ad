"""A person's corrections, applied to every new reading of the material."""

from collections.abc import Iterable, Sequence

from domain.evidence import PERSON, Evidence
from domain.extraction import ProductDraft
from domain.product import (
    Conflict,
    ConflictValue,
    Correction,
    Dropped,
    ProductRecord,
)
from tools.record_fields import (
    FieldPath,
    find_item,
    keyed_values,
    known_path,
    list_items,
    parse_field,
    value_at,
)
from tools.same_value import same_value

REOPENED = "reopened"
"""The policy of an open conflict that a person had decided before a source said another value."""
REMOVED = "removed_by_person"
"""The reason of a dropped value that a person took out."""


def apply_corrections(draft: ProductDraft, corrections: Sequence[Correction]) -> ProductDraft:
    """`draft` with a person's corrections, in the order in which they were made.

    A value that a person gave is backed by their word first and by the earlier evidence after it;
    what it replaced stays visible as a conflict resolved by policy `person`, what was removed as
    dropped. The item of a list is found by what it said (`was`), not by its index; where no source
    says it any more, the person's wording of it is added and a removal has nothing to do. A
    decision between sources stands while they say the same values; a value that was not there to
    choose from reopens the conflict, with the person's choice kept in the record. Applying the same
    corrections again changes nothing.
    """
    sheet = _Sheet(draft)
    for correction in corrections:
        sheet.apply(correction)
    return sheet.draft


class _Sheet:
    """A draft while corrections are written into it."""

    def __init__(self, draft: ProductDraft) -> None:
        self.draft = draft.model_copy(deep=True)

    def apply(self, correction: Correction) -> None:
        path = parse_field(correction.field)
        if path.kind == "list":
            self._apply_to_list(path, correction)
            return
        heard = (correction.was, correction.value, *correction.among)
        path = known_path(self.draft.record, path, [value for value in heard if value])
        if correction.value is None:
            self._remove(path)
        else:
            self._set(path, correction.value, reopen=self._has_news(path, correction))

    def _apply_to_list(self, path: FieldPath, correction: Correction) -> None:
        items = list_items(self.draft.record, path.name)
        if correction.was is not None:
            index = find_item(items, correction.was)
        else:
            index = path.index if path.index is not None and path.index < len(items) else None
        value = correction.value
        if value is None:
            if index is not None:
                self._remove(FieldPath(path.name, "list", index=index))
            return
        twin = find_item(items, value)
        if twin is not None and index not in (None, twin):
            self._remove(FieldPath(path.name, "list", index=index))
            twin = find_item(items, value)
        elif twin is None:
            twin = index
        if twin is None:
            items.append(value)
            twin = len(items) - 1
        self._set(FieldPath(path.name, "list", index=twin), value)

    def _set(self, path: FieldPath, value: str, *, reopen: bool = False) -> None:
        place, evidence = str(path), self.draft.evidence
        told = self._told(path)
        spoken = Evidence(source=PERSON, file=PERSON, quote=value)
        others = [v for v in told if not same_value(v.value, value)]
        agreeing = _from_sources(e for v in told if v not in others for e in v.evidence)
        evidence[place] = [spoken, *agreeing]
        chosen = ConflictValue(value=value, evidence=[spoken, *agreeing])
        self._note_conflict(place, [chosen, *others], reopen=reopen)
        _write(self.draft.record, path, value)

    def _remove(self, path: FieldPath) -> None:
        place = str(path)
        current = value_at(self.draft.record, path)
        if current is None:
            return
        backing = self.draft.evidence.pop(place, [])
        first = next(iter(_from_sources(backing)), None)
        dropped = Dropped(
            field=place,
            value=current,
            reason=REMOVED,
            file=first.file if first else None,
            evidence=first,
        )
        if dropped not in self.draft.dropped:
            self.draft.dropped.append(dropped)
        if path.index is not None:
            del list_items(self.draft.record, path.name)[path.index]
            self._close_ranks(path.name, path.index)
            return
        told = self._told(path)
        if len(told) > 1:
            self._note_conflict(place, told)
        _write(self.draft.record, path, None)

    def _told(self, path: FieldPath) -> list[ConflictValue]:
        """The values that stand against each other at `path`, or the only one."""
        place = str(path)
        known = next((c for c in self.draft.conflicts if c.field == place), None)
        if known is not None:
            return known.values
        current = value_at(self.draft.record, path)
        if current is None:
            return []
        return [ConflictValue(value=current, evidence=self.draft.evidence.get(place, []))]

    def _has_news(self, path: FieldPath, correction: Correction) -> bool:
        """Whether a source says a value that a person had not seen when deciding."""
        seen = [*correction.among, correction.value or ""]
        return correction.settles and not all(
            any(same_value(told.value, value) for value in seen) for told in self._told(path)
        )

    def _note_conflict(
        self, place: str, values: list[ConflictValue], *, reopen: bool = False
    ) -> None:
        conflicts = self.draft.conflicts
        index = next((i for i, c in enumerate(conflicts) if c.field == place), len(conflicts))
        noted = Conflict(
            field=place,
            values=values,
            status="open" if reopen else "resolved",
            policy=REOPENED if reopen else PERSON,
        )
        conflicts[index : index + 1] = [noted] if len(values) > 1 else []

    def _close_ranks(self, name: str, gap: int) -> None:
        """Move what belongs to the items after a removed one down by one."""

        def moved(place: str) -> str | None:
            if not place.startswith(f"{name}["):
                return place
            index = parse_field(place).index or 0
            return None if index == gap else f"{name}[{index - (index > gap)}]"

        self.draft.evidence = {
            new: found for old, found in self.draft.evidence.items() if (new := moved(old))
        }
        self.draft.conflicts = [
            c.model_copy(update={"field": new})
            for c in self.draft.conflicts
            if (new := moved(c.field))
        ]


def _from_sources(evidence: Iterable[Evidence]) -> list[Evidence]:
    return list(dict.fromkeys(e for e in evidence if e.source != PERSON))


def _write(record: ProductRecord, path: FieldPath, value: str | None) -> None:
    if path.index is not None:
        assert value is not None  # noqa: S101 - items of a list are removed, not emptied
        list_items(record, path.name)[path.index] = value
    elif path.key is not None:
        values = keyed_values(record, path.name)
        if value is None:
            del values[path.key]
        else:
            values[path.key] = int(value) if path.kind == "stock" else value
    else:
        typed = float(value) if value is not None and path.kind == "price" else value
        setattr(record, path.name, typed)
