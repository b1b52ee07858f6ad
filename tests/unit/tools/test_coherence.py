import numpy as np
import pytest

from domain.recording import SpeechTag as T
from domain.settings import Settings
from models.text_classifier import WEIGHTS
from tests.fakes.tag_classifier import TagClassifier
from tests.fakes.word_embedder import WordEmbedder
from tools.coherence import Coherence, load_coherence
from tools.tagging import Tagger


@pytest.fixture(scope="module")
def model() -> Coherence:
    return load_coherence(Settings())


def test_no_pairs_have_no_scores_and_load_nothing():
    def load() -> WordEmbedder:
        raise AssertionError("loaded")

    scores = Coherence(WEIGHTS / "coherence.npz", load, lambda: Tagger(TagClassifier)).score([])
    assert scores.shape == (0,)


def test_a_sentence_is_embedded_and_tagged_once():
    embedder, classifier = WordEmbedder(dim=384), TagClassifier({"b": {T.STYLE: 0.9}})
    model = Coherence(
        WEIGHTS / "coherence.npz", lambda: embedder, lambda: Tagger(lambda: classifier)
    )
    scores = model.score([("a", "b"), ("b", "c"), ("a", "c"), ("a", "b")])
    assert embedder.embedded == ["a", "b", "c"]
    assert classifier.asked == [["a", "b", "c"]]
    assert scores.dtype == np.float32
    assert scores[0] == scores[3]
    assert ((scores > 0) & (scores < 1)).all()


@pytest.mark.models
@pytest.mark.parametrize(
    ("first", "second", "stranger"),
    [
        (
            "So this is the Brenholt kettle, a gooseneck kettle for pour-over coffee.",
            "It holds nine hundred millilitres and the spout pours thin and slow.",
            "Fold the scarf once and pull the ends through the loop.",
        ),
        (
            "这个滤水壶一共三点五升，滤芯有四层。",
            "第一层是无纺布，然后是椰壳活性炭，把余氯滤掉。",
            "这件大衣的领子可以立起来，显得脖子很长。",
        ),
        (
            "Marlene is asking whether it works on induction.",
            "Yes, there is a steel plate in the base, so induction is fine.",
            "These earbuds run nine hours and the case charges them twice.",
        ),
    ],
)
def test_what_follows_scores_above_what_is_about_something_else(
    model: Coherence, first: str, second: str, stranger: str
):
    follows, strays = model.score([(first, second), (first, stranger)])
    assert follows > strays


@pytest.mark.models
def test_a_recording_starts_with_its_greeting(model: Coherence):
    greeting = "Hello everyone, welcome in, good evening!"
    intro = "First up tonight, this is the Juniper lamp, a reading lamp for your desk."
    right, wrong = model.score([(greeting, intro), (intro, greeting)])
    assert right > wrong
