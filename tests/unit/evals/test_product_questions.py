"""The open questions about products, their baseline, and vectors kept between runs."""

from pathlib import Path

import numpy as np
import pytest

from domain.settings import Settings
from evals.attribute_ranking import first_right, measure
from evals.bm25 import rank_bm25
from evals.kept_vectors import KeptVectors
from evals.options import Options
from evals.product_questions import FOLDS, fold_of, read_questions, say_attribute
from tests.fakes.word_embedder import WordEmbedder

ATTRIBUTES = """qid\tqa_pair_id\tquestion\tcandidate\tlabel
1\t10\tis it red?\t"color:  { value:""red"" }"\t1
1\t11\tis it red?\tbatteries_required:  { value:false }\t0
2\t12\tIs it RED\tnum_keys:  { value:3 }\t0
"""
SENTENCES = """qid,question,ASIN,candidate,source,qa_pair_id,title,label,answer
5,does it float?,B0,"it floats, mostly.",review,1,A duck,2,it floats
5,does it float?,B0,it is yellow.,review,2,A duck,0,
5,does it float?,B0,"item_weight:  { unit:grams, value:9 }",attribute,3,A duck,1,
"""


@pytest.mark.parametrize(
    ("candidate", "said"),
    [
        ("item_weight:  { unit:pounds, value:1.83 }", "item weight: 1.83 pounds"),
        ('"brand:  { value:""and1"" }"', "brand: and1"),
        (
            (
                "item_dimensions:  { width:{ unit:inches, normalized_value:{ unit:inches, value:9 }"
                ", value:9 }, length:{ unit:inches, decimal_value:12.5 } }"
            ),
            "item dimensions: width 9 inches, length 12.5 inches",
        ),
        (
            "battery:  { cell_composition:[ { value:lithium_ion } ] }",
            "battery: cell composition lithium ion",
        ),
    ],
)
def test_an_attribute_reads_as_a_field_of_a_record(candidate: str, said: str):
    assert say_attribute(candidate) == said


def test_attributes_are_read_by_question(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text(ATTRIBUTES, "utf-8")
    first, second = read_questions(path, "semipqa")
    assert first.texts == ("color: red", "batteries required: false")
    assert first.labels == (2, 0)
    assert first.answerable
    assert not second.answerable
    assert first.fold == second.fold  # the same question, however written, is never split


def test_sentences_are_read_by_product(tmp_path: Path):
    path = tmp_path / "b.csv"
    path.write_text(SENTENCES, "utf-8")
    (only,) = read_questions(path, "epqa")
    assert only.texts == ("it floats, mostly.", "it is yellow.", "item weight: 9 grams")
    assert only.labels == (2, 0, 1)
    assert only.fold == fold_of("B0") < FOLDS
    assert first_right([only], lambda one: [0.1, 0.0, 0.9]) == 0  # an answer in part is none
    assert first_right([only], lambda one: [0.9, 0.0, 0.1]) == 1


def test_bm25_prefers_rare_words():
    scores = rank_bm25("red lid", ["the red cup", "the red lid", "the red box", "nothing"])
    assert int(np.argmax(scores)) == 1
    assert scores[3] == 0
    assert rank_bm25("red", [""]) == [0]


def test_vectors_are_kept_between_runs(tmp_path: Path):
    first = KeptVectors(WordEmbedder(), tmp_path)
    vectors = first.embed_passages(["one", "two", "one"])
    first.keep()
    again = KeptVectors(WordEmbedder(), tmp_path)
    again.embed_queries(["one"])
    assert np.allclose(again.embed_passages(["two", "one"]), vectors[[1, 0]], atol=1e-3)


def test_without_the_data_nothing_is_measured(tmp_path: Path):
    reports = measure(Options(Settings(eval_data=tmp_path)))
    assert [report.missing for report in reports] == ["LIVECUE_EVAL_DATA does not hold it"] * 2
