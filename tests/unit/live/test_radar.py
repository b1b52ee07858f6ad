"""The radar of a session: rows that tell how each question stands, whatever happens meanwhile."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from domain.scope import Scope
from domain.settings import Radar
from domain.stream import Comment, LiveFact, LogRow, StreamSpec, Utterance
from domain.watching import AnswerGiven, ClusterChange
from live.radar import RadarFollower
from stores.sql import open_database
from stores.streams import StreamStore
from tests.fakes.products import MUG, document_of
from tests.fakes.word_embedder import WordEmbedder
from tools.line_up import LineUp
from tools.on_air import OnAir
from tools.radar.answered import HostAnswers
from tools.radar.clusters import Clusters
from tools.radar.likeness import Likeness

SCOPE = Scope()


class Certain:
    """Takes every sentence that is put to it for an answer."""

    def warm(self, passages: Sequence[str], contexts: Sequence[str] | None = None) -> None:
        pass

    def odds(
        self, question: str, passages: Sequence[str], contexts: Sequence[str] | None = None
    ) -> NDArray[np.float32]:
        del question, contexts
        return np.ones(len(passages), np.float32)


class Night:
    """A store with one stream, and radars over it as processes come and go."""

    def __init__(self, folder: Path) -> None:
        self.store = StreamStore(open_database(folder / "home.sqlite"))
        self.store.create(SCOPE, "night", StreamSpec())
        self._rows = 0

    def radar(self, **settings: float) -> RadarFollower:
        likeness = Likeness(WordEmbedder(dim=384))
        return RadarFollower(
            self.store,
            SCOPE,
            self.store.get(SCOPE, "night"),
            clusters=lambda: Clusters(likeness),
            answers=lambda: HostAnswers(Certain(), likeness, 0.5),
            line_up=LineUp([document_of(MUG)]),
            on_air=OnAir([]),
            settings=Radar.model_validate({"rows_per_second": 100} | settings),
        )

    def feed(self, radar: RadarFollower | None, *rows: LogRow) -> None:
        for row in rows:
            self._rows += 1
            at_ms = row.valid_from_ms
            entries = self.store.append(
                SCOPE, "night", [(f"row:{self._rows}", row)], position_ms=at_ms
            )
            if radar is not None:
                radar.follow(entries, at_ms)

    def changes(self) -> list[ClusterChange]:
        entries = self.store.entries(SCOPE, "night", kinds=("cluster",))
        return [entry.row for entry in entries if isinstance(entry.row, ClusterChange)]

    def questions(self) -> dict[str, ClusterChange]:
        """By the first wording's id, as they stand."""
        return {one.cluster_id: one for one in self.changes()}

    def only(self) -> ClusterChange:
        [one] = self.questions().values()
        return one


@pytest.fixture
def night(tmp_path: Path) -> Night:
    return Night(tmp_path)


def asks(at_s: float, user: str, text: str, *, is_question: bool = True) -> Comment:
    return Comment(start_ms=round(at_s * 1000), user=user, text=text, is_question=is_question)


def says(at_s: float, text: str) -> Utterance:
    at_ms = round(at_s * 1000)
    return Utterance(start_ms=at_ms, end_ms=at_ms + 2000, text=text)


def test_one_question_in_two_languages_is_one_and_a_viewer_counts_once(night: Night):
    radar = night.radar()
    night.feed(
        radar,
        asks(1, "ann", "how much is it?"),
        asks(2, "ann", "price??"),
        asks(3, "bo", "lovely colour", is_question=False),
        asks(4, "小雨", "多少钱"),
        asks(5, "cy", "is the green one still in stock?"),
    )
    by_count = sorted(night.questions().values(), key=lambda one: one.count)
    assert [one.count for one in by_count] == [1, 2]
    price = by_count[1]
    assert (price.comments, price.first_ms, price.last_ms) == ((1, 3, 6), 1000, 4000)
    assert price.product_id == "p-1"
    assert night.changes()[0].count == 1


