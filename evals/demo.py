"""The demo broadcast, watched as it would be live: what a session found of its known truth.

The film is composed where it is not there yet, then watched as fast as the machine can, with the
models that the settings name. With `--home` the film and the session are kept, so that a run that
was ended goes on.
"""

import tempfile
from collections import Counter
from pathlib import Path

from domain.errors import NotFound
from domain.product import ProductRecord, Variants
from domain.progress import discard, never
from domain.scope import Scope
from domain.settings import Settings
from domain.stream import LogEntry, Stream, StreamSpec
from evals.demo_scoring import (
    DATA,
    Found,
    score_borders,
    score_comments,
    score_facts,
    score_on_air,
    score_speech,
)
from evals.gold import GoldProduct, read_example_gold
from evals.options import Options
from evals.report import EvalReport, Miss, share
from live.demo import Programme, compose_demo, read_script
from live.demo.composing import EXAMPLE
from live.senses import SensesOpener
from live.session import Session
from models.asr import load_transcriber
from models.embeddings import load_embedder
from models.lazy import Lazy
from models.ocr import load_ocr
from models.store import ModelStore
from models.text_classifier import load_classifier
from stores.blobs import BlobStore
from stores.catalog import CatalogStore
from stores.index_state import IndexStateStore
from stores.sql import Database, open_database
from stores.streams import StreamStore
from stores.vectors.opening import open_vectors
from tools.catalog import Catalog
from tools.memory import StreamMemory
from tools.on_air import OnAirProduct
from tools.questions.detection import QuestionDetector

_STREAM = "demo"
_SCOPE = Scope()
_DEPTHS = (1, 5, 10)
_PAGE = 1000
_EVENT_MS = 60_000
"""A longer event than this does not count as an answer: it holds too much else."""


def measure(options: Options) -> list[EvalReport]:
    """Speech, borders, product on air, comments, questions, live facts, promises, memory."""
    with tempfile.TemporaryDirectory(prefix="livecue-demo-") as folder:
        home = options.home or Path(folder)
        home.mkdir(parents=True, exist_ok=True)
        film = compose_demo(EXAMPLE, home / "demo.mp4", discard, never)
        return _watch_and_score(options.settings, home, film)


def _watch_and_score(settings: Settings, home: Path, film: Path) -> list[EvalReport]:
    programme = Programme(read_script(EXAMPLE))
    database = open_database(home / "livecue.db")
    store = StreamStore(database)
    embedder = load_embedder(settings)
    memory = StreamMemory(store, home / "memory", embedder)
    try:
        catalog = _catalog(settings, home, database, programme)
        stream = _watch(settings, home, film, programme, store, memory, catalog)
        found = Found(
            _entries(store),
            store.events(_SCOPE, _STREAM, level="event", limit=_PAGE),
            stream.position_ms,
        )
        line_up = [
            OnAirProduct.from_document(catalog.get(_SCOPE, product.product_id))
            for product in programme.script.look.products
        ]
        return [
            score_speech(programme, found),
            score_borders(programme, found),
            score_on_air(programme, found, line_up),
            *score_comments(programme, found),
            *score_facts(programme, found),
            _score_memory(programme, memory, stream),
        ]
    finally:
        memory.close()
        database.close()


def _watch(
    settings: Settings,
    home: Path,
    film: Path,
    programme: Programme,
    store: StreamStore,
    memory: StreamMemory,
    catalog: Catalog,
) -> Stream:
    """Watch the film to its end, from where an earlier run has left it."""
    try:
        stream = store.get(_SCOPE, _STREAM)
    except NotFound:
        products = tuple(product.product_id for product in programme.script.look.products)
        spec = StreamSpec(source=str(film), products=products, speed="max")
        stream = store.create(_SCOPE, _STREAM, spec)
    if stream.status.is_over:
        return stream
    models = ModelStore(settings.models_path, settings.model_sources)
    embedder = Lazy(lambda: load_embedder(settings))
    transcriber = Lazy(lambda: load_transcriber(settings, models))
    ocr = Lazy(lambda: load_ocr(settings))
    questions = Lazy(lambda: load_classifier("questions", embedder.get()))
    opener = SensesOpener(
        settings,
        store,
        lambda: memory,
        catalog,
        BlobStore(home / "blobs"),
        transcriber=transcriber.get,
        ocr=ocr.get,
        questions=QuestionDetector(questions.get),
    )
    Session(store, _SCOPE, stream, opener(_SCOPE, stream)).run()
    return store.get(_SCOPE, _STREAM)


