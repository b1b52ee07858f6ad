"""Events, product on air, live facts and memory, on long broadcasts with known truth.

Without `--split` the `test` half is measured. Each figure stands beside that of a simple way to do
the same: a border every 60 seconds, the last product named, BM25 over single sentences.
"""

import math
import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from domain.scope import Scope
from domain.stream import Event, LogEntry, StreamSpec
from evals.broadcasts import Asked, Broadcast, Language, make_broadcast
from evals.options import Options
from evals.report import EvalReport, Miss, share
from evals.segmentation import border_matches, f1, window_errors
from models.embeddings import EmbeddedE5
from stores.sql import open_database
from stores.streams import StreamStore
from tools.events.building import EventBuilder
from tools.live_facts import find_live_facts
from tools.memory import StreamMemory
from tools.on_air import OnAir
from tools.product_names import name_words
from tools.questions.reading import content_words
from tools.questions.similarity import PassageVectors

_SEEDS = 4
_LANGUAGES: tuple[Language, ...] = ("en", "zh")
_TOLERANCE_MS = 5000
_STEP_MS = 1000
_FIXED_MS = 60_000
_SETTLED_MS = 8000


def measure(options: Options) -> list[EvalReport]:
    """Borders, product on air, memory and live facts."""
    split = options.split or "test"
    embedder = EmbeddedE5(threads=options.settings.threads.embedding)
    vectors = PassageVectors()
    shows = [make_broadcast(split, lang, seed) for lang in _LANGUAGES for seed in range(_SEEDS)]
    followed: list[tuple[Broadcast, OnAir, list[Event]]] = []
    for show in shows:
        on_air = OnAir(show.line_up)
        on_air.feed(show.entries)
        builder = EventBuilder(lambda texts: vectors.embed(embedder, texts), on_air=on_air)
        builder.feed(show.entries)
        followed.append((show, on_air, builder.finish(show.end_ms + _FIXED_MS)))
    data = f"committed, en + zh, {split}"
    with tempfile.TemporaryDirectory(prefix="livecue-events-") as folder:
        database = open_database(Path(folder) / "livecue.db")
        store = StreamStore(database)
        memory = StreamMemory(store, Path(folder) / "memory", embedder, vectors)
        remembered = _memory(followed, store, memory, data)
        memory.close()
        database.close()
    return [_borders(followed, data), _on_air(followed, data), remembered, _facts(shows, data)]


def _borders(followed: Sequence[tuple[Broadcast, OnAir, list[Event]]], data: str) -> EvalReport:
    measures: dict[str, float | int] = {}
    errors: list[tuple[float, float]] = []
    fixed_errors: list[tuple[float, float]] = []
    counts: dict[str, Counter[str]] = {}
    latest = 0
    for show, _, versions in followed:
        events = list({event.event_id: event for event in versions}.values())
        found = [event.start_ms for event in events[1:]]
        fixed = list(range(_FIXED_MS, show.end_ms, _FIXED_MS))
        count = counts.setdefault(show.language, Counter())
        count.update(
            true=len(show.borders),
            found=len(found),
            hits=border_matches(found, show.borders, _TOLERANCE_MS),
            fixed=len(fixed),
            fixed_hits=border_matches(fixed, show.borders, _TOLERANCE_MS),
        )
        starts = [entry.row.start_ms for entry in show.entries]
        units = [_units(borders, starts) for borders in (found, fixed, show.borders)]
        errors.append(window_errors(units[0], units[2], len(starts)))
        fixed_errors.append(window_errors(units[1], units[2], len(starts)))
        for before, event in zip(events[1:], events, strict=False):
            latest = max(latest, event.available_at_ms - before.start_ms)
    for language, count in counts.items():
        measures[f"F1 {language}"] = round(f1(count["hits"], count["found"], count["true"]), 3)
    total = sum(counts.values(), Counter[str]())
    measures["F1 every 60 s"] = round(f1(total["fixed_hits"], total["fixed"], total["true"]), 3)
    for place, name in enumerate(("Pk", "WindowDiff")):
        measures[name] = round(sum(pair[place] for pair in errors) / len(errors), 3)
        measures[f"{name} every 60 s"] = round(sum(p[place] for p in fixed_errors) / len(errors), 3)
    return EvalReport("event borders", data, total["true"], measures, {"latest_ms": latest})


def _units(borders: Sequence[int], starts: Sequence[int]) -> list[int]:
    """Borders in time as numbers of sentences."""
    return [next((i for i, at in enumerate(starts) if at >= b), len(starts)) for b in borders]


def _on_air(followed: Sequence[tuple[Broadcast, OnAir, list[Event]]], data: str) -> EvalReport:
    counts: Counter[str] = Counter()
    for show, on_air, _ in followed:
        named = _last_named(show)
        for at in range(show.spans[0].start_ms, show.spans[-1].end_ms, _STEP_MS):
            true = next(s.product_id for s in show.spans if s.start_ms <= at < s.end_ms)
            counts["all"] += 1
            counts["now"] += on_air.product_at(at, as_of_ms=at) == true
            counts["soon"] += on_air.product_at(at, as_of_ms=at + _SETTLED_MS) == true
            counts["named"] += _before(named, at) == true
    measures = {
        "right at once": share(counts["now"], counts["all"]),
        "right 8 s later": share(counts["soon"], counts["all"]),
        "last one named": share(counts["named"], counts["all"]),
    }
    return EvalReport("product on air, by the second", data, counts["all"], dict(measures))


