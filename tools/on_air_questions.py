"""Questions asked in a broadcast: what they are about, and what of record and memory answers them.

Everything is as of a moment of the stream: what was said, changed or put on air later is unknown.
"""

from collections.abc import Callable, Sequence

from domain.answer import Answer, Ask
from domain.errors import InvalidInput, NotFound
from domain.product import ProductDocument
from domain.scope import Scope
from domain.settings import Answering
from domain.stream import LiveFact, Utterance
from domain.watching import AnswerGiven
from models.embeddings import Embedder
from stores.streams import StreamStore
from tools.catalog import Catalog
from tools.line_up import LineUp, without_name
from tools.live_record import LiveRecord, apply_live_facts
from tools.memory.statements import Statement, Statements
from tools.on_air_now import OnAirNow
from tools.questions.decision import SAID, Decision
from tools.questions.odds import AnswersQuestion
from tools.questions.similarity import passage_text
from tools.questions.weighing import weigh
from tools.retrieval import decide

_NEWEST = 120
"""Rows of the log that tell what is on air: some ten minutes of speech."""
_LIVE_FACTS = 500
_CHANGED = 64
"""Records as hosts have changed them that are kept at hand."""
_NEWEST_KINDS = frozenset({"gift", "promotion", "shipping"})


class OnAirQuestions:
    """Finds what answers a question; safe to call from several threads."""

    def __init__(
        self,
        catalog: Catalog,
        streams: StreamStore,
        statements: Callable[[], Statements],
        embedder: Callable[[], Embedder],
        ranker: Callable[[], AnswersQuestion],
        settings: Answering,
        now: OnAirNow | None = None,
    ) -> None:
        self._catalog = catalog
        self._streams = streams
        self._statements = statements
        self._embedder = embedder
        self._ranker = ranker
        self._settings = settings
        self._now = now or OnAirNow()
        self._changed: dict[
            tuple[str, str, str], tuple[ProductDocument, tuple[LiveFact, ...], LiveRecord]
        ] = {}

    def as_of(self, scope: Scope, stream_id: str, at_ms: int | None) -> int:
        """The stream time as of which a question is asked: `at_ms`, by default how far it is.

        Raises:
            NotFound: no such stream.
            InvalidInput: the stream has not come to `at_ms` yet.
        """
        stream = self._streams.get(scope, stream_id)
        if at_ms is None:
            return stream.position_ms
        if at_ms > stream.position_ms and not stream.status.is_over:
            raise InvalidInput(
                f"The stream {stream_id} has come to {stream.position_ms / 1000:.0f} s only.",
                hint="Ask about a moment that is over, or leave the time out to ask about now.",
            )
        return at_ms

    def warm(self, document: ProductDocument) -> None:
        """Load what decides, and embed the record's facts, ahead of the first question."""
        self._ranker().warm([passage_text(fact) for fact in document.facts()])

    def find_product(self, scope: Scope, ask: Ask, as_of_ms: int) -> ProductDocument | None:
        """The product of the line-up that a question names, else the one on air, else None.

        What is on air now is asked of the session that watches; of a moment that is over, or where
        nobody watches, it is told from the log.
        """
        if ask.stream_id is None:
            return None
        line_up = self._line_up(scope, ask.stream_id, unpublished=ask.unpublished)
        named = line_up.find_named(ask.question)
        if named is None and ask.previous:
            named = line_up.find_named(ask.previous[-1])
        if named is not None:
            return named
        followed = self._now.find(scope, ask.stream_id) if ask.at_ms is None else None
        if followed is not None and len(line_up.documents) > 1:
            product_id = followed.product_at(as_of_ms, as_of_ms=as_of_ms)
            return None if product_id is None else line_up.get(product_id)
        entries = self._streams.entries(
            scope,
            ask.stream_id,
            kinds=("utterance", "screen_line"),
            as_of_ms=as_of_ms,
            newest=True,
            limit=_NEWEST,
        )
        return line_up.find_on_air(entries, as_of_ms)

    def as_changed(
        self, scope: Scope, stream_id: str | None, document: ProductDocument, as_of_ms: int
    ) -> LiveRecord:
        """The record with what the host has changed by then."""
        if stream_id is None:
            return LiveRecord(document)
        entries = self._streams.entries(
            scope,
            stream_id,
            kinds=("live_fact",),
            as_of_ms=as_of_ms,
            newest=True,
            limit=_LIVE_FACTS,
        )
        facts = tuple(entry.row for entry in entries if isinstance(entry.row, LiveFact))
        key = (scope.workspace_id, stream_id, document.product_id)
        known = self._changed.get(key)
        if known is not None and known[0] is document and known[1] == facts:
            return known[2]
        live = apply_live_facts(document, facts, stream_id)
        if len(self._changed) >= _CHANGED:
            self._changed.clear()
        self._changed[key] = (document, facts, live)
        return live

    def decide(
        self,
        scope: Scope,
        question: str,
        live: LiveRecord,
        *,
        stream_id: str | None = None,
        as_of_ms: int = 0,
        other_goods: Sequence[str] = (),
    ) -> Decision:
        """Whether the record, as it stands on air, or the host's words answer, and with what."""
        limits = self._settings
        decided = decide(
            question,
            live.document,
            self._embedder(),
            min_similarity=limits.min_similarity,
            min_margin=limits.min_margin,
            other_goods=other_goods,
            ranker=self._ranker(),
            min_odds=limits.min_fact_odds,
        )
        if stream_id is None:
            return decided
        statements = self._statements()
        found = statements.find(
            scope,
            stream_id,
            without_name(question, live.document),
            as_of_ms=as_of_ms,
            product_id=live.document.product_id,
        )
        newest = self._newest(scope, stream_id, decided.kind, live.document.product_id, as_of_ms)
        found = [*newest, *(one for one in found if one not in newest)]
        changed = {f.field: live.changes[f.field] for f in decided.facts if f.field in live.changes}
        spoken = {path: (fact.said_in, fact.start_ms) for path, fact in changed.items()}
        decided = weigh(
            question, decided, found, stream_id, least=limits.min_odds, changed=set(changed)
        )
        at = {one.seq: one.at_ms for one in found}
        for fact in decided.said:
            seq = int(fact.field.removeprefix(SAID))
            spoken[fact.field] = (seq, at[seq])
        moments = {
            fact.field: statements.locate(scope, stream_id, *spoken[fact.field], as_of_ms=as_of_ms)
            for fact in decided.facts
            if fact.field in spoken
        }
        return decided.model_copy(update={"moments": moments})

    def _newest(
        self, scope: Scope, stream_id: str, kind: str, product_id: str, as_of_ms: int
    ) -> list[Statement]:
        """The host's newest word on what changes in a show, about these goods or about all."""
        if kind not in _NEWEST_KINDS:
            return []
        line_up = self._line_up(scope, stream_id, unpublished=False)

        def is_about(row: Utterance) -> bool:
            named = line_up.find_named(row.text)
            if named is not None:
                return named.product_id == product_id
            return row.product_id in (None, product_id)

        found = self._statements().newest(
            scope, stream_id, kind, as_of_ms=as_of_ms, is_about=is_about
        )
        return [] if found is None else [found]

    def tell(self, scope: Scope, answer: Answer) -> None:
        """Note in the log of a stream that goes on that an answer went out."""
        if answer.stream_id is None or answer.at_ms is None:
            return
        if self._streams.get(scope, answer.stream_id).status.is_over:
            return
        row = AnswerGiven(
            start_ms=answer.at_ms,
            answer_id=answer.answer_id,
            question=answer.question,
            text=answer.text,
            status=answer.status,
            comment_seq=answer.comment_seq,
            cluster_id=answer.cluster_id,
        )
        self._streams.append(scope, answer.stream_id, [(f"answer:{answer.answer_id}", row)])

    def _line_up(self, scope: Scope, stream_id: str, *, unpublished: bool) -> LineUp:
        sold = self._streams.get(scope, stream_id).spec.products
        if not unpublished:
            return self._catalog.shelf.line_up(scope, sold)
        found: list[ProductDocument] = []
        for product_id in sold:
            try:
                found.append(self._catalog.get(scope, product_id))
            except NotFound:  # taken from the catalog: it answers nothing
                continue
        return LineUp(found)
