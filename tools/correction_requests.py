"""What a person asks to have changed in a record, checked and made out as a correction."""

from datetime import datetime

from domain.errors import InvalidInput, StateConflict
from domain.product import Correction, ProductDocument, ProductRecord
from tools.record_fields import (
    FieldPath,
    check_value,
    find_item,
    known_path,
    list_items,
    parse_field,
    value_at,
)
from tools.same_value import same_value


def make_correction(
    document: ProductDocument,
    field: str,
    value: str | None,
    *,
    was: str | None = None,
    remove: bool = False,
    note: str | None = None,
    by: str,
    at: datetime,
) -> Correction:
    """What a person wants changed in `document`, checked against it.

    `was` guards against a value that is another by now; for a list it names the item where `field`
    has no index. A list's name without either gains `value`.

    Raises:
        InvalidInput: no such field or item, or no value of that field's type.
        StateConflict: the value at `field` is not `was`.
    """
    if remove == (value is not None):
        raise InvalidInput(
            f"{field}: give a value, or remove the one that is there; one of the two.",
            hint="livecue product correct ID FIELD VALUE, or FIELD --remove",
        )
    path = parse_field(field)
    if path.kind == "list":
        path = _choose_item(document.record, path, was, remove=remove)
    else:
        path = known_path(document.record, path)
    current = value_at(document.record, path)
    if current is None and (remove or was is not None):
        raise InvalidInput(
            f"{path} has no value.",
            hint=f"See what it holds: livecue product show {document.product_id}",
        )
    if was is not None and current is not None and not same_value(was, current):
        raise StateConflict(
            f"{path} is {current!r} by now, not {was!r}.",
            hint=f"Look at it again: livecue product show {document.product_id}",
        )
    return Correction(
        field=str(path),
        value=None if value is None else check_value(path, value),
        was=current,
        note=note,
        by=by,
        at=at,
    )


def settle_conflict(
    document: ProductDocument,
    field: str,
    value: str,
    *,
    note: str | None = None,
    by: str,
    at: datetime,
) -> Correction:
    """A person's decision of the conflict on `field`: one of its values, or another.

    Raises:
        InvalidInput: the field is in no conflict (the error lists the open ones), or does not take
            the value.
    """
    path = known_path(document.record, parse_field(field))
    conflict = next((c for c in document.conflicts if c.field == str(path)), None)
    if conflict is None or path.kind == "list":
        raised = {
            c.field: [v.value for v in c.values] for c in document.conflicts if c.status == "open"
        }
        shown = "; ".join(f"{name}: {' / '.join(values)}" for name, values in raised.items())
        raise InvalidInput(
            f"{document.product_id} has no conflict on {field}.",
            hint=f"Open conflicts: {shown or 'none'}",
            details={"open": raised},
        )
    among = tuple(item.value for item in conflict.values)
    wanted = check_value(path, value)
    return Correction(
        field=str(path),
        value=next((known for known in among if same_value(known, wanted)), wanted),
        was=value_at(document.record, path),
        note=note,
        settles=True,
        among=among,
        by=by,
        at=at,
    )


def _choose_item(
    record: ProductRecord, path: FieldPath, was: str | None, *, remove: bool
) -> FieldPath:
    """The item of a list that a correction is about; the list itself where it adds one."""
    items = list_items(record, path.name)
    if path.index is None and was is None and not remove:
        return path
    index = path.index if path.index is not None or was is None else find_item(items, was)
    if index is None or index >= len(items):
        shown = "; ".join(f"{path.name}[{i}]: {item}" for i, item in enumerate(items))
        raise InvalidInput(
            f"There is no {path}." if path.index is not None
            else f"{path} has no item {was!r}." if was is not None
            else f"{path} is a list: say which item to remove.",
            hint=f"Its items: {shown or 'none'}",
            details={"items": items},
        )  # fmt: skip
    return FieldPath(path.name, path.kind, index=index)