@pytest.mark.parametrize("killed_after", [1, 3, 5])
def test_a_radar_that_is_killed_counts_nothing_twice_and_leaves_nothing_out(
    night: Night, killed_after: int
):
    rows = [
        asks(1, "ann", "how much is it?"),
        asks(2, "bo", "how many ml"),
        asks(3, "cy", "price?"),
        asks(4, "dee", "多少钱"),
        asks(5, "ann", "cost?"),
        asks(6, "eve", "容量多大"),
    ]
    radar = night.radar(rows_per_second=0.5)
    night.feed(radar, *rows[:killed_after])
    night.feed(None, rows[killed_after])
    radar = night.radar()
    night.feed(radar, *rows[killed_after + 1 :])
    radar.finish(9000, waits=False)
    counts = {one.question: one.count for one in night.questions().values()}
    assert sorted(counts.values()) == [2, 3]
    told = [row.model_dump_json(exclude={"start_ms"}) for row in night.changes()]
    assert len(set(told)) == len(told)


def test_what_the_host_says_answers_until_it_is_asked_again(night: Night):
    radar = night.radar(again_ms=30_000)
    night.feed(
        radar,
        asks(1, "ann", "how much is it?"),
        says(3, "Ann asks how much is it?"),
        says(6, "You all look wonderful tonight."),
    )
    assert night.only().answered_by is None
    night.feed(radar, says(9, "It is only $19.90 for you today."))
    answered = night.only()
    assert (answered.answered_by, answered.answered_in) == (
        "host",
        night.store.get(SCOPE, "night").last_seq - 1,
    )
    night.feed(radar, asks(20, "bo", "price"))
    assert night.only().answered_by == "host"
    night.feed(radar, asks(60, "cy", "how much"))
    again = night.only()
    assert (again.answered_by, again.count) == (None, 3)


def test_what_was_said_before_the_question_does_not_answer_it(night: Night):
    radar = night.radar()
    night.feed(radar, says(1, "It is $19.90."), asks(5, "ann", "how much is it?"))
    assert night.only().answered_by is None


def test_another_colour_is_no_answer(night: Night):
    radar = night.radar()
    night.feed(
        radar, asks(1, "ann", "is moss green in stock?"), says(3, "Cream white is in stock now.")
    )
    assert night.only().answered_by is None
    night.feed(radar, says(6, "Moss green is in stock again."))
    assert night.only().answered_by == "host"


def test_an_answer_that_went_out_and_a_live_price_answer_too(night: Night):
    radar = night.radar()
    night.feed(radar, asks(1, "ann", "how many ml is it"), asks(2, "bo", "how much is it"))
    capacity, price = night.questions()
    row = AnswerGiven(
        start_ms=3000, answer_id="answer-1", question="how many ml", text="350 ml.",
        status="grounded", comment_seq=1,
    )  # fmt: skip
    fact = LiveFact(
        start_ms=3500, fact="price", product_id="p-1", field="live_price", value="17.9",
        quote="now 17.90", said_in=4,
    )  # fmt: skip
    night.store.append(SCOPE, "night", [("answer:1", row), ("fact:4:0", fact)])
    radar.finish(4000, waits=False)
    stand = night.questions()
    assert (stand[capacity].answered_by, stand[capacity].answer_id) == ("assistant", "answer-1")
    assert (stand[price].answered_by, stand[price].answered_in) == ("host", 4)


def test_a_person_s_mark_stays(night: Night):
    radar = night.radar()
    night.feed(radar, asks(1, "ann", "does it fit a cup holder?"))
    mark = night.only().model_copy(update={"answered_by": "person", "start_ms": 2000})
    night.store.append(SCOPE, "night", [("cluster:mark", mark)])
    radar.finish(3000, waits=False)
    radar = night.radar()
    night.feed(radar, asks(20, "bo", "does it fit a cup holder?"))
    assert (night.only().answered_by, night.only().count) == ("person", 2)


def test_a_flood_makes_few_rows_and_those_of_many_first(night: Night):
    radar = night.radar(rows_per_second=2)
    flood: list[LogRow] = [
        asks(10 + n / 1000, f"v{n}", "how much is it" if n % 2 else f"is size {n} left?")
        for n in range(400)
    ]
    entries = night.store.append(
        SCOPE, "night", [(f"flood:{n}", row) for n, row in enumerate(flood)], position_ms=10_400
    )
    radar.follow(entries, 10_400)
    changes = night.changes()
    assert 2 <= len(changes) <= 40
    assert changes[0].count == 200
