"""Product segments of a broadcast: found borders against true ones, on unseen products.

Whole segments of the rows for speech tags are said one after another (`evals/recording_rows.py`);
how many there are is not told.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

from domain.recording import TaggedUtterance, TagScores
from evals.cutting_baselines import cut_by_c99, cut_by_tiling
from evals.kept_vectors import KeptVectors
from evals.options import Options
from evals.recording_rows import FOLDER, SETS, Concatenation, concatenate, read_segments, timed
from evals.report import EvalReport
from evals.segmentation import border_matches, f1, window_errors
from models.embeddings import EmbeddedE5
from tools.segmentation import find_segments
from tools.tagging import load_tagger

Cutter = Callable[[Sequence[str]], Sequence[int]]

_ROUNDS = 4
_TOLERANCE = 1


def measure(options: Options) -> list[EvalReport]:
    """One report for each set of rows; methods of the literature beside ours."""
    tagger = load_tagger(options.settings)
    embedder = KeptVectors(EmbeddedE5(threads=options.settings.threads.embedding), None)

    tags: dict[str, TagScores] = {}

    def cut(texts: Sequence[str]) -> list[int]:
        new = [text for text in dict.fromkeys(texts) if text not in tags]
        tags.update(zip(new, tagger.tag(new), strict=True))
        tagged = [
            TaggedUtterance(
                utterance=said, tags=tags[said.text].tags, scores=tags[said.text].scores
            )
            for said in timed(texts)
        ]
        found = find_segments(tagged, products=(), embedder=embedder)
        return [segment.first for segment in found[1:]]

    reports: list[EvalReport] = []
    for name in SETS:
        job = f"product segments, {name}"
        segments = read_segments(name)
        if segments is None:
            missing = f"{FOLDER.name} holds no {name}.jsonl"
            reports.append(EvalReport(job=job, data="committed, blind", missing=missing))
            continue
        made = concatenate(segments, rounds=_ROUNDS)
        ours, details = _score(made, cut)
        tiling, _ = _score(made, cut_by_tiling)
        ranks, _ = _score(made, cut_by_c99)
        reports.append(
            EvalReport(
                job=job,
                data="segments of two other hands, joined by seed",
                rows=len(made),
                measures={
                    **ours,
                    "Pk of C99": ranks["Pk"],
                    "Pk of TextTiling": tiling["Pk"],
                },
                details={"by language": details},
            )
        )
    return reports


def _score(
    made: Sequence[Concatenation], cut: Cutter
) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Means over broadcasts, over all and by language."""
    rows: defaultdict[str, list[dict[str, float]]] = defaultdict(list)
    for one in made:
        found = cut(one.texts)
        pk, difference = window_errors(found, one.borders, len(one.texts))
        hits = border_matches(found, one.borders, _TOLERANCE)
        row = {
            "Pk": pk,
            "WindowDiff": difference,
            "border F1": f1(hits, len(found), len(one.borders)),
            "found of true segments": (len(found) + 1) / (len(one.borders) + 1),
        }
        rows["all"].append(row)
        rows[one.lang].append(row)
    means = {name: _mean(part) for name, part in rows.items()}
    return means.pop("all", {}), means


def _mean(rows: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: round(sum(row[name] for row in rows) / len(rows), 3) for name in rows[0]}
