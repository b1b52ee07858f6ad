"""Fits copy into its room: spoken copy into its time, a listing into its marketplace's limits."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.copywriting import CopyDraft, CopyKind, DraftLine, Removal
from domain.language import detect_language
from tools.copy_plan import ALWAYS, CopyPlan
from tools.copy_platforms import Limits
from tools.copy_templates import Composer
from tools.copy_wording import Wording
from tools.speaking import speaking_seconds

TOLERANCE = 0.15
"""How far the speaking time may be from what was asked, as a share of it."""

TIMED: tuple[CopyKind, ...] = ("script", "short_video")
"""The kinds that take a time; the others have limits of length."""

REPLY_CHARS = {"en": 240, "zh": 90}
"""The longest reply to a comment, as a live stream shows it whole."""

_DUE = 2
"""Up to this rank a line goes in even where its fact stands in the source's language."""
_FOREIGN = 10
"""How much later other such lines go in: after all that can be said in the language of the copy."""
_FULL = 1.03
_FILLED = 0.92


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that could go in, and its rank; `place` is where it stands among all lines.

    A `foreign` one says a fact in the source's language.
    """

    line: DraftLine
    rank: int
    place: int
    foreign: bool = False


def fit_draft(draft: CopyDraft, plan: CopyPlan, *, untranslated: bool = True) -> CopyDraft:
    """The draft with as many lines as there is room for: its own, and such as it does not have yet.

    The others are composed from the record, for every place of the plan that the draft has not
    dropped; without `untranslated`, only those that can be said in the language of the copy.
    """
    wording = Wording(draft.lang, draft.translations, draft.untranslated)
    composer = Composer(plan, wording, sample=draft.sample)
    own = {line.place: line for line in draft.lines}
    candidates: list[Candidate] = []
    for beat in plan.beats:
        composed = composer.line(beat)
        said = own.get(beat.place, composed)
        foreign = said is not None and any(
            wording.is_bracketed(f) for f in beat.facts if f.field in said.facts
        )
        line = own.get(beat.place, composed if untranslated or not foreign else None)
        if line and beat.place not in draft.dropped:
            rank = beat.rank + _FOREIGN if foreign and beat.rank > _DUE else beat.rank
            candidates.append(Candidate(line, rank, beat.place, foreign))
    brief, unfit = draft.brief, list[Removal]()
    if brief.kind in TIMED:
        chat = composer.chat_lines() if brief.kind == "script" and candidates else []
        chat = [line for line in chat if line.place not in draft.dropped]
        lines = _fit_time(candidates, chat, brief.seconds, draft.lang)
    else:
        lines, unfit = _fit_listing(candidates, brief.kind, plan.limits, draft.lang)
    return draft.model_copy(update={"lines": lines, "unfit": unfit})


def _fit_time(
    candidates: Sequence[Candidate], chat: Sequence[DraftLine], seconds: float, lang: str
) -> list[DraftLine]:
    """The lines to keep, in their places, within `TOLERANCE` of `seconds` where that can be.

    Lines of rank `ALWAYS` stay unless they alone run over, when the last selling points go. The
    others go in by rank while there is room, such as are foreign while the copy stays in its
    language; `chat` fills what the record cannot.
    """
    chosen = [c for c in candidates if c.rank == ALWAYS]
    most = seconds * (1 + TOLERANCE)
    while _length(chosen, lang) > most:
        points = [c for c in chosen if c.line.topic == "point"]
        if len(points) < 2:
            break
        chosen.remove(points[-1])
    for candidate in sorted(candidates, key=lambda c: c.rank):
        if candidate.rank == ALWAYS:
            continue
        added = [*chosen, candidate]
        if candidate.foreign and candidate.rank > _DUE and not _stays_in(lang, added):
            continue
        is_short = _length(chosen, lang) < seconds * _FILLED
        if _length(added, lang) <= (most if is_short else seconds * _FULL):
            chosen = added
    places = _last_places(chosen)
    for line in chat:
        if _length(chosen, lang) >= seconds * _FILLED:
            break
        added = [*chosen, Candidate(line, ALWAYS, places.get(line.section, -1))]
        if line.section in places and _length(added, lang) <= most:
            chosen = added
    return [c.line for c in sorted(chosen, key=lambda c: c.place)]


def _fit_listing(
    candidates: Sequence[Candidate], kind: CopyKind, limits: Limits, lang: str
) -> tuple[list[DraftLine], list[Removal]]:
    """The lines that a listing or a reply has room for, the first ones first, and the others."""
    kept: list[DraftLine] = []
    removals: list[Removal] = []
    for line in (candidate.line for candidate in candidates):
        reason = None
        if kind == "title" and limits.length(line.text) > limits.title:
            reason = f"a title may have {limits.title} characters"
        elif kind == "bullets" and len(kept) == limits.bullets:
            reason = f"the platform takes {limits.bullets} bullets"
        elif kind == "bullets" and limits.length(line.text) > limits.bullet:
            reason = f"a bullet may have {limits.bullet} characters"
        elif kind == "reply" and sum(len(k.text) + 1 for k in (*kept, line)) > REPLY_CHARS[lang]:
            reason = f"a reply may have {REPLY_CHARS[lang]} characters"
        if reason is None:
            kept.append(line)
        else:
            removals.append(Removal(text=line.text, reason=reason, cause="room"))
    return kept, removals


def _stays_in(lang: str, chosen: Sequence[Candidate]) -> bool:
    """True while most of what is said is in the language of the copy."""
    return detect_language(" ".join(c.line.text for c in chosen), default=lang) == lang


def _length(chosen: Sequence[Candidate], lang: str) -> float:
    return sum(speaking_seconds(c.line.text, lang) for c in chosen)


def _last_places(chosen: Sequence[Candidate]) -> dict[str, int]:
    """Where each section's last line stands; a chat line with the same place comes after it."""
    places: dict[str, int] = {}
    for candidate in chosen:
        section = candidate.line.section
        places[section] = max(candidate.place, places.get(section, -1))
    return places
