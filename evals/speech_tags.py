"""Speech tags: which of the 21 an utterance carries, on rows of other hands."""

from collections import defaultdict
from collections.abc import Sequence

from domain.recording import SpeechTag
from evals.options import Options
from evals.recording_rows import FOLDER, SETS, SpokenSegment, read_segments
from evals.report import EvalReport, Miss, share
from tools.tagging import load_tagger

Tags = frozenset[SpeechTag]


def measure(options: Options) -> list[EvalReport]:
    """One report for each set of rows; the classifier alone, no model is asked."""
    tagger = load_tagger(options.settings)
    reports: list[EvalReport] = []
    for name in SETS:
        job = f"speech tags, {name}"
        segments = read_segments(name)
        if segments is None:
            missing = f"{FOLDER.name} holds no {name}.jsonl"
            reports.append(EvalReport(job=job, data="committed, blind", missing=missing))
            continue
        texts = [one.text for segment in segments for one in segment.utterances]
        found = [frozenset(scores.tags) for scores in tagger.tag(texts)]
        reports.append(_report(job, segments, found))
    return reports


def _report(job: str, segments: Sequence[SpokenSegment], found: Sequence[Tags]) -> EvalReport:
    rows = [
        (f"{segment.segment}:{number}", segment, one)
        for segment in segments
        for number, one in enumerate(segment.utterances, 1)
    ]
    wanted = [one.tags for _, _, one in rows]
    parts: defaultdict[str, list[int]] = defaultdict(list)
    for index, (_, segment, _) in enumerate(rows):
        parts[segment.lang].append(index)
        parts[f"{segment.lang} {segment.style}"].append(index)
    by_tag = {str(tag): f1_of(wanted, found, [tag]) for tag in SpeechTag}
    return EvalReport(
        job=job,
        data="by two other hands, never looked at",
        rows=len(rows),
        measures={
            "micro-F1": f1_of(wanted, found),
            "macro-F1": round(sum(by_tag.values()) / len(by_tag), 3),
            "per-label accuracy": _accuracy(wanted, found),
            "of no tag at all": _accuracy(wanted, [Tags()] * len(wanted)),
        },
        details={
            "F1 by tag": by_tag,
            "micro-F1 by part": {
                name: f1_of([wanted[i] for i in places], [found[i] for i in places])
                for name, places in sorted(parts.items())
            },
            "utterances by tag": {
                str(tag): sum(tag in tags for tags in wanted) for tag in SpeechTag
            },
        },
        misses=tuple(
            Miss(
                row=name,
                wanted=" ".join(sorted(one.tags)),
                got=" ".join(sorted(tags)),
                about={"lang": segment.lang, "style": segment.style},
            )
            for (name, segment, one), tags in zip(rows, found, strict=True)
            if one.tags != tags
        ),
    )


def f1_of(
    wanted: Sequence[Tags], found: Sequence[Tags], tags: Sequence[SpeechTag] | None = None
) -> float:
    """F1 over all decisions on `tags` (all 21 by default) together."""
    counted = frozenset(SpeechTag if tags is None else tags)
    hits = sum(len(a & b & counted) for a, b in zip(wanted, found, strict=True))
    total = sum(len(one & counted) for one in (*wanted, *found))
    return share(2 * hits, total)


def _accuracy(wanted: Sequence[Tags], found: Sequence[Tags]) -> float:
    wrong = sum(len(a ^ b) for a, b in zip(wanted, found, strict=True))
    total = len(wanted) * len(SpeechTag)
    return share(total - wrong, total)
