"""Comments over time: each is told once, with the reading that most frames agree on.

A list scrolls up, so its order never changes and what is new stands at the bottom; the tracker
aligns the comments of a frame with those it knows in that order (Needleman-Wunsch) and lets none
move down. Flying comments keep to their lane and move to the left.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from models.ocr import Box
from tools.comments.likeness import SAME, alike, fold_reading, is_remnant, likeness
from tools.comments.recognizing import FrameReading, ReadComment

_GRACE_MS = 4_000
_STALE_MS = 60_000  # of a screen without comments, after which none is taken for one before it
_MOST_KNOWN = 240
_LANE = 0.7  # em
_DOWN = 1.5  # em by which a list may sink when something below it goes
_FLIGHT = 0.5  # em that what flies has to have come; a caption stands still


@dataclass(frozen=True, slots=True)
class TrackedComment:
    """A comment of a stream: its best reading, when it was on screen, and where it was last.

    `readings` counts the frames that it was read in; times are milliseconds of the stream, `box`
    pixels of the frame at `last_seen_ms`.
    """

    id: int
    user: str | None
    text: str
    first_seen_ms: int
    last_seen_ms: int
    box: Box
    readings: int


@dataclass(slots=True)
class _Track:
    id: int
    first: int
    last: int
    comment: ReadComment
    readings: int = 0
    told: bool = False
    doubtful: bool = False
    standing: bool = False
    from_left: float = 0.0
    texts: Counter[str] = field(default_factory=Counter[str])
    users: Counter[str] = field(default_factory=Counter[str])
    folded: tuple[str | None, str] = (None, "")

    def see(self, comment: ReadComment, at: int, *, whole: bool) -> None:
        self.last = at
        self.comment = comment
        if not whole:
            return
        self.readings += 1
        if self.texts and is_remnant(self.folded[1], fold_reading(comment.text)):
            self.texts.clear()
        weight = max(1, round(100 * comment.confidence))
        self.texts[comment.text] += weight
        if comment.user:
            self.users[comment.user] += weight
        self.folded = (fold_reading(self.user) if self.user else None, fold_reading(self.text))

    @property
    def is_sure(self) -> bool:
        return not self.doubtful and not self.standing

    @property
    def text(self) -> str:
        return max(self.texts, key=lambda text: (self.texts[text], len(text)))

    @property
    def user(self) -> str | None:
        return max(self.users, key=lambda user: self.users[user]) if self.users else None

    def as_comment(self) -> TrackedComment:
        box = self.comment.box
        return TrackedComment(
            self.id, self.user, self.text, self.first, self.last, box, self.readings
        )


class CommentTracker:
    """Follows the comments of one stream; memory does not grow with its length.

    A comment is told when `settle` frames have shown it, or when it has gone before. What stands
    above comments that are already known is no news, so it has to be seen in `settle` frames.
    """

    def __init__(self, *, settle: int = 2) -> None:
        self._settle = settle
        self._tracks: list[_Track] = []
        self._next = 1

    def update(self, reading: FrameReading, at_ms: int) -> list[TrackedComment]:
        """Take in a frame at `at_ms` of the stream; the comments that are told now, in order."""
        if not reading.comments:
            return []
        stale = self._drop(at_ms, _STALE_MS)
        flying = reading.layout.kind == "flying"
        comments = sorted(reading.comments, key=lambda comment: comment.area[1])
        pairs = self._pair_flying(reading, comments) if flying else self._align(reading, comments)
        self._take(comments, pairs, at_ms, em=reading.layout.em, flying=flying)
        told = [track for track in self._tracks if not track.told and self._is_settled(track)]
        gone = self._drop(at_ms, _GRACE_MS)
        return self._tell([*stale, *gone, *told])

    def close(self) -> list[TrackedComment]:
        """The stream has ended: what was not told yet."""
        left = [track for track in self._tracks if not track.told and track.is_sure]
        self._tracks = []
        return self._tell(left)

    @property
    def visible(self) -> tuple[TrackedComment, ...]:
        """What the last frame with comments showed, told or not."""
        last = max((track.last for track in self._tracks), default=0)
        return tuple(track.as_comment() for track in self._tracks if track.last == last)

    def _is_settled(self, track: _Track) -> bool:
        return track.readings >= self._settle and not track.standing

    def _tell(self, tracks: Sequence[_Track]) -> list[TrackedComment]:
        for track in tracks:
            track.told = True
        return [track.as_comment() for track in sorted(tracks, key=lambda track: track.id)]

    def _take(
        self,
        comments: Sequence[ReadComment],
        pairs: dict[int, _Track],
        at: int,
        *,
        em: float,
        flying: bool,
    ) -> None:
        lowest = max(pairs, default=-1)
        order: list[_Track] = []
        for number, comment in enumerate(comments):
            track = pairs.get(number)
            if track is None:
                above = number < lowest and not flying
                if above and self._is_left_over(comment, pairs):
                    continue
                track = _Track(self._next, at, at, comment, doubtful=above, standing=flying)
                track.from_left = comment.area[0]
                self._next += 1
                track.see(comment, at, whole=True)
            else:
                track.see(comment, at, whole=_is_whole(track, comment))
            if track.standing and track.from_left - comment.area[0] > _FLIGHT * em:
                track.standing = False
            order.append(track)
        self._tracks = _merge(self._tracks, order)

    def _is_left_over(self, comment: ReadComment, pairs: dict[int, _Track]) -> bool:
        part = fold_reading(comment.text)
        taken = {track.id for track in pairs.values()}
        return any(
            is_remnant(part, track.folded[1]) for track in self._tracks if track.id not in taken
        )

    def _drop(self, at: int, after: int) -> list[_Track]:
        """Forget what was not seen for `after` milliseconds; those of them that were never told."""
        kept = [track for track in self._tracks if at - track.last <= after][-_MOST_KNOWN:]
        ids = {track.id for track in kept}
        gone = [track for track in self._tracks if track.id not in ids]
        self._tracks = kept
        return [track for track in gone if not track.told and track.is_sure]

    def _align(self, reading: FrameReading, comments: Sequence[ReadComment]) -> dict[int, _Track]:
        """The best pairing that keeps the order of the list."""
        tracks, em = self._tracks, max(reading.layout.em, 1.0)
        rows, columns = len(tracks), len(comments)
        best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
        gains = [[_gain(track, comment, em) for comment in comments] for track in tracks]
        for i in range(1, rows + 1):
            for j in range(1, columns + 1):
                both = best[i - 1][j - 1] + gains[i - 1][j - 1]
                best[i][j] = max(best[i - 1][j], best[i][j - 1], both)
        pairs: dict[int, _Track] = {}
        i, j = rows, columns
        while i and j:
            gain = gains[i - 1][j - 1]
            if gain > 0 and best[i][j] == best[i - 1][j - 1] + gain:
                pairs[j - 1] = tracks[i - 1]
                i, j = i - 1, j - 1
            elif best[i][j] == best[i - 1][j]:
                i -= 1
            else:
                j -= 1
        return pairs

    def _pair_flying(
        self, reading: FrameReading, comments: Sequence[ReadComment]
    ) -> dict[int, _Track]:
        em = max(reading.layout.em, 1.0)
        scored = sorted(
            (
                (score, number, track)
                for number, comment in enumerate(comments)
                for track in self._tracks
                if (score := _flying_likeness(track, comment, em)) >= SAME
            ),
            key=lambda found: (-found[0], found[2].id),
        )
        pairs: dict[int, _Track] = {}
        taken: set[int] = set()
        for _, number, track in scored:
            if number not in pairs and track.id not in taken:
                pairs[number] = track
                taken.add(track.id)
        return pairs


def _gain(track: _Track, comment: ReadComment, em: float) -> float:
    """What pairing is worth, 0 where it cannot be: a comment of a list never moves down."""
    if comment.area[3] - track.comment.area[3] > _DOWN * em:
        return 0.0
    score = alike(*track.folded, comment)
    if score >= SAME:
        return score
    return (
        0.5
        if is_remnant(fold_reading(comment.text), track.folded[1]) and _is_named(track, comment)
        else 0.0
    )


def _is_named(track: _Track, comment: ReadComment) -> bool:
    """A remnant shows no user, or the same one."""
    if comment.user is None or track.folded[0] is None:
        return True
    return likeness(fold_reading(comment.user), track.folded[0]) > 0.6


def _is_whole(track: _Track, comment: ReadComment) -> bool:
    return not is_remnant(fold_reading(comment.text), track.folded[1])


def _flying_likeness(track: _Track, comment: ReadComment, em: float) -> float:
    here, there = comment.area, track.comment.area
    if abs(here[1] + here[3] - there[1] - there[3]) / 2 > _LANE * em:
        return 0.0
    if here[0] - there[0] > 0.5 * em:
        return 0.0
    text = fold_reading(comment.text)
    if is_remnant(text, track.folded[1]) or is_remnant(track.folded[1], text):
        return 0.9
    return likeness(text, track.folded[1])


def _merge(known: Sequence[_Track], seen: Sequence[_Track]) -> list[_Track]:
    """Both in the order of the list: what is gone stays above what it stood above."""
    ids = {track.id for track in seen}
    after: dict[int, list[_Track]] = {}
    head: list[_Track] = []
    anchor: int | None = None
    for track in known:
        if track.id in ids:
            anchor = track.id
        elif anchor is None:
            head.append(track)
        else:
            after.setdefault(anchor, []).append(track)
    merged = list(head)
    for track in seen:
        merged.append(track)
        merged.extend(after.get(track.id, ()))
    return merged
