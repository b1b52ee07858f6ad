"""Attributes out of product titles: ExtractGPT's sets, by code alone and with the model.

Data: the `train_0.2` splits of AE-110k (Xu et al. 2019) and OA-Mine (Zhang et al. 2022), published
with Brinkmann et al. 2023, "ExtractGPT: Exploring the Potential of Large Language Models for
Product Attribute Value Extraction" (Apache-2.0), read from `LIVECUE_EVAL_DATA`. Every attribute
that the set knows for a title's category is asked for; what is annotated for the title is counted.

Rules and prompt were written on the categories of the first half of the alphabet (`tuned on`); the
other half is reported apart.
"""

import asyncio
import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from agents.product_analyst import ProductAnalyst
from domain.settings import Settings
from evals.options import Options
from evals.report import EvalReport, Miss
from models.embeddings import EmbeddedE5
from models.opening import open_chat_model
from models.prompts import PromptLibrary
from models.store import ModelStore
from models.text_classifier import load_classifier
from stores.calls import CallStore
from stores.sql import open_database
from tools.attributes import read_attributes
from tools.extraction.sorting import ClauseSorter

FOLDER = Path("extractgpt")
SETS = ("ae-110k", "oa-mine")
TITLES = 60
"""Titles of each set: the embedded model takes some five seconds for one on two cores."""
SEED = 7
ABSENT = "n/a"


@dataclass(frozen=True)
class Title:
    """A title with its annotated attributes; `(n/a,)` marks one that it does not state."""

    text: str
    category: str
    targets: dict[str, tuple[str, ...]]
    asked: tuple[str, ...]


@dataclass
class Tally:
    """Brinkmann et al.'s five outcomes of an annotated attribute of a title.

    NN: no value wanted, none given. NV: none wanted, one given. VN: wanted, none given. VC: the
    given value is one of those wanted, character by character. VW: it is not.
    Precision = VC / (NV + VC + VW), recall = VC / (VN + VC + VW), F1 their harmonic mean, micro
    averaged over all attributes.
    """

    nn: int = 0
    nv: int = 0
    vn: int = 0
    vc: int = 0
    vw: int = 0
    misses: list[Miss] = field(default_factory=list[Miss])

    def count(self, title: Title, given: dict[str, str]) -> None:
        """Judge every annotated attribute of `title`."""
        for attribute, wanted in title.targets.items():
            value = given.get(attribute)
            if wanted[0] == ABSENT:
                self.nn += value is None
                self.nv += value is not None
                right = value is None
            else:
                right = value in wanted
                self.vn += value is None
                self.vc += right
                self.vw += value is not None and not right
            if not right:
                about = {"category": title.category, "attribute": attribute}
                self.misses.append(Miss(title.text, " | ".join(wanted), value or ABSENT, about))

    @property
    def precision(self) -> float:
        """VC / (NV + VC + VW)."""
        given = self.nv + self.vc + self.vw
        return self.vc / given if given else 0.0

    @property
    def recall(self) -> float:
        """VC / (VN + VC + VW)."""
        wanted = self.vn + self.vc + self.vw
        return self.vc / wanted if wanted else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def as_dict(self) -> dict[str, float | int]:
        """The shares to three digits and the five counts."""
        shares = {"f1": self.f1, "precision": self.precision, "recall": self.recall}
        counts = {name: int(getattr(self, name)) for name in ("nn", "nv", "vn", "vc", "vw")}
        return {name: round(value, 3) for name, value in shares.items()} | counts


def measure(options: Options) -> list[EvalReport]:
    """A row for each set: F1 on categories tuned on and on the others, without and with a model."""
    return [_measure_set(name, options) for name in SETS]


def _measure_set(name: str, options: Options) -> EvalReport:
    job, data = "attributes out of a title", f"ExtractGPT {name} train_0.2, {TITLES} titles"
    root = options.settings.eval_data
    path = root / FOLDER / f"{name}.train_0.2.jsonl" if root else None
    if path is None or not path.is_file():
        return EvalReport(job, data, missing="LIVECUE_EVAL_DATA does not hold it")
    titles = read_titles(path)
    tuned = tuned_categories(titles)
    sample = sample_titles(titles, TITLES)
    by_code = [read_attributes(t.text, t.category, t.asked).values for t in sample]
    began = perf_counter()
    with_model = asyncio.run(_ask(sample, options.settings, options.home))
    seconds = perf_counter() - began
    tallies: dict[str, Tally] = defaultdict(Tally)
    for title, code, full in zip(sample, by_code, with_model, strict=True):
        half = "tuned on" if title.category in tuned else "held out"
        for way, given in (("code alone", code), ("with the model", full)):
            tallies[f"{way}, {half}"].count(title, given)
            tallies[way].count(title, given)
    measures: dict[str, float | int] = {
        "F1 on held-out categories": round(tallies["with the model, held out"].f1, 3),
        "on categories tuned on": round(tallies["with the model, tuned on"].f1, 3),
        "by code alone, held out": round(tallies["code alone, held out"].f1, 3),
        "seconds a title": round(seconds / len(sample), 2),
    }
    details = {way: tally.as_dict() for way, tally in sorted(tallies.items())}
    misses = tuple(tallies["with the model"].misses)
    return EvalReport(job, data, len(sample), measures, details, misses)


def read_titles(path: Path) -> list[Title]:
    """The titles of a file, each with every attribute that its category has in the file."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    known: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        known[row["category"]] |= dict.fromkeys(row["target_scores"])
    return [
        Title(
            text=row["input"],
            category=row["category"],
            targets={
                name: tuple(value.strip() for value in values)
                for name, values in row["target_scores"].items()
            },
            asked=tuple(sorted(known[row["category"]])),
        )
        for row in rows
    ]


def tuned_categories(titles: Sequence[Title]) -> frozenset[str]:
    """The first half of the categories by the alphabet."""
    categories = sorted({title.category for title in titles})
    return frozenset(categories[: len(categories) // 2])


def sample_titles(titles: Sequence[Title], count: int) -> list[Title]:
    """`count` titles, from each category in turn as long as it has some, in a fixed order."""
    chance = random.Random(SEED)  # noqa: S311 - a fixed sample, no secret
    groups: dict[str, list[Title]] = defaultdict(list)
    for title in titles:
        groups[title.category].append(title)
    for name in sorted(groups):
        chance.shuffle(groups[name])
    rounds = range(max(map(len, groups.values()), default=0))
    taken = [groups[n][i] for i in rounds for n in sorted(groups) if i < len(groups[n])]
    return taken[:count]


async def _ask(
    titles: Sequence[Title], settings: Settings, home: Path | None
) -> list[dict[str, str]]:
    """What the analyst reads in each title; calls are journaled in `home`."""
    with tempfile.TemporaryDirectory(prefix="livecue-evals-") as folder:
        database = open_database((home or Path(folder)) / "attributes.sqlite")
        prompts = PromptLibrary()
        models = ModelStore(settings.models_path, settings.model_sources)
        async with AsyncExitStack() as stack:
            stack.callback(database.close)
            model = open_chat_model(settings, models, CallStore(database), prompts=prompts)
            stack.push_async_callback(model.aclose)
            embedder = EmbeddedE5()
            sorter = ClauseSorter(lambda: load_classifier("record_clauses", embedder))
            analyst = ProductAnalyst(model, prompts, sorter)
            return [await analyst.read_attributes(t.text, t.category, t.asked) for t in titles]
