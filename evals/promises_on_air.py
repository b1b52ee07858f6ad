"""The on-air monitor on the demo's script: promises, claims, and how long a sentence takes.

The script is fed as a transcript without products, sentence by sentence, as it would be heard live:
which product is on air is told from the speech, as in a session.
"""

import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

from domain.product import ProductDocument, ProductStatus
from domain.scope import Scope
from domain.settings import Settings
from domain.stream import StreamSpec, Utterance
from domain.watching import OnAirWarning, PromiseChange
from evals.demo import record_of
from evals.demo_scoring import DATA
from evals.gold import read_example_gold
from evals.report import EvalReport, Miss, share
from live.demo import Programme, read_script
from live.demo.composing import EXAMPLE
from live.demo.programme import SaidLine
from live.monitoring import SpeechMonitor
from models.embeddings import load_embedder
from models.lazy import Lazy
from models.text_classifier import load_classifier
from stores.sql import open_database
from stores.streams import StreamStore
from tools.compliance import RulePackLibrary
from tools.promises import current_promises
from tools.speech_claims import SpeechClaims

_STREAM, _SCOPE = "demo", Scope()
_NOT_KEPT = ("broken", "withdrawn")


def measure(settings: Settings) -> list[EvalReport]:
    """What the monitor stores of the demo's script, against its truth."""
    programme = Programme(read_script(EXAMPLE))
    with tempfile.TemporaryDirectory(prefix="livecue-monitor-") as folder:
        database = open_database(Path(folder) / "livecue.db")
        try:
            store = StreamStore(database)
            seconds, said = _listen(store, _claims(settings), programme)
            return [
                _score_ledger(store, programme, said),
                _score_warnings(store, programme, said, seconds),
            ]
        finally:
            database.close()


def _claims(settings: Settings) -> SpeechClaims:
    embedder = Lazy(lambda: load_embedder(settings))
    meaning = Lazy(lambda: load_classifier("purification", embedder.get()))
    sorting = Lazy(lambda: load_classifier("record_clauses", embedder.get()))
    return SpeechClaims(RulePackLibrary.shipped, meaning.get, sorting.get)


def _listen(
    store: StreamStore, claims: SpeechClaims, programme: Programme
) -> tuple[list[float], dict[int, SaidLine]]:
    """Seconds a sentence, and the line of each entry."""
    wanted = [product.product_id for product in programme.script.look.products]
    line_up = [
        ProductDocument(
            product_id=material.gold.id,
            version=1,
            status=ProductStatus.PUBLISHED,
            record=record_of(material.gold.products[0]),
        )
        for material in read_example_gold(wanted)
    ]
    claims.warm()
    stream = store.create(_SCOPE, _STREAM, StreamSpec())
    monitor = SpeechMonitor(store, _SCOPE, stream, line_up, claims)
    seconds: list[float] = []
    said: dict[int, SaidLine] = {}
    for number, line in enumerate(programme.said):
        row = Utterance(start_ms=line.start_ms, end_ms=line.end_ms, text=line.line.say)
        entries = store.append(_SCOPE, _STREAM, [(f"said:{number}", row)], position_ms=line.end_ms)
        said[entries[0].seq] = line
        began = perf_counter()
        monitor.follow(entries, line.end_ms)
        seconds.append(perf_counter() - began)
    monitor.finish(programme.end_ms, waits=True)
    return seconds, said


def _score_ledger(
    store: StreamStore, programme: Programme, said: dict[int, SaidLine]
) -> EvalReport:
    """The truth's promises that the ledger has, and whether it knows what became of them."""
    rows = store.entries(_SCOPE, _STREAM, kinds=["promise"], limit=1000)
    changes = [entry.row for entry in rows if isinstance(entry.row, PromiseChange)]
    ended = {change.promise_id: change.state for change in current_promises(changes)}
    made: dict[str, list[str]] = {}
    for change in changes:
        promise = said[change.said_in].line.promise if change.said_in in said else None
        if change.state == "open" and promise is not None:
            made.setdefault(promise, []).append(change.promise_id)
    right = 0
    misses: list[Miss] = []
    for promise in programme.script.look.promises:
        states = [ended[promise_id] for promise_id in made.get(promise.promise, [])]
        wanted = ("kept",) if promise.kept else _NOT_KEPT if promise.broken else ("open",)
        right += any(state in wanted for state in states)
        if not any(state in wanted for state in states):
            misses.append(Miss(promise.promise, "/".join(wanted), "/".join(states) or "not made"))
    total = len(programme.script.look.promises)
    measures = {"found": share(len(made), total), "what became of them right": share(right, total)}
    return EvalReport("demo: promise ledger", DATA, total, dict(measures), misses=tuple(misses))


def _score_warnings(
    store: StreamStore, programme: Programme, said: dict[int, SaidLine], seconds: list[float]
) -> EvalReport:
    rows = store.entries(_SCOPE, _STREAM, kinds=["warning"], limit=1000)
    warnings = [entry.row for entry in rows if isinstance(entry.row, OnAirWarning)]
    claims = [seq for seq, line in said.items() if line.line.claim]
    prohibited = [one for one in warnings if one.warning == "prohibited"]
    found = sum(any(one.said_in == seq for one in prohibited) for seq in claims)
    false = [
        one
        for one in warnings
        if one.warning == "contradiction"
        or (one.warning == "prohibited" and one.said_in not in claims)
    ]
    tens = programme.end_ms / 600_000
    measures: dict[str, float | int] = {
        "claims found": share(found, len(claims)),
        "false warnings in 10 minutes": round(len({one.said_in for one in false}) / tens, 2),
        "ms a sentence, p50": round(float(np.percentile(seconds, 50)) * 1000),
        "ms a sentence, p95": round(float(np.percentile(seconds, 95)) * 1000),
    }
    misses = tuple(
        Miss(str(one.said_in), "nothing", f"{one.rule or one.field}: {one.text}") for one in false
    )
    return EvalReport("demo: on-air warnings", DATA, len(said), measures, misses=misses)
