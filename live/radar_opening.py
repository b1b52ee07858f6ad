"""Opening the question radar of a session; what it needs is loaded at the first question."""

from collections.abc import Callable, Sequence

from domain.product import ProductDocument
from domain.scope import Scope
from domain.settings import Radar
from domain.stream import Stream
from live.radar import RadarFollower
from live.readying import Readiness
from models.embeddings import Embedder
from models.lazy import Lazy
from stores.streams import StreamStore
from tools.line_up import LineUp
from tools.on_air import OnAir
from tools.questions.odds import AnswersQuestion
from tools.radar.answered import HostAnswers
from tools.radar.clusters import Clusters
from tools.radar.likeness import load_likeness


class RadarOpener:
    """Opens radars over one store; `ranker` tells whether a host's sentence answers."""

    def __init__(
        self,
        store: StreamStore,
        embedder: Callable[[], Embedder],
        ranker: Callable[[], AnswersQuestion],
        settings: Radar,
        readiness: Readiness,
    ) -> None:
        self._store = store
        self._likeness = Lazy(lambda: load_likeness(embedder()))
        self._ranker = ranker
        self._settings = settings
        self._readiness = readiness

    def __call__(
        self, scope: Scope, stream: Stream, line_up: Sequence[ProductDocument], on_air: OnAir
    ) -> RadarFollower:
        """The radar of a session; what is watched faster than it ran is not answered ahead."""
        is_live = stream.spec.speed != "max" and stream.spec.replay_of is None
        return RadarFollower(
            self._store,
            scope,
            stream,
            clusters=lambda: Clusters(self._likeness.get()),
            answers=self._open_answers,
            line_up=LineUp(line_up),
            on_air=on_air,
            settings=self._settings,
            readiness=self._readiness if is_live else None,
        )

    def _open_answers(self) -> HostAnswers:
        return HostAnswers(self._ranker(), self._likeness.get(), self._settings.answer_odds)
