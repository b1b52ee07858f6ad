"""How much of the demo broadcast's truth a session has found, from the rows that it stored."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.stream import Comment, Event, LiveFact, LogEntry, LogRow, ScreenLine, Utterance
from evals.comments import CLOSE, error_rate, fold
from evals.report import EvalReport, Miss, share
from evals.segmentation import border_matches, f1
from live.demo.programme import Card, Programme, SaidLine, TimedComment
from tools.on_air import OnAir, OnAirProduct

DATA = "the demo broadcast"
_TOLERANCE_MS = 5000
_FIXED_MS = 60_000
_STEP_MS = 1000
_SETTLED_MS = 8000
_NEAR_MS = 2000
_READ_WITHIN_MS = 90_000
"""A comment is told when it has left the screen; in the side panel that takes over a minute."""


@dataclass(frozen=True)
class Found:
    """What a session stored of the broadcast, up to `end_ms`."""

    entries: Sequence[LogEntry]
    events: Sequence[Event]
    end_ms: int

    def utterances(self) -> list[tuple[int, Utterance]]:
        """Sentences with their numbers."""
        return [(e.seq, e.row) for e in self.entries if isinstance(e.row, Utterance)]


def score_speech(programme: Programme, found: Found) -> EvalReport:
    """Characters heard wrong, topic by topic, against the script."""
    wrong: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    heard = [row for _, row in found.utterances()]
    for topic in programme.topics:
        if topic.end_ms > found.end_ms:
            break
        said = [s.line.say for s in programme.said if topic.start_ms <= s.start_ms < topic.end_ms]
        middle = [(row, (row.start_ms + row.end_ms) // 2) for row in heard]
        texts = [row.text for row, at in middle if topic.start_ms <= at < topic.end_ms]
        wanted = _spoken(" ".join(said))
        wrong[topic.language] += round(error_rate(_spoken(" ".join(texts)), wanted) * len(wanted))
        whole[topic.language] += len(wanted)
    measures = {f"CER {lang}": share(wrong[lang], whole[lang]) for lang in sorted(whole)}
    return EvalReport("speech heard", DATA, len(programme.said), dict(measures))


def _spoken(text: str) -> str:
    """Letters alone, in simplified characters: spelling and signs are the ear's own."""
    import opencc

    plain = opencc.OpenCC("t2s").convert(fold(text))
    return "".join(sign for sign in plain if sign.isalnum())


def score_borders(programme: Programme, found: Found) -> EvalReport:
    """Where events begin, within 5 s; beside it a border every minute."""
    true = [border for border in programme.borders if border < found.end_ms]
    own = [event.start_ms for event in found.events[1:]]
    fixed = list(range(_FIXED_MS, found.end_ms, _FIXED_MS))
    measures: dict[str, float | int] = {"events": len(found.events)}
    for name, borders in (("F1", own), ("F1 every 60 s", fixed)):
        hits = border_matches(borders, true, _TOLERANCE_MS)
        measures[name] = round(f1(hits, len(borders), len(true)), 3)
    changes = [
        topic.start_ms
        for before, topic in zip(programme.topics, programme.topics[1:], strict=False)
        if topic.product != before.product and topic.start_ms < found.end_ms
    ]
    at_changes = border_matches(own, changes, _TOLERANCE_MS)
    measures["recall at product changes"] = share(at_changes, len(changes))
    return EvalReport("demo: event borders", DATA, len(true), measures)


def score_on_air(programme: Programme, found: Found, line_up: Sequence[OnAirProduct]) -> EvalReport:
    """The product on air, second by second, as it is known then and 8 s later."""
    right: Counter[str] = Counter()
    seconds = range(0, found.end_ms, _STEP_MS)
    ready = sorted(found.entries, key=lambda entry: entry.row.valid_from_ms)
    for name, later in (("at once", 0), ("8 s later", _SETTLED_MS)):
        on_air = OnAir(line_up)
        fed = 0
        for at in seconds:
            until = fed
            while until < len(ready) and ready[until].row.valid_from_ms <= at + later:
                until += 1
            on_air.feed(ready[fed:until])
            fed = until
            true = programme.product_at(at)
            known = on_air.product_at(at)
            right[name] += known == true
            if true is not None:
                right[f"{name}, of products"] += known == true
                right["products"] += name == "at once"
    measures: dict[str, float | int] = {}
    for name in ("at once", "8 s later"):
        measures[name] = share(right[name], len(seconds))
        measures[f"{name}, of products"] = share(right[f"{name}, of products"], right["products"])
    return EvalReport("demo: product on air, by the second", DATA, len(seconds), measures)


