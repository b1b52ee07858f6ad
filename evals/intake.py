"""Product intake: folders of real material, taken in by the running product, against gold."""

import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from domain.errors import InvalidInput
from domain.product import ProductDocument
from evals.evidence import ReadSources, find_invalid, load_read_sources
from evals.gold import GoldFolder, Material, read_example_gold, read_intake_gold
from evals.key_value_baseline import read_key_values
from evals.options import Options
from evals.report import EvalReport, Miss, share
from evals.scoring import Counts, Score, score_folder
from evals.server import remove_products, running_server, take_in

_SEEN_ONLY = ("image", "scan", "audio", "video")


def measure(options: Options) -> list[EvalReport]:
    """Three rows: the records, the facts that stand in one kind of source only, the conflicts."""
    if options.examples:
        folders = [m for m in read_example_gold(options.only) if _is_asked(m.gold, options)]
    else:
        folders = read_intake_gold(options.only, options.split)
    data = "examples (developed on)" if options.examples else "committed folders, en + zh"
    if not folders:
        return [EvalReport("product records", data, missing="there is no gold of that choice")]
    with tempfile.TemporaryDirectory(prefix="livecue-evals-") as temporary:
        home = options.home or Path(temporary) / "home"
        records, failures = _take_in_all(folders, home)
        read = load_read_sources(home)
    return report_intake(folders, records, read, failures, data=data)


def _is_asked(gold: GoldFolder, options: Options) -> bool:
    return options.split is None or gold.split == options.split


def _take_in_all(
    folders: Sequence[Material], home: Path
) -> tuple[dict[str, list[ProductDocument]], dict[str, str]]:
    """The records of each folder, and what was said where an intake or a source failed.

    Each folder meets an empty catalog, whatever the home held before.
    """
    records: dict[str, list[ProductDocument]] = {}
    failures: dict[str, str] = {}
    with running_server(home) as client:
        remove_products(client)
        for folder in folders:
            slug, began = folder.gold.id, perf_counter()
            try:
                taken = take_in(client, folder.files, name=folder.gold.given_name)
            except InvalidInput as error:
                records[slug], failures[slug] = [], error.message
            else:
                records[slug] = taken.documents
                if taken.failed:
                    failures[slug] = "; ".join(taken.failed)
            remove_products(client)
            print(f"  {slug}: {perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    return records, failures


def report_intake(
    folders: Sequence[Material],
    records: dict[str, list[ProductDocument]],
    read: ReadSources,
    failures: dict[str, str],
    *,
    data: str,
) -> list[EvalReport]:
    """The rows of the table for records that were made of `folders`."""
    scores = {m.gold.id: score_folder(m, records[m.gold.id]) for m in folders}
    naive = {m.gold.id: score_folder(m, read_key_values(m)) for m in folders}
    all_of = _sum(scores.values())
    values, invalid = 0, list[Miss]()
    for material in folders:
        for document in records[material.gold.id]:
            values += len(document.facts())
            row = f"{material.gold.id}: {document.record.name}"
            invalid += [
                Miss(row, "valid evidence", why, {"kind": "evidence"})
                for why in find_invalid(material, document, read)
            ]
    bad_values = len({(miss.row, miss.got.partition(": ")[0]) for miss in invalid})
    failed = [Miss(slug, "a record", why, {"kind": "failure"}) for slug, why in failures.items()]
    total = all_of.total
    measures: dict[str, float | int] = {"F1": round(total.f1, 3)}
    for split in ("dev", "test"):
        part = _where(folders, scores, lambda gold, split=split: gold.split == split)
        if part.wanted_products:
            measures[f"{split} F1"] = round(part.total.f1, 3)
    measures |= {
        "precision": round(total.precision, 3),
        "recall": round(total.recall, 3),
        "a naive key: value reader's F1": round(_sum(naive.values()).total.f1, 3),
        "values with valid evidence": share(values - bad_values, values),
        "values stored that must not be": all_of.leaks,
        "products found": share(all_of.found_products, all_of.wanted_products),
    }
    details = _tables(folders, scores)
    details["naive key: value reader"] = _tables(folders, naive)
    main = EvalReport(
        "product records",
        f"{data}, {len({m.gold.group for m in folders})} groups of goods",
        all_of.wanted_products,
        measures,
        details,
        misses=(*failed, *all_of.misses, *invalid),
    )
    return [main, _only_in_row(all_of, data), _conflict_row(all_of, data)]


def _only_in_row(score: Score, data: str) -> EvalReport:
    kinds = {kind: score.only_in[kind] for kind in _SEEN_ONLY if kind in score.only_in}
    total = sum(kinds.values(), Counts())
    measures: dict[str, float | int] = {"found": round(total.recall, 3)} if kinds else {}
    measures |= {f"in a {_named(kind)}": round(c.recall, 3) for kind, c in kinds.items()}
    rows = total.found + total.missed
    missing = None if kinds else "no such fact in that choice"
    return EvalReport(
        "facts only in a picture, scan or recording", data, rows, measures, missing=missing
    )


def _named(kind: str) -> str:
    return {"audio": "sound recording", "image": "picture"}.get(kind, kind)


def _conflict_row(score: Score, data: str) -> EvalReport:
    counts = score.conflicts
    wanted = counts["open wanted"] + counts["resolved wanted"]
    handled = counts["open handled"] + counts["resolved handled"]
    measures: dict[str, float | int] = {
        "handled": share(handled, wanted),
        "left open with both values": share(counts["open handled"], counts["open wanted"]),
        "settled by date or correction": share(
            counts["resolved handled"], counts["resolved wanted"]
        ),
    }
    missing = None if wanted else "no conflict in that choice"
    return EvalReport("contradictions between sources", data, wanted, measures, missing=missing)


def _tables(folders: Sequence[Material], scores: dict[str, Score]) -> dict[str, Any]:
    everything = _sum(scores.values())
    langs, groups, splits = (
        sorted({getattr(m.gold, name) for m in folders}) for name in ("lang", "group", "split")
    )
    return {
        "all": everything.total.as_dict(),
        "by field": {k: c.as_dict() for k, c in sorted(everything.by_field.items())},
        "recall of facts in one kind of source only": {
            k: c.as_dict() for k, c in sorted(everything.only_in.items())
        },
        "by folder": {slug: score.total.as_dict() for slug, score in scores.items()},
        "by language": {
            lang: _where(folders, scores, lambda g, lang=lang: g.lang == lang).total.as_dict()
            for lang in langs
        },
        "by split": {
            split: _where(folders, scores, lambda g, split=split: g.split == split).total.as_dict()
            for split in splits
        },
        "by group": {
            group: _where(folders, scores, lambda g, group=group: g.group == group).total.as_dict()
            for group in groups
        },
        "conflicts": dict(everything.conflicts),
        "products": {
            "wanted": everything.wanted_products,
            "found": everything.found_products,
            "surplus": everything.surplus_products,
        },
    }


def _where(
    folders: Sequence[Material], scores: dict[str, Score], wanted: Callable[[GoldFolder], bool]
) -> Score:
    return _sum(scores[m.gold.id] for m in folders if wanted(m.gold))


def _sum(scores: Iterable[Score]) -> Score:
    total = Score()
    for score in scores:
        total.add(score)
    return total
