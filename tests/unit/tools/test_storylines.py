"""Storylines: the exact search against brute force, templates, variants, pictures."""

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from domain.clip_brief import ClipBrief
from domain.errors import InvalidInput
from domain.experiment_report import TemplateWeights
from domain.recording import Candidate, Highlight, Picture, Segment, SpeechTag, TaggedUtterance
from domain.storyline import INDUSTRIES, Slot, Template
from tests.fakes.clips_to_make import SPEECH, follow_evenly, tagged_speech
from tools.storylines import (
    Arranger,
    Goal,
    Material,
    Stretch,
    are_different,
    industry_of,
    load_templates,
    missing_wanted,
    rate,
    search,
    templates_for,
    write_timeline,
)

Array = NDArray[np.float64]

T = SpeechTag
TAGS = [T.PAIN_POINT, T.FUNCTION, T.CALL_TO_ACTION]
UTTERANCES = 7


@st.composite
def stretches(draw: st.DrawFn) -> Stretch:
    first = draw(st.integers(0, UTTERANCES - 2))
    last = draw(st.integers(first + 1, min(first + 2, UTTERANCES - 1)))
    length = draw(st.integers(900, 4000))
    return Stretch(
        first, last, first * 4000, first * 4000 + length, 1, draw(st.sampled_from(TAGS)),
        0.5, 0.5, draw(st.floats(0, 1)),
    )  # fmt: skip


@st.composite
def problems(draw: st.DrawFn) -> tuple[Template, list[list[Stretch]], Goal, Array]:
    count = draw(st.integers(2, 4))
    optional = [draw(st.booleans()) for _ in range(count)]
    optional[draw(st.integers(0, count - 1))] = False
    slots = tuple(Slot(tags=(T.FUNCTION,), optional=one) for one in optional)
    template = Template(
        name="drawn", industry="general", about="-", slots=slots, in_order=draw(st.booleans())
    )
    choices = [draw(st.lists(stretches(), max_size=4)) for _ in slots]
    weights = draw(st.dictionaries(st.sampled_from(["", *TAGS]), st.floats(-0.2, 0.2)))
    used = draw(st.sets(st.integers(0, UTTERANCES)))
    goal = Goal(
        draw(st.integers(2000, 12_000)),
        tolerance=0.25,
        bigrams=lambda _, other: weights.get(other, 0.0),
        used=lambda s: sum(n in used for n in range(s.first, s.last)) / (s.last - s.first),
    )
    seed = draw(st.integers(0, 2**16))
    return template, choices, goal, np.random.default_rng(seed).random((UTTERANCES, UTTERANCES + 1))


def every_story(
    template: Template, choices: Sequence[Sequence[Stretch]], goal: Goal
) -> Iterator[list[Stretch]]:
    ways = [
        [*row, None] if slot.optional else list(row)
        for slot, row in zip(template.slots, choices, strict=True)
    ]
    for way in product(*ways):
        parts = [one for one in way if one is not None]
        said = [n for one in parts for n in range(one.first, one.last)]
        length = sum(one.duration_ms for one in parts)
        ordered = not template.in_order or said == sorted(said)
        once = bool(parts) and len(set(said)) == len(said)
        if once and ordered and goal.least_ms <= length <= goal.most_ms:
            yield parts


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_search_finds_what_brute_force_finds(
    problem: tuple[Template, list[list[Stretch]], Goal, Array],
):
    template, choices, goal, follows = problem
    scores = [rate(one, goal, follows) for one in every_story(template, choices, goal)]
    found = search(template, choices, goal, follows)
    assert found.proven
    assert (found.story is None) == (not scores)
    if found.story is not None:
        assert found.story.score == pytest.approx(max(scores), abs=1e-5)


def material(banned: set[int] | None = None, words: Sequence[str] = ()) -> Material:
    tagged = tagged_speech()
    return Material(tagged, [whole(tagged)], banned=banned or set(), words=words)


def whole(tagged: Sequence[TaggedUtterance]) -> Segment:
    return Segment(
        number=1, start_ms=0, end_ms=tagged[-1].utterance.end_ms, first=0, last=len(tagged),
        product_id=None, title="All",
    )  # fmt: skip


def said(numbers: frozenset[int]) -> set[str]:
    return {SPEECH[number][0] for number in numbers}


def test_every_industry_has_storylines_that_differ():
    for industry in INDUSTRIES:
        found = load_templates(industry)
        assert len(found) >= 3
        shapes = {tuple(slot.tags for slot in one.slots) for one in found}
        assert len(shapes) == len(found)
    assert {one.industry for one in templates_for("beauty")} == {"beauty", "general"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "industry: home\ntemplates:\n- {name: a_b, about: x, slots: [{tags: [nonsense]}]}",
            "tags",
        ),
        ("industry: food\ntemplates:\n- {name: a_b, about: x, slots: [{tags: [style]}]}", "home"),
        ("industry: home\ntemplates: []", "list templates"),
        ("- [", "home.yaml"),
    ],
)
def test_a_template_file_that_is_wrong_is_named(tmp_path: Path, text: str, told: str):
    (tmp_path / "home.yaml").write_text(text, "utf-8")
    with pytest.raises(InvalidInput, match=told):
        load_templates("home", tmp_path)