def score_comments(programme: Programme, found: Found) -> list[EvalReport]:
    """Comments read off the frame, each once; and which of those read are questions."""
    read = [e.row for e in found.entries if isinstance(e.row, Comment) and e.row.via == "frame"]
    true = programme.comments
    settled = found.end_ms - _SETTLED_MS
    said = [c for c in true if not c.viewer.notice and c.at_ms < settled]
    told: dict[int, Comment] = {}
    counts: Counter[str] = Counter()
    misses: list[Miss] = []
    for row in read:
        near = [c for c in true if -_NEAR_MS <= row.start_ms - c.at_ms <= _READ_WITHIN_MS]
        same = [c for c in near if error_rate(fold(row.text), fold(c.viewer.text)) <= CLOSE]
        new = next((c for c in same if c.number not in told and _is_by(row, c)), None)
        new = new or next((c for c in same if c.number not in told), None)
        if new is not None:
            told[new.number] = row
            counts["notice"] += new.viewer.notice
        elif same:
            counts["doubled"] += 1
        else:
            counts["wrong"] += 1
            misses.append(Miss("read", "", f"{row.user}: {row.text}"))
    for comment in said:
        row = told.get(comment.number)
        counts["read"] += row is not None
        counts["user"] += row is not None and _is_by(row, comment)
        if row is None:
            misses.append(Miss(f"{comment.number}", _say(comment), "nothing"))
    measures: dict[str, float | int] = {
        "read once at CER<=0.1": share(counts["read"], len(said)),
        "user right": share(counts["user"], len(said)),
        "missing": len(said) - counts["read"],
        "doubled": counts["doubled"],
        "misread or no comment": counts["wrong"] + counts["notice"],
    }
    reading = EvalReport("demo: comments", DATA, len(said), measures, misses=tuple(misses))
    return [reading, _score_questions(said, told)]


def _is_by(row: Comment, comment: TimedComment) -> bool:
    return error_rate(fold(row.user or ""), fold(comment.viewer.user)) <= 2 * CLOSE


def _say(comment: TimedComment) -> str:
    return f"{comment.viewer.user}: {comment.viewer.text}"


def _score_questions(said: Sequence[TimedComment], told: dict[int, Comment]) -> EvalReport:
    pairs = [(c, told[c.number]) for c in said if c.number in told]
    asked = sum(c.viewer.asks for c, _ in pairs)
    marked = sum(bool(row.is_question) for _, row in pairs)
    hits = sum(c.viewer.asks and bool(row.is_question) for c, row in pairs)
    measures = {
        "F1": round(f1(hits, marked, asked), 3),
        "precision": share(hits, marked),
        "recall": share(hits, asked),
    }
    misses = tuple(
        Miss(str(c.number), "question" if c.viewer.asks else "none", c.viewer.text)
        for c, row in pairs
        if c.viewer.asks != bool(row.is_question)
    )
    data = f"{DATA}, comments read"
    return EvalReport("demo: questions", data, len(pairs), dict(measures), misses=misses)


def score_facts(programme: Programme, found: Found) -> list[EvalReport]:
    """Prices and stock that change, and promises: found where they were said, and no others."""
    rows = [entry.row for entry in found.entries if isinstance(entry.row, LiveFact)]
    by_seq = {entry.seq: entry.row for entry in found.entries}
    spoken = [row for row in rows if isinstance(by_seq[row.said_in], Utterance)]
    shown = [row for row in rows if isinstance(by_seq[row.said_in], ScreenLine)]
    true = [line for line in programme.said if line.line.fact and line.end_ms < found.end_ms]
    misses: list[Miss] = []
    reports: list[EvalReport] = []
    for kind in ("price", "stock", "promise"):
        wanted = [line for line in true if (line.line.fact or "").startswith(kind)]
        got = [row for row in spoken if row.fact == kind]
        hits = {id(line) for line in wanted if any(_states(line, row, by_seq) for row in got)}
        right = sum(any(_states(line, row, by_seq) for line in wanted) for row in got)
        misses += [
            Miss(kind, f"{line.line.say} ({line.line.fact})", "nothing")
            for line in wanted
            if id(line) not in hits
        ]
        misses += [
            Miss(kind, "nothing", f"{row.value}: {row.quote}")
            for row in got
            if not any(_states(line, row, by_seq) for line in wanted)
        ]
        measures = {
            "recall": share(len(hits), len(wanted)),
            "precision": share(right, len(got)),
        }
        if kind == "price":
            fair = sum(_is_on_card(row, programme.cards) for row in shown if row.fact == kind)
            prices = sum(row.fact == kind for row in shown)
            measures["of prices on screen right"] = share(fair, prices)
        reports.append(EvalReport(f"demo: live {kind}", DATA, len(wanted), dict(measures)))
    made = [p for p in programme.promises if p.made_ms < found.end_ms]
    of_line = {said.line.promise: said for said in true if said.line.promise}
    noticed = sum(
        any(row.fact == "promise" and _states(line, row, by_seq) for row in spoken)
        for p in made
        if (line := of_line.get(p.truth.promise))
    )
    named = EvalReport(
        "demo: the ledger's promises",
        DATA,
        len(made),
        {"noticed when made": share(noticed, len(made))},
        misses=tuple(misses),
    )
    return [*reports, named]


def _states(line: SaidLine, row: LiveFact, by_seq: Mapping[int, LogRow]) -> bool:
    """Whether the fact was heard in the line; a price has to have its value."""
    heard = by_seq[row.said_in]
    if not isinstance(heard, Utterance):
        return False
    meets = heard.start_ms < line.end_ms + _NEAR_MS and heard.end_ms > line.start_ms - _NEAR_MS
    kind, _, value = (line.line.fact or "").partition(" ")
    if not meets or kind != row.fact:
        return False
    return kind != "price" or _number(value) == _number(row.value)


def _number(text: str) -> float:
    return float("".join(sign for sign in text if sign.isdigit() or sign == ".") or "nan")


def _is_on_card(row: LiveFact, cards: Sequence[Card]) -> bool:
    shown = next((c for c in reversed(cards) if c.at_ms <= row.start_ms + _NEAR_MS), None)
    return bool(shown and shown.price and _number(shown.price) == _number(row.value))