def _entries(store: StreamStore) -> list[LogEntry]:
    found: list[LogEntry] = []
    while page := store.entries(
        _SCOPE, _STREAM, after_seq=found[-1].seq if found else 0, limit=_PAGE
    ):
        found += page
    return found


def _catalog(settings: Settings, home: Path, database: Database, programme: Programme) -> Catalog:
    """The products on sale as their gold has them: what is measured is watching, not intake."""
    embedder = Lazy(lambda: load_embedder(settings))
    store = CatalogStore(database)
    catalog = Catalog(
        store,
        lambda: open_vectors(settings, home / "vectors", embedder.get()),
        embedder.get,
        IndexStateStore(database),
    )
    wanted = [product.product_id for product in programme.script.look.products]
    for material in read_example_gold(wanted):
        try:
            catalog.get(_SCOPE, material.gold.id)
        except NotFound:
            record = record_of(material.gold.products[0])
            store.save_version(_SCOPE, material.gold.id, record)
    return catalog


def record_of(product: GoldProduct) -> ProductRecord:
    """The gold facts as a record."""
    plain: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    specs: dict[str, str] = {}
    variants = Variants()
    for fact in product.facts:
        if fact.field == "stock":
            variants.stock[" ".join(fact.key or ())] = int(fact.value)
        elif fact.field == "sizes":
            variants.sizes.append(fact.value)
        elif fact.field == "colours":
            variants.colours.append(fact.value)
        elif fact.field == "specs":
            specs.setdefault(str(fact.key), fact.value)
        elif isinstance(ProductRecord.model_fields[fact.field].default, list):
            lists.setdefault(fact.field, []).append(fact.value)
        else:
            plain[fact.field] = "; ".join(filter(None, [plain.get(fact.field), fact.value]))
    return ProductRecord.model_validate({**plain, **lists, "specs": specs, "variants": variants})


def _score_memory(programme: Programme, memory: StreamMemory, stream: Stream) -> EvalReport:
    """What answers a question, among the first hits, as of the moment at which it is asked."""
    counts: Counter[str] = Counter()
    misses: list[Miss] = []
    said_in = {(line.start_ms, line.end_ms): line.language for line in programme.said}
    for timed in programme.queries:
        if timed.asked_ms > stream.position_ms:
            continue
        query = timed.query
        hits = memory.search(
            _SCOPE, stream.stream_id, query.ask, as_of_ms=timed.asked_ms, limit=_DEPTHS[-1]
        )
        counts["early"] += sum(hit.start_ms > timed.asked_ms for hit in hits)
        if not timed.answers:
            counts["too early to ask"] += 1
            continue
        crosses = all(said_in[span] != query.language for span in timed.answers)
        right = [
            any(hit.start_ms < b and hit.end_ms > a for a, b in timed.answers)
            and hit.end_ms - hit.start_ms <= _EVENT_MS
            for hit in hits
        ]
        for group in ("", " across languages") if crosses else ("",):
            counts[f"asked{group}"] += 1
            for depth in _DEPTHS:
                counts[f"{depth}{group}"] += any(right[:depth])
        if not any(right):
            misses.append(Miss(query.id, query.ask, " | ".join(hit.quote for hit in hits[:2])))
    measures: dict[str, float | int] = {}
    for group in ("", " across languages"):
        for depth in _DEPTHS:
            measures[f"recall@{depth}{group}"] = share(
                counts[f"{depth}{group}"], counts[f"asked{group}"]
            )
    measures["from the future"] = counts["early"]
    return EvalReport(
        "demo: memory",
        DATA,
        counts["asked"],
        measures,
        details={"asked before the answer": counts["too early to ask"]},
        misses=tuple(misses),
    )
