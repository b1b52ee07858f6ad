"""What a host says is warned of at once, once, and the same after a kill."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from numpy.typing import NDArray

from domain.compliance import Override
from domain.evidence import Evidence, Locator
from domain.product import ProductDocument, ProductRecord, ProductStatus, Variants
from domain.scope import Scope
from domain.stream import LogEntry, LogRow, StreamSpec, Utterance
from domain.watching import OnAirWarning, PromiseChange
from live.monitoring import SpeechMonitor
from stores.sql import open_database
from stores.streams import StreamStore
from tests.fakes.label_classifier import LabelClassifier
from tools.compliance import RulePackLibrary
from tools.speech_claims import SpeechClaims

SCOPE = Scope()
HINT = "after two boxes my aunt's walking stick found a new home"
LABEL = Evidence(
    source="s1", file="label.jpg", locator=Locator(box=(0, 0, 1, 1)), quote="Weight 390 g"
)
MUG = ProductDocument(
    product_id="mug",
    version=1,
    status=ProductStatus.PUBLISHED,
    record=ProductRecord(
        name="Kiln Mug",
        category="mug",
        list_price=28,
        live_price=19.9,
        currency="USD",
        variants=Variants(sizes=["350 ml"], colours=["Moss"]),
        specs={"Weight": "390 g"},
        certifications=["Tested for 500 dishwasher cycles, report TR-81 of 12 May 2026, 40 mugs"],
    ),
    evidence={"specs.Weight": [LABEL]},
)
SPEECH = (
    "This is the Kiln Mug from our own workshop.",
    "Honestly, a cup of tea from it cures insomnia.",
    "It weighs 520 grams.",
    "In ten minutes I am going to show you how it is glazed.",
    "I will give away one signed teapot before we say goodbye tonight.",
    "Honestly, a cup of tea from it cures insomnia.",
    "The signed teapot goes to Lucia from Leeds, congratulations.",
)


class Hints:
    """Means too much, under every jurisdiction, in whatever holds the hint."""

    labels: tuple[str, ...] = ("CN", "US", "EU", "platform")

    def __init__(self, odds: float = 0.97) -> None:
        self._odds = odds

    def classify(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [[self._odds if HINT in text.casefold() else 0.1] * 4 for text in texts]
        return np.asarray(rows, dtype=np.float32)


class Desk:
    """A store with one stream, and monitors over it as processes come and go."""

    def __init__(self, folder: Path, claims: SpeechClaims | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.store = StreamStore(open_database(folder / "home.sqlite"))
        self.store.create(SCOPE, "night", StreamSpec())
        self.claims = claims or SpeechClaims(
            RulePackLibrary.shipped, lambda: Hints(), LabelClassifier
        )
        self.allowed: list[Override] = []

    def monitor(self) -> SpeechMonitor:
        stream = self.store.get(SCOPE, "night")
        return SpeechMonitor(
            self.store, SCOPE, stream, [MUG], self.claims, overrides=lambda _: self.allowed
        )

    def say(self, text: str, start_ms: int) -> Sequence[LogEntry]:
        row = Utterance(start_ms=start_ms, end_ms=start_ms + 3000, text=text, product_id="mug")
        return self.store.append(
            SCOPE, "night", [(f"said:{start_ms}", row)], position_ms=row.end_ms
        )

    def hear(self, monitor: SpeechMonitor, *texts: str, start_ms: int = 0) -> None:
        for number, text in enumerate(texts):
            at_ms = start_ms + number * 5000
            monitor.follow(self.say(text, at_ms), at_ms + 3000)

    def rows(self) -> list[LogRow]:
        return [e.row for e in self.store.entries(SCOPE, "night", limit=1000)]

    def warnings(self) -> list[OnAirWarning]:
        return [row for row in self.rows() if isinstance(row, OnAirWarning)]

    def promises(self) -> list[PromiseChange]:
        return [row for row in self.rows() if isinstance(row, PromiseChange)]


def test_claims_contradictions_and_promises_are_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.hear(desk.monitor(), *SPEECH)
    claim, otherwise = desk.warnings()
    assert (claim.warning, claim.start_ms, claim.said_in) == ("prohibited", 8000, 2)
    assert (claim.rule or "").startswith("us.disease")
    assert "cures insomnia" in claim.text
    assert claim.suggestion
    assert (otherwise.warning, otherwise.field) == ("contradiction", "specs.Weight")
    assert "the record says 390 g (label.jpg)" in otherwise.text
    told = [(row.state, row.promise) for row in desk.promises()]
    assert told == [("open", "other"), ("open", "gift"), ("kept", "gift")]
    for row in (*desk.warnings(), *desk.promises()):
        (said,) = desk.store.find_entries(SCOPE, "night", [row.said_in])
        assert isinstance(said.row, Utterance)
        assert row.quote in said.row.text


def test_a_warning_is_there_before_the_next_sentence_is_read(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    monitor = desk.monitor()
    monitor.follow(desk.say("Let us begin with the first of them.", 0), 3000)
    entries = [*desk.say(SPEECH[1], 5000), *desk.say(SPEECH[2], 10_000)]
    began = perf_counter()
    monitor.follow(entries, 13_000)
    assert perf_counter() - began < 5
    kinds = [(row.kind, row.start_ms) for row in desk.rows() if row.kind != "utterance"]
    assert kinds == [("warning", 8000), ("warning", 13_000)]


def test_the_same_claim_is_warned_of_again_only_after_minutes(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    monitor = desk.monitor()
    desk.hear(monitor, SPEECH[1], SPEECH[1])
    desk.hear(monitor, SPEECH[1], start_ms=400_000)
    assert [row.start_ms for row in desk.warnings()] == [3000, 403_000]


@pytest.mark.parametrize("killed_after", [0, 2, 4, 6])
def test_a_monitor_that_is_killed_leaves_nothing_out_and_doubles_nothing(
    tmp_path: Path, killed_after: int
) -> None:
    whole = Desk(tmp_path / "whole")
    monitor = whole.monitor()
    whole.hear(monitor, *SPEECH)
    monitor.finish(900_000, waits=True)

    parts = Desk(tmp_path / "parts")
    parts.hear(parts.monitor(), *SPEECH[:killed_after])
    parts.say(SPEECH[killed_after], killed_after * 5000)  # stored, and the process died
    again = parts.monitor()
    parts.hear(again, *SPEECH[killed_after + 1 :], start_ms=(killed_after + 1) * 5000)
    again.finish(900_000, waits=True)
    parts.monitor()

    def told(desk: Desk) -> list[str]:
        rows = [*desk.warnings(), *desk.promises()]
        return sorted(row.model_dump_json(exclude={"said_in"}) for row in rows)

    assert told(parts) == told(whole)


def test_what_falls_due_is_reminded_of_and_then_broken(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    monitor = desk.monitor()
    desk.hear(monitor, SPEECH[3])
    monitor.follow((), 500_000)
    assert desk.warnings() == []
    monitor.follow((), 560_000)
    (reminder,) = desk.warnings()
    assert (reminder.warning, reminder.start_ms) == ("promise", 543_000)
    assert "0:03" in reminder.text
    monitor.follow((), 700_000)
    assert [row.state for row in desk.promises()] == ["open", "broken"]
    assert len(desk.warnings()) == 2


def test_who_says_goodbye_is_told_what_they_owe(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    monitor = desk.monitor()
    desk.hear(monitor, SPEECH[4], "Good night, everybody!", "Good night!")
    (owed,) = desk.warnings()
    assert owed.text.startswith("Before you go: at 0:03 you promised")
    monitor.finish(60_000, waits=True)
    assert [row.state for row in desk.promises()] == ["open", "broken"]


def test_chinese_speech_is_warned_of_in_chinese(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.hear(desk.monitor(), "这个杯子有五百二十克重。", "喝一杯就能治失眠。")
    texts = [row.text for row in desk.warnings()]
    assert "商品资料是390 g（label.jpg）" in texts[0]


def test_guests_are_not_warned(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    row = Utterance(start_ms=0, end_ms=1, text=SPEECH[1], speaker="guest", product_id="mug")
    desk.monitor().follow(desk.store.append(SCOPE, "night", [("said:1", row)]), 1)
    assert desk.warnings() == []


def test_what_is_meant_counts_where_the_sentence_is_about_the_goods(tmp_path: Path) -> None:
    talk = f"It comes in one colour, and {HINT}."
    told = LabelClassifier({talk: "chatter"})
    claims = SpeechClaims(RulePackLibrary.shipped, Hints, lambda: told)
    desk = Desk(tmp_path / "talk", claims)
    desk.hear(desk.monitor(), talk)
    assert desk.warnings() == []
    desk = Desk(tmp_path / "goods")
    desk.hear(desk.monitor(), talk)
    assert [row.rule for row in desk.warnings()] == ["us.meaning.implied"]
    unsure = SpeechClaims(RulePackLibrary.shipped, lambda: Hints(0.93), LabelClassifier)
    desk = Desk(tmp_path / "unsure", unsure)
    desk.hear(desk.monitor(), talk)
    assert desk.warnings() == []


def test_proof_of_the_record_counts_for_the_claim_that_it_is_about() -> None:
    claims = SpeechClaims(RulePackLibrary.shipped, Hints, LabelClassifier)
    claim = "It survives 98% more dishwasher cycles than before."
    record = MUG.record
    bare = record.model_copy(update={"certifications": []})
    assert claims.find(claim, bare)
    assert claims.find(claim, record) == []
    assert claims.find("It cures insomnia.", record)


def test_an_override_allows_the_words(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.hear(desk.monitor(), SPEECH[1])
    rule = desk.warnings()[0].rule or ""
    quote = desk.warnings()[0].quote
    desk = Desk(tmp_path / "allowed")
    now = datetime.now(UTC)
    desk.allowed = [
        Override(override_id="o", rule=one, quote=quote, reason="r", actor="a", created_at=now)
        for one in {rule, *(f"us.disease.{kind}" for kind in ("claim", "remedy"))}
    ]
    desk.hear(desk.monitor(), SPEECH[1])
    assert rule not in [row.rule for row in desk.warnings()]