def _last_named(show: Broadcast) -> list[tuple[int, str]]:
    """When a product's name was said, by its words alone."""
    found: list[tuple[int, str]] = []
    for entry in show.entries:
        words = name_words(entry.row.text)
        found += [
            (entry.row.end_ms, product.product_id)
            for product in show.line_up
            if any(name_words(name) <= words for name in product.names)
        ]
    return found


def _before(named: Sequence[tuple[int, str]], at: int) -> str | None:
    return next((product for said, product in reversed(named) if said <= at), None)


def _memory(
    followed: Sequence[tuple[Broadcast, OnAir, list[Event]]],
    store: StreamStore,
    memory: StreamMemory,
    data: str,
) -> EvalReport:
    """Each question is asked at a random moment after an answer was given."""
    scope = Scope()
    counts: Counter[str] = Counter()
    misses: list[Miss] = []
    for show, on_air, events in followed:
        store.create(scope, show.name, StreamSpec())
        store.append(scope, show.name, [(str(entry.seq), entry.row) for entry in show.entries])
        store.save_events(scope, show.name, events)
        memory.add(scope, show.name, show.entries, events, product_at=on_air.product_at)
        dice = random.Random(show.name)  # noqa: S311 (not a secret)
        for asked in show.asked:
            first = min(show.entries[seq - 1].row.end_ms for seq in asked.gold)
            at = dice.randint(first, show.end_ms)
            hits = memory.search(scope, show.name, asked.question, as_of_ms=at, limit=10)
            seqs = [hit.seq for hit in hits]
            counts["asked"] += 1
            counts[show.language] += 1
            for depth in (1, 5, 10):
                counts[f"{depth} {show.language}"] += bool(asked.gold & set(seqs[:depth]))
            plain = _bm25(show.entries, asked, at)
            counts["bm25 5"] += bool(asked.gold & set(plain[:5]))
            counts["bm25 10"] += bool(asked.gold & set(plain[:10]))
            known = {(e.event_id, e.caption, e.end_ms) for e in events if e.available_at_ms <= at}
            counts["early"] += sum(
                (hit.event_id, hit.quote, hit.end_ms) not in known
                if hit.event_id
                else hit.end_ms > at
                for hit in hits
            )
            if not asked.gold & set(seqs):
                wanted = show.entries[min(asked.gold) - 1].row.text
                misses.append(Miss(f"{show.name}", f"{asked.question}: {wanted}", hits[0].quote))
    measures: dict[str, float | int] = {}
    for depth in (1, 5, 10):
        for language in _LANGUAGES:
            found = counts[f"{depth} {language}"]
            measures[f"recall@{depth} {language}"] = share(found, counts[language])
    measures["recall@5 BM25"] = share(counts["bm25 5"], counts["asked"])
    measures["recall@10 BM25"] = share(counts["bm25 10"], counts["asked"])
    measures["from the future"] = counts["early"]
    return EvalReport(
        "memory of a broadcast", data, counts["asked"], measures, misses=tuple(misses)
    )


def _bm25(entries: Sequence[LogEntry], asked: Asked, at: int) -> list[int]:
    """Numbers of the sentences said by `at`, by BM25 with k1 1.2 and b 0.75."""
    said = [(e.seq, content_words(e.row.text)) for e in entries if e.row.end_ms <= at]
    common = Counter(word for _, words in said for word in words)
    mean = sum(len(words) for _, words in said) / len(said)
    wanted = content_words(asked.question)

    def score(words: frozenset[str]) -> float:
        worth = 2.2 / (1 + 1.2 * (0.25 + 0.75 * len(words) / mean))
        return sum(
            worth * math.log1p((len(said) - common[word] + 0.5) / (common[word] + 0.5))
            for word in wanted & words
        )

    ranked = sorted(((score(words), seq) for seq, words in said), reverse=True)
    return [seq for value, seq in ranked if value > 0][:10]


def _facts(shows: Sequence[Broadcast], data: str) -> EvalReport:
    """Distinct sentences; a price has to have its value."""
    right = wrong = missed = 0
    misses: list[Miss] = []
    seen: set[str] = set()
    for show in shows:
        for entry in show.entries:
            text = entry.row.text
            if text in seen:
                continue
            seen.add(text)
            kind, _, value = show.facts.get(entry.seq, "").partition(" ")
            true = {(kind, value if kind == "price" else "")} if kind else set[tuple[str, str]]()
            found = {
                (fact.fact, fact.value if fact.fact == "price" else "")
                for fact in find_live_facts(entry, None)
            }
            right += len(found & true)
            wrong += len(found - true)
            missed += len(true - found)
            if found != true:
                misses.append(Miss(show.name, f"{text}: {sorted(true)}", str(sorted(found))))
    measures = {"precision": share(right, right + wrong), "recall": share(right, right + missed)}
    return EvalReport("live facts", data, len(seen), dict(measures), misses=tuple(misses))
