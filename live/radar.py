"""The question radar of a session: gathers what is asked, and tells how each question stands."""

import time
from collections import deque
from collections.abc import Callable, Sequence

from domain.scope import Scope
from domain.settings import Radar
from domain.stream import Comment, LiveFact, LogEntry, Stream, Utterance
from domain.watching import AnswerGiven, ClusterChange
from live.readying import Readiness, TopQuestion
from live.standing import Standing, Standings
from stores.streams import StreamStore
from tools.line_up import LineUp
from tools.on_air import OnAir
from tools.radar.answered import HostAnswers
from tools.radar.asked import asks_plainly
from tools.radar.clusters import NEWEST, Cluster, Clusters, Question
from tools.radar.ranking import weight

_RESTORED = 2000
"""Rows of the log that tell how questions stood when a session was killed."""
_TAKEN_UP, _WORDINGS = 80, 2
"""Questions that are taken up again, those asked last, each with so many wordings beside the
clearest: what is taken up has to be embedded anew."""
_AGAIN_MS = 60_000
"""How far back comments are gone through again after a kill; what was counted is left out."""
_LOOK_SECONDS = 1.0
_CONTEXT = 2


class RadarFollower:
    """Follows a session's log, and adds a row to it when a question stands anew.

    What an earlier process left is taken up; a viewer counts anew then if the cluster no longer
    names one of their comments. `readiness` hears what should lie ready before anyone clicks. Feed
    `on_air` before it.
    """

    def __init__(
        self,
        store: StreamStore,
        scope: Scope,
        stream: Stream,
        *,
        clusters: Callable[[], Clusters],
        answers: Callable[[], HostAnswers],
        line_up: LineUp,
        on_air: OnAir,
        settings: Radar,
        readiness: Readiness | None = None,
    ) -> None:
        self._store = store
        self._scope = scope
        self._id = stream.stream_id
        self._open = clusters
        self._answers = answers
        self._line_up = line_up
        self._on_air = on_air
        self._settings = settings
        self._readiness = readiness
        self._clusters: Clusters | None = None
        self._standings = Standings(settings.rows_per_second, stream.position_ms)
        self._drafted: deque[tuple[str, str | None]] = deque()
        self._said: deque[str] = deque(maxlen=_CONTEXT)
        self._seen = 0
        self._looked_at = 0.0
        if stream.last_seq:
            self._restore(stream)

    def follow(self, entries: Sequence[LogEntry], now_ms: int) -> None:
        """Take new entries of the log in order, and tell what changed."""
        waiting: list[LogEntry] = []
        for entry in entries:
            row = entry.row
            if isinstance(row, Comment) and _asks(row):
                waiting.append(entry)
            elif isinstance(row, Utterance) and row.speaker == "host":
                self._gather(waiting)
                waiting = []
                self._hear(entry.seq, row)
        self._gather(waiting)
        self._tell(now_ms)

    def finish(self, now_ms: int, *, waits: bool) -> None:
        """The stream is over: tell how every question stands."""
        del waits
        self._looked_at = 0.0
        self._tell(now_ms, is_last=True)

    def stop(self) -> None:
        """Nothing is made ready any more."""
        if self._readiness is not None:
            self._readiness.leave(self._scope, self._id)

    def note_draft(self, cluster_id: str, draft_id: str | None) -> None:
        """A draft lies ready, or was withdrawn; from any thread."""
        self._drafted.append((cluster_id, draft_id))

    @property
    def _gathered(self) -> Clusters:
        if self._clusters is None:
            self._clusters = self._open()
        return self._clusters

    def _gather(self, entries: Sequence[LogEntry]) -> None:
        questions = [self._asked(entry) for entry in entries]
        if not questions:
            return
        for question, cluster in zip(questions, self._gathered.add(questions), strict=True):
            self._standings.ask_again(cluster.cluster_id, question.at_ms, self._settings.again_ms)

    def _asked(self, entry: LogEntry) -> Question:
        """With the product that it names, else the one on air."""
        row = entry.row
        assert isinstance(row, Comment)  # noqa: S101 - the callers have chosen comments
        named = self._line_up.find_named(row.text)
        product_id = named.product_id if named is not None else self._product_at(row.start_ms)
        return Question(entry.seq, row.start_ms, row.user, row.text, product_id)

    def _product_at(self, at_ms: int) -> str | None:
        known = self._line_up.documents
        if len(known) == 1:
            return known[0].product_id
        return self._on_air.product_at(at_ms, as_of_ms=at_ms)

    def _hear(self, seq: int, row: Utterance) -> None:
        """Mark what the host answers; only of the product on air, and asked not too long ago."""
        before = " ".join(self._said)
        self._said.append(row.text)
        if self._clusters is None:
            return
        on_air = row.product_id or self._product_at(row.end_ms)
        waiting = self._waiting(row.start_ms, {None, on_air})
        for cluster in self._answers().find(row.text, before, waiting) if waiting else ():
            self._standings.answer(cluster.cluster_id, "host", row.end_ms, answered_in=seq)

    def _waiting(self, at_ms: int, products: set[str | None]) -> list[Cluster]:
        """The questions that what is said at a moment may answer."""
        return [
            one
            for one in self._gathered.newest(self._settings.open_questions)
            if self._standings.is_waiting(one.cluster_id)
            and one.product_id in products
            and one.first_ms <= at_ms <= one.last_ms + self._settings.answer_ms
        ]

    def _tell(self, now_ms: int, *, is_last: bool = False) -> None:
        while self._drafted:
            self._standings.note_draft(*self._drafted.popleft(), now_ms)
        if self._clusters is not None:
            if time.monotonic() - self._looked_at >= _LOOK_SECONDS:
                self._looked_at = time.monotonic()
                self._take_news(self._clusters)
            rows = self._standings.take_rows(now_ms, self._clusters.get, is_last=is_last)
            if rows:
                self._store.append(self._scope, self._id, rows)
        self._wish(now_ms)

    def _take_news(self, clusters: Clusters) -> None:
        """What others have added to the log: answers, a person's mark, live prices."""
        for entry in self._store.entries(
            self._scope, self._id, kinds=("answer", "cluster", "live_fact"), after_seq=self._seen
        ):
            self._seen = entry.seq
            row = entry.row
            if isinstance(row, AnswerGiven):
                self._take_answer(clusters, row)
            elif isinstance(row, ClusterChange):
                self._take_mark(clusters, row)
            elif isinstance(row, LiveFact) and row.fact == "price":
                for one in self._waiting(row.start_ms, {row.product_id}):
                    if one.clearest.matter == "price":
                        self._standings.answer(
                            one.cluster_id, "host", row.start_ms, answered_in=row.said_in
                        )

    def _take_answer(self, clusters: Clusters, row: AnswerGiven) -> None:
        cluster = clusters.get(row.cluster_id) if row.cluster_id is not None else None
        if cluster is None and row.comment_seq is not None:
            cluster = clusters.holding(row.comment_seq)
        if cluster is not None and row.status == "grounded":
            self._standings.answer(
                cluster.cluster_id, "assistant", row.start_ms, answer_id=row.answer_id
            )

    def _take_mark(self, clusters: Clusters, row: ClusterChange) -> None:
        """A row that someone else wrote: a person says that it was answered."""
        standing = self._standings.get(row.cluster_id)
        is_news = row.answered_by is not None and row.start_ms > standing.answered_ms
        if is_news and standing.answered_by is None and clusters.get(row.cluster_id) is not None:
            draft_id = standing.draft_id
            standing = Standing.of_row(row)
            standing.draft_id = draft_id
            self._standings.put(row.cluster_id, standing)

    def _wish(self, now_ms: int) -> None:
        """Say which answers should lie ready."""
        if self._readiness is None:
            return
        product_id = self._product_at(now_ms)
        newest = self._clusters.newest(self._settings.open_questions) if self._clusters else []
        of_it = [one for one in newest if one.product_id == product_id]
        of_it.sort(key=lambda one: -weight(one.count, one.last_ms, now_ms))
        waiting = [one for one in of_it if self._standings.is_waiting(one.cluster_id)]
        told = [
            one.cluster_id
            for one in of_it
            if self._standings.get(one.cluster_id).answered_by == "host"
        ]
        self._readiness.see(
            self._scope,
            self._id,
            product_id,
            tuple(
                TopQuestion(one.cluster_id, one.clearest.text)
                for one in waiting[: self._settings.drafts]
            ),
            answered=frozenset(told),
            tell=self.note_draft,
        )

    def _restore(self, stream: Stream) -> None:
        """Take up what an earlier process left, and count what it had not told yet."""
        found = self._store.entries(
            self._scope, self._id, kinds=("cluster",), newest=True, limit=_RESTORED
        )
        self._seen = found[-1].seq if found else 0
        rows = {e.row.cluster_id: e.row for e in found if isinstance(e.row, ClusterChange)}
        left = sorted(rows.values(), key=lambda row: row.last_ms)[-_TAKEN_UP:]
        if left:
            self._gathered.restore([self._take_up(row) for row in left])
        again = self._store.entries(
            self._scope,
            self._id,
            kinds=("comment",),
            from_ms=stream.position_ms - _AGAIN_MS,
            newest=True,
            limit=_RESTORED,
        )
        counted = {seq for row in left for seq in row.comments}
        asked = [e for e in again if isinstance(e.row, Comment) and _asks(e.row)]
        fresh = [entry for entry in asked if entry.seq not in counted]
        self._gather([entry for entry in fresh if not self._is_counted(self._asked(entry))])

    def _take_up(self, row: ClusterChange) -> tuple[Cluster, list[str]]:
        entries = self._store.find_entries(self._scope, self._id, row.comments)
        asked = [entry.row for entry in entries if isinstance(entry.row, Comment)]
        cluster = Cluster(
            cluster_id=row.cluster_id,
            product_id=row.product_id,
            first_ms=row.first_ms,
            last_ms=row.last_ms,
            count=row.count,
            comments=list(row.comments),
        )
        cluster.viewers.update(dict.fromkeys(one.user for one in asked if one.user))
        self._standings.put(row.cluster_id, Standing.of_row(row))
        others = dict.fromkeys(one.text for one in reversed(asked) if one.text != row.question)
        return cluster, [row.question, *list(others)[:_WORDINGS]]

    def _is_counted(self, question: Question) -> bool:
        """Whether a row that was told already counts a comment that it no longer names."""
        cluster = self._gathered.find(question.text, question.product_id)
        return (
            cluster is not None
            and len(cluster.comments) == NEWEST
            and question.seq < cluster.comments[-1]
        )


def _asks(row: Comment) -> bool:
    """Whether a comment was told for a question, or asks by its very form."""
    return bool(row.is_question) or asks_plainly(row.text)