@pytest.mark.parametrize(
    ("category", "industry"),
    [
        ("Skincare / serums", "beauty"),
        ("女装 连衣裙", "fashion"),
        ("Steak knives", "general"),
        ("Kitchen lamps", "home"),
        (None, "general"),
    ],
)
def test_an_industry_is_told_by_the_category(category: str | None, industry: str):
    assert industry_of(category) == industry


def test_variants_differ_and_last_what_they_should():
    brief = ClipBrief(seconds=15, variants=3)
    told = Arranger(follow_evenly).arrange(material(), templates_for("general"), brief)
    assert len(told.storylines) == 3
    for number, story in enumerate(told.storylines):
        assert 13_500 <= story.duration_ms <= 16_500
        assert all(are_different(story, other) for other in told.storylines[:number])


def test_what_is_unwanted_never_comes_and_what_is_wanted_does():
    brief = ClipBrief(seconds=15, wanted=(T.SOCIAL_PROOF,), unwanted=(T.PRICE_PROMO,))
    [story] = (
        Arranger(follow_evenly).arrange(material(), templates_for("general"), brief).storylines
    )
    assert not missing_wanted(story, brief.wanted)
    assert not any("dollars" in text for text in said(story.utterances))


def test_banned_utterances_and_openers_are_kept_out():
    brief = ClipBrief(seconds=12, variants=2)
    banned = {1, 3}
    for story in (
        Arranger(follow_evenly)
        .arrange(material(banned), templates_for("general"), brief)
        .storylines
    ):
        assert banned.isdisjoint(story.utterances)
    closed = Material(tagged_speech(), [whole(tagged_speech())], no_openers=set(range(15)))
    assert not Arranger(follow_evenly).arrange(closed, templates_for("general"), brief).storylines


def test_the_audience_s_words_draw_what_is_said_for_them():
    brief = ClipBrief(seconds=9, audience=("dog walkers",))
    told = Arranger(follow_evenly).arrange(
        material(words=brief.audience), templates_for("general"), brief
    )
    assert 11 in told.storylines[0].utterances


def test_without_tags_the_best_moments_come_in_their_order():
    tagged = [one.model_copy(update={"tags": ()}) for one in tagged_speech()]
    plain = Material(tagged, [whole(tagged)])
    told = Arranger(follow_evenly).arrange(
        plain, templates_for("general"), ClipBrief(seconds=15, variants=2)
    )
    assert [one.template for one in told.storylines] == ["best_moments"] * 2
    for story in told.storylines:
        starts = [part.start_ms for part in story.parts]
        assert starts == sorted(starts)


def test_what_experiments_taught_changes_the_order_of_tags():
    brief = ClipBrief(seconds=15)
    plain = Arranger(follow_evenly).arrange(material(), templates_for("general"), brief)
    liked = TemplateWeights(
        industry="general", bigrams={"^>audience": 40.0}, templates={}, changes=()
    )
    taught = Arranger(follow_evenly, liked).arrange(material(), templates_for("general"), brief)
    assert plain.storylines[0].parts[0].tag is not T.AUDIENCE
    assert taught.storylines[0].parts[0].tag is T.AUDIENCE


@pytest.mark.parametrize(
    ("own", "other", "taken"), [(0.0, 0.0, True), (0.9, 0.0, False), (0.0, 0.9, False)]
)
def test_another_picture_is_shown_only_where_nobody_is_seen_to_speak(
    own: float, other: float, taken: bool
):
    tagged = tagged_speech()
    brief = ClipBrief(seconds=9)
    [story] = (
        Arranger(follow_evenly).arrange(material(), templates_for("general"), brief).storylines
    )
    part = story.parts[0]
    looks = [
        Highlight(
            start_ms=at, end_ms=at + 1000, score=0.1,
            signals={"person": own if at < 80_000 else other},
        )
        for at in range(0, 100_000, 1000)
    ]  # fmt: skip
    better = Picture(start_ms=85_000, end_ms=95_000, score=0.9)
    candidate = Candidate(
        tag=part.tag or T.STYLE, start_ms=part.start_ms, end_ms=part.end_ms, utterances=(),
        segment=1, appeal=0.5, text="", pictures=(better,),
    )  # fmt: skip
    timeline = write_timeline(
        story, tagged, timeline_id="t", recording_id="r", brief=brief, product_id=None, lang="en",
        title="Mug", highlights=looks, candidates=[candidate],
    )  # fmt: skip
    assert timeline.pieces[0].picture_ms == (85_000 if taken else None)
    assert timeline.pieces[0].words[0].text == tagged[part.first].utterance.words[0].text
