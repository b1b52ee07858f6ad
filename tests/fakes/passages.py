"""Passages as readers give them, for the tests of what is read out of them."""

from collections.abc import Sequence

from domain.evidence import Locator, Passage


def table_rows(
    headings: Sequence[str], *cells: Sequence[str], table: int | None = None
) -> list[Passage]:
    """The rows of a price list, numbered from 2 below its heading; empty cells are left out."""
    return [
        Passage(
            source_id="t",
            file="t.csv",
            kind="table",
            text=",".join(row),
            locator=Locator(row=number),
            cells={name: cell for name, cell in zip(headings, row, strict=True) if cell},
            table=table,
        )
        for number, row in enumerate(cells, start=2)
    ]
