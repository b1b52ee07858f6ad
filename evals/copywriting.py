"""Copy: does a script say what sells, only what the record holds, and in its time?

What a script says is looked for in its words, not in the facts that it names. A number in a line
is unsupported when none of the facts that the line points to has it. Other claims than numbers are
not counted here: they are read by people. Rewrites are those of the rules.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from domain.copywriting import Copy
from domain.language import detect_language
from domain.numerals import find_numbers
from domain.product import ProductDocument, ProductRecord, ProductStatus
from evals.matching import tokens
from evals.options import Options
from evals.phrases import holds
from evals.report import EvalReport, Miss, share
from evals.rows import CopyRow, RewriteRow, read_rows
from evals.server import add_record, check, running_server, write_copy
from tools.speaking import speaking_seconds

SECONDS = 60
LANGUAGES = ("en", "zh")
SAID = 0.5
"""Share of a fact's words that a line must hold to say it."""

ON_TIME = 0.15

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def measure(options: Options) -> list[EvalReport]:
    """A minute's script for each record in both languages; and the rewrites."""
    rows = read_rows("copy/products", CopyRow)
    products = [row for row in rows if row.id in (options.only or (row.id,))]
    texts = read_rows("copy/rewrites", RewriteRow)
    with running_server(options.home) as client:
        rewrites = _rewrites(texts, [check(client, _request(row)) for row in texts])
        written: list[tuple[CopyRow, Copy]] = []
        for row in products:
            add_record(client, _document(row))
            for lang in LANGUAGES:
                brief = {"kind": "script", "lang": lang, "seconds": SECONDS}
                written.append((row, write_copy(client, row.id, brief)))
    return [_scripts(written, of=len(rows)), rewrites]


def _scripts(written: Sequence[tuple[CopyRow, Copy]], *, of: int) -> EvalReport:
    products = {row.id for row, _ in written}
    counts: Counter[str] = Counter()
    said: Counter[str] = Counter()
    misses: list[Miss] = []
    for row, copy in written:
        facts, own = _wordings(row, copy.lang), _wordings(row, row.lang)
        wanted = [path for path in row.top if path not in row.unlawful]
        lines = [claim.text for claim in copy.claims]
        missing = [
            path
            for path in wanted
            if not is_said(facts[path], lines) and not is_said(own[path], lines)
        ]
        pointed = {path for claim in copy.claims for path in claim.facts}
        way = "own language" if copy.lang == row.lang else "other language"
        said[f"{way}, wanted"] += len(wanted)
        said[f"{way}, said"] += len(wanted) - len(missing)
        said[f"{way}, pointed to"] += sum(path in pointed for path in wanted)
        points = [path for path in wanted if path.startswith("selling_points")]
        said[f"{way}, points"] += len(points)
        said[f"{way}, points made"] += sum(path in pointed for path in points)
        named = [facts[path] for path in ("name", "brand") if path in facts]
        unsupported = [
            number
            for claim in copy.claims
            for number in find_unsupported_numbers(
                claim.text,
                [
                    *named,
                    *(
                        words
                        for path in claim.facts
                        for told in (facts, own)
                        for words in _words_of(path, told)
                    ),
                ],
            )
        ]
        claimed = "".join(claim.text for claim in copy.claims)
        unsupported += find_unsupported_numbers(copy.text, [claimed])
        broken = [path for path in row.unlawful if is_said(facts[path], lines)]
        long = abs(speaking_seconds(copy.text, copy.lang) / SECONDS - 1)
        counts["numbers without a fact"] += len(unsupported)
        counts["unlawful facts said"] += len(broken)
        counts["violations"] += sum(f.severity == "violation" for f in copy.compliance.findings)
        counts["right language"] += detect_language(copy.text) == copy.lang
        counts["on time"] += long <= ON_TIME
        counts["facts left in the other language"] += len(re.findall(r"[(（]", copy.text))
        if missing or unsupported or broken:
            got = f"not said: {missing}; numbers: {unsupported}; unlawful: {broken}"
            misses.append(Miss(f"{row.id} {copy.lang}", ", ".join(wanted), got))
    kinds = {
        f"{what}, {way}": share(said[f"{way}, {part}"], said[f"{way}, {whole}"])
        for what, part, whole in (
            ("top selling points made", "points made", "points"),
            ("all top facts told", "pointed to", "wanted"),
            ("in the rows' words", "said", "wanted"),
        )
        for way in ("own language", "other language")
    }
    return EvalReport(
        job="copy, scripts of 60 s",
        data=f"committed, {len(products)} of {of} records, each in en + zh",
        rows=len(written),
        measures={
            **kinds,
            "numbers without a fact": counts["numbers without a fact"],
            "unlawful facts said": counts["unlawful facts said"],
            "violations": counts["violations"],
            "right language": share(counts["right language"], len(written)),
            "within 15 % of the time": share(counts["on time"], len(written)),
        },
        details={
            "statuses": dict(Counter(copy.status for _, copy in written)),
            "brackets": counts["facts left in the other language"],
            "texts": {f"{row.id} {copy.lang}": copy.text for row, copy in written},
        },
        misses=tuple(misses),
    )


