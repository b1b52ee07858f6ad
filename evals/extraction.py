"""Product intake: does the record hold what the folder says, and nothing else?"""

import re
from typing import Any

from domain.product import ProductDocument
from domain.settings import Settings
from evals.phrases import holds
from evals.report import EvalReport, Miss, share
from evals.rows import ExtractionRow, read_rows
from evals.server import add_example, running_server


def measure(_settings: Settings) -> EvalReport:
    """Recall of values, exact stock, forbidden values in the record, values without evidence."""
    rows = read_rows("extraction", ExtractionRow)
    wanted = found = leaks = bare = stored = 0
    misses: list[Miss] = []
    with running_server() as client:
        for row in rows:
            names = row.record["name"]
            assert isinstance(names, list)  # noqa: S101 - the committed rows name their product
            document = ProductDocument.model_validate(add_example(client, row.product, names[0]))
            values = {fact.field: fact.value for fact in document.facts()}
            expectations = [*_expect_fields(row), *_expect_stock(row)]
            for field, phrase in expectations:
                hit = _found(values, field, phrase)
                wanted, found = wanted + 1, found + hit
                if not hit:
                    misses.append(Miss(f"{row.id}: {field}", phrase, "not in the record"))
            for phrase in row.forbidden:
                holding = [
                    path for path, value in values.items() if holds(f"{path} {value}", phrase)
                ]
                leaks += bool(holding)
                misses.extend(
                    Miss(f"{row.id}: {path}", f"no {phrase}", values[path]) for path in holding
                )
            unbacked = [fact for fact in document.facts() if not fact.evidence]
            stored, bare = stored + len(values), bare + len(unbacked)
            misses.extend(Miss(f"{row.id}: {f.field}", "evidence", f.value) for f in unbacked)
    return EvalReport(
        job="product record",
        data="committed, both example folders",
        rows=len(rows),
        measures={
            "values found": share(found, wanted),
            "values looked for": wanted,
            "values stored": stored,
            "forbidden values stored": leaks,
            "values without evidence": bare,
        },
        misses=tuple(misses),
    )


def _expect_fields(row: ExtractionRow) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for field, value in row.record.items():
        phrases = value if isinstance(value, list) else [format(value, "g")]
        pairs.extend((field, phrase) for phrase in phrases)
    return pairs


def _expect_stock(row: ExtractionRow) -> list[tuple[str, str]]:
    return [(f"variants.stock|{variant}", str(pieces)) for variant, pieces in row.stock.items()]


def _found(values: dict[str, Any], field: str, phrase: str) -> bool:
    """Whether a value under `field` holds `phrase`; a stock key holds both colour and size."""
    top, *variant = field.split("|")
    for path, value in values.items():
        if not re.match(rf"{re.escape(top)}(?:$|[.\[])", path):
            continue
        if variant and not all(holds(path.removeprefix(top), part) for part in variant):
            continue
        if value == phrase if variant else holds(value, phrase):
            return True
    return False
