"""The on-air monitor: what the host says, held against rules, record, earlier speech and promises.

Every sentence is read as soon as it was transcribed. What it gives are rows of the log with keys
made of the sentence, so that a session that goes on after a kill, or a second run, doubles none.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import takewhile

from domain.compliance import Override
from domain.errors import NotFound
from domain.evidence import Evidence
from domain.language import detect_language
from domain.product import ProductDocument
from domain.scope import Scope
from domain.stream import LogEntry, RowKind, Stream, Utterance
from domain.watching import OnAirWarning, PromiseChange
from live.merging import KeyedRow
from stores.streams import StreamStore
from tools.catalog import Catalog
from tools.contradictions import Contradiction, SpeechCheck
from tools.on_air import OnAir, OnAirProduct
from tools.promises import Ledger
from tools.speech_claims import SpeechClaim, SpeechClaims
from tools.warning_phrases import clock, phrase

_PAGE = 1000
_AGAIN_MS = 300_000
"""How long after a warning the same claim is not warned of again."""
_REMIND_MS = 60_000
_LONG_MS = 120_000
"""A promise for sooner than this is not reminded of."""
_UNCHECKED = 600
"""Rows that one commit may hold: so many may have been stored and not followed before a kill."""


class SpeechMonitor:
    """Stores warnings and the promise ledger of a stream as its log grows.

    What an earlier process left is taken up: promises and statements are read again from the first
    sentence on, which gives what it gave; claims are looked for in the newest rows alone.
    """

    def __init__(
        self,
        store: StreamStore,
        scope: Scope,
        stream: Stream,
        line_up: Sequence[ProductDocument],
        claims: SpeechClaims,
        *,
        overrides: Callable[[str | None], Sequence[Override]] = lambda _: (),
    ) -> None:
        self._store = store
        self._scope = scope
        self._id = stream.stream_id
        self._documents = {document.product_id: document for document in line_up}
        self._claims = claims
        self._overrides = overrides
        self._on_air = OnAir([OnAirProduct.from_document(document) for document in line_up])
        records = {document.product_id: document.record for document in line_up}
        self._check = SpeechCheck(records)
        self._ledger = Ledger()
        self._product_id: str | None = None
        self._warned: dict[tuple[str, str], int] = {}
        self._said_at: dict[int, int] = {}
        self._reminded: set[str] = set()
        self._take_up(stream)

    def follow(self, entries: Sequence[LogEntry], now_ms: int) -> None:
        """Read what was said; warnings of a sentence are stored before the next one is read."""
        for entry in entries:
            self._keep(self._read(entry, checks_claims=True))
        self._keep(self._pass_time(now_ms))

    def finish(self, now_ms: int, *, waits: bool) -> None:
        """The stream is over: what was to be done in it is kept or broken."""
        del waits
        broken = self._ledger.close(now_ms)
        self._keep([(f"promise:end:{change.promise_id}", change) for change in broken])

    def stop(self) -> None:
        """The session is left; nothing is at work beside it."""

    def _take_up(self, stream: Stream) -> None:
        first = max(0, stream.last_seq - _UNCHECKED)
        told = self._entries("warning")
        for entry in takewhile(lambda entry: entry.seq <= first, told):
            row = entry.row
            if isinstance(row, OnAirWarning) and row.rule is not None:
                self._warned[row.rule, _folded(row.quote)] = row.start_ms
        for entry in self._entries("utterance", "screen_line"):
            self._keep(self._read(entry, checks_claims=entry.seq > first))
        if stream.position_ms:
            self._keep(self._pass_time(stream.position_ms))

    def _entries(self, *kinds: RowKind) -> Iterator[LogEntry]:
        seq = 0
        while page := self._store.entries(
            self._scope, self._id, kinds=kinds, after_seq=seq, limit=_PAGE
        ):
            seq = page[-1].seq
            yield from page

    def _keep(self, rows: Sequence[KeyedRow]) -> None:
        if rows:
            self._store.append(self._scope, self._id, rows)

    def _read(self, entry: LogEntry, *, checks_claims: bool) -> list[KeyedRow]:
        row = entry.row
        self._on_air.feed([entry])
        if not isinstance(row, Utterance) or row.speaker != "host":
            return []
        at_ms, text = row.valid_from_ms, row.text
        product_id = row.product_id or self._on_air.product_at(row.start_ms, as_of_ms=at_ms)
        document = self._documents.get(product_id or "")
        record = document.record if document else None
        rows = self._pass_time(at_ms)
        self._said_at[entry.seq] = at_ms
        # one sentence alone may be taken for other goods: the record is asked from the second on
        is_settled = row.product_id is not None or product_id == self._product_id
        self._product_id = product_id
        heard = self._check.hear(entry.seq, text, product_id if is_settled else None)
        otherwise = heard.contradictions
        changes = [
            change
            for one in otherwise
            if one.earlier is not None
            for change in self._ledger.contradict(one.earlier, entry.seq, at_ms, text)
        ]
        currency = record.currency if record else None
        changes += self._ledger.hear(entry.seq, text, at_ms, product_id, currency=currency)
        rows += [(f"promise:{entry.seq}:{n}", change) for n, change in enumerate(changes)]
        warnings = [self._contradicted(one, entry.seq, at_ms) for one in otherwise]
        if checks_claims:
            claims = self._claims.find(
                text,
                record,
                overrides=self._overrides(product_id),
                line_up=[document.record for document in self._documents.values()],
                is_read=bool(changes or heard.states),
            )
            warnings += [self._prohibited(one, entry.seq, at_ms, product_id) for one in claims]
        fresh = [one for one in warnings if self._is_fresh(one)]
        rows += [(f"warning:{entry.seq}:{_key(one)}", one) for one in fresh]
        for change in self._ledger.owed(text):
            owed = self._reminder("owed", change, at_ms)
            rows.append((f"warning:owed:{change.promise_id}", owed))
        return rows

    def _pass_time(self, now_ms: int) -> list[KeyedRow]:
        """What falls due by `now_ms`, or soon after it."""
        rows: list[KeyedRow] = []
        for change in self._ledger.due_by(now_ms + _REMIND_MS):
            due_ms = change.due_ms or 0
            if change.promise_id in self._reminded or due_ms - change.start_ms < _LONG_MS:
                continue
            self._reminded.add(change.promise_id)
            reminder = self._reminder("due", change, due_ms - _REMIND_MS)
            rows.append((f"warning:due:{change.promise_id}", reminder))
        for change in self._ledger.advance(now_ms):
            rows.append((f"promise:due:{change.promise_id}", change))
            if change.state == "broken":
                broken = self._reminder("broken", change, change.start_ms)
                rows.append((f"warning:broken:{change.promise_id}", broken))
        return rows

    def _is_fresh(self, warning: OnAirWarning) -> bool:
        """Whether the same was not warned of within the last minutes."""
        key = warning.rule or warning.field or "", _folded(warning.quote)
        last = self._warned.get(key)
        if last is not None and warning.start_ms - last < _AGAIN_MS:
            return False
        self._warned[key] = warning.start_ms
        return True

    def _prohibited(
        self, claim: SpeechClaim, seq: int, at_ms: int, product_id: str | None
    ) -> OnAirWarning:
        language = detect_language(claim.quote)
        suggestion = claim.suggestion
        if claim.said_instead:
            said = claim.said_instead
            suggestion = phrase("instead", language, suggestion=suggestion, said=said)
        return OnAirWarning(
            start_ms=at_ms,
            warning="prohibited",
            text=phrase("prohibited", language, quote=claim.quote, reason=claim.reason),
            quote=claim.quote,
            said_in=seq,
            product_id=product_id,
            suggestion=suggestion,
            rule=claim.rule,
        )

    def _contradicted(self, one: Contradiction, seq: int, at_ms: int) -> OnAirWarning:
        language = detect_language(one.quote)
        if one.earlier is None:
            source = self._source(one, language)
            text = phrase("record", language, said=one.said, known=one.known, source=source)
            suggestion = phrase("say_record", language, known=one.known)
        else:
            at = clock(self._said_at.get(one.earlier, 0))
            text = phrase("earlier", language, said=one.said, clock=at, known=one.known)
            suggestion = phrase("say_earlier", language)
        return OnAirWarning(
            start_ms=at_ms,
            warning="contradiction",
            text=text,
            quote=one.quote,
            said_in=seq,
            product_id=one.product_id,
            suggestion=suggestion,
            field=one.field,
            earlier=one.earlier,
        )

    def _source(self, one: Contradiction, language: str) -> str:
        """The file that the record has the value from."""
        evidence = _evidence_of(self._documents[one.product_id].evidence, one.field)
        return phrase("source", language, file=evidence) if evidence else ""

    def _reminder(self, name: str, change: PromiseChange, at_ms: int) -> OnAirWarning:
        language = detect_language(change.quote)
        said_at = clock(self._said_at.get(change.said_in, change.start_ms))
        return OnAirWarning(
            start_ms=at_ms,
            warning="promise",
            text=phrase(name, language, clock=said_at, quote=change.quote),
            quote=change.quote,
            said_in=change.said_in,
            product_id=change.product_id,
            suggestion=phrase("say_broken" if name == "broken" else "say_due", language),
        )


def published_versions(
    catalog: Catalog, scope: Scope, line_up: Sequence[ProductDocument]
) -> list[ProductDocument]:
    """What viewers are answered from: the published version of each, the newest where none is."""
    found: list[ProductDocument] = []
    for document in line_up:
        try:
            found.append(catalog.get(scope, document.product_id, "published"))
        except NotFound:
            found.append(document)
    return found


def _evidence_of(evidence: Mapping[str, Sequence[Evidence]], field: str) -> str | None:
    """The first file that backs a field, or one of its items."""
    for path, places in evidence.items():
        if path == field or path.startswith((f"{field}[", f"{field}.")):
            return next((place.file for place in places), None)
    return None


def _key(warning: OnAirWarning) -> str:
    """What a warning is about, within its sentence."""
    return f"{warning.warning}:{warning.rule or warning.field}"


def _folded(text: str) -> str:
    return "".join(text.casefold().split())