def _document(row: CopyRow) -> ProductDocument:
    return ProductDocument(
        product_id=row.id,
        version=1,
        status=ProductStatus.PUBLISHED,
        record=ProductRecord.model_validate(row.record),
    )


def _wordings(row: CopyRow, lang: str) -> dict[str, str]:
    """Each fact by its path, in `lang` where a translation is known."""
    facts = {fact.field: fact.value for fact in _document(row).facts()}
    return facts if lang == row.lang else facts | row.other


def _words_of(path: str, facts: Mapping[str, str]) -> list[str]:
    """A fact's wording, and its own name where the record names it (`specs.Weight (2 pcs)`)."""
    named = path.removeprefix("specs.").removeprefix("variants.stock.")
    return [facts[path], *([named] if named != path else [])] if path in facts else []


def is_said(fact: str, lines: Iterable[str]) -> bool:
    """True when one of the lines has all numbers and enough of the words of `fact`."""
    words, numbers = tokens(_NUMBER.sub(" ", fact)), _numbers(fact)
    return any(
        numbers <= _numbers(line) and len(words & tokens(line)) >= SAID * len(words)
        for line in lines
    )


def find_unsupported_numbers(text: str, facts: Iterable[str]) -> list[str]:
    """The numbers in digits of `text` that none of the facts has, in digits or in words."""
    told = list(facts)
    known = {number for fact in told for number in _numbers(fact)}
    known |= {f"{float(number.value):g}" for fact in told for number in find_numbers(fact)}
    return sorted(_numbers(text) - known)


def _numbers(text: str) -> set[str]:
    found = (match.replace(",", "") for match in _NUMBER.findall(text))
    return {f"{float(n):g}" if n.count(".") < 2 else n for n in found}


def _request(row: RewriteRow) -> Mapping[str, Any]:
    wanted = [row.jurisdiction] if row.jurisdiction else None
    return {"text": row.text, "jurisdictions": wanted, "category": row.category}


def _rewrites(rows: Sequence[RewriteRow], reports: Sequence[Mapping[str, Any]]) -> EvalReport:
    clean = kept = found = 0
    facts = sum(len(row.keep) for row in rows)
    misses: list[Miss] = []
    for row, report in zip(rows, reports, strict=True):
        rewrite = str(report["rewrite"])
        left = [word for word in row.must_go if word.casefold() in rewrite.casefold()]
        lost = [fact for fact in row.keep if not holds(rewrite, fact)]
        found += bool(report["violating"])
        clean += not left
        kept += len(row.keep) - len(lost)
        if left or lost:
            misses.append(Miss(row.id, f"without {left}, with {lost}", rewrite))
    return EvalReport(
        job="copy, rewrites",
        data="committed, en + zh, written blind",
        rows=len(rows),
        measures={
            "found violating": share(found, len(rows)),
            "free of the claim": share(clean, len(rows)),
            "lawful facts kept": share(kept, facts),
        },
        misses=tuple(misses),
    )
