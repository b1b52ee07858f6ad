import json
import os
import threading
from collections.abc import Generator

import numpy as np
import pytest

from domain.errors import ModelOutputInvalid, ModelRefused, ModelUnavailable
from domain.settings import Endpoint, Settings
from models.embeddings import (
    E5_BATCHING,
    EmbeddedE5,
    Embedder,
    EndpointEmbedder,
    Vectors,
    load_embedder,
)
from tests.fakes.model_endpoint import ModelEndpoint, Reply, listening


def embed_lengths(_path: str, body: bytes) -> Reply:
    """Vectors (length of the text, 1, 0), given back in reverse order."""
    texts: list[str] = json.loads(body)["input"]
    rows = [
        {"object": "embedding", "index": at, "embedding": [float(len(text)), 1.0, 0.0]}
        for at, text in enumerate(texts)
    ]
    return 200, {"object": "list", "model": "m", "data": rows[::-1], "usage": {}}


@pytest.fixture
def endpoint() -> Generator[ModelEndpoint]:
    with listening(ModelEndpoint(embed_lengths)) as running:
        yield running


def client(endpoint: ModelEndpoint) -> EndpointEmbedder:
    return EndpointEmbedder(Endpoint(base_url=endpoint.address, model="m", max_retries=0))


@pytest.mark.models
def test_a_question_finds_its_fact_in_the_other_language():
    embedder = EmbeddedE5()
    facts = embedder.embed_passages(["容量: 350毫升", "发货: 48小时内", "颜色: 奶油白"])
    scores = facts @ embedder.embed_queries(["How many millilitres does it hold?"])[0]
    assert int(np.argmax(scores)) == 0


@pytest.mark.models
def test_vectors_have_length_one_and_blanks_are_like_nothing():
    vectors = EmbeddedE5().embed_passages(["mug", "  ", "", "a\0b", "\ud800 half", "长" * 50_000])
    assert vectors.shape == (6, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 0, 0, 1, 1, 1], abs=1e-5)


@pytest.mark.models
def test_a_text_counts_up_to_its_limit():
    embedder = EmbeddedE5()
    long = "mug " * (E5_BATCHING.text_chars // 4)
    cut, longer = embedder.embed_passages([long, long + "and a whole other story" * 99])
    assert np.array_equal(cut, longer)


@pytest.mark.models
def test_threads_share_one_embedder_and_agree():
    embedder = EmbeddedE5()
    texts = [f"passage {number} about a ceramic mug" for number in range(20)]
    alone = embedder.embed_passages(texts)
    together: list[Vectors] = []
    threads = [
        threading.Thread(target=lambda: together.append(embedder.embed_passages(texts)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(together) == 4
    assert all(np.allclose(alone, other, atol=1e-6) for other in together)


@pytest.mark.models
def test_loading_leaves_the_environment_as_it_was(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    EmbeddedE5(threads=1).embed_queries(["mug"])
    assert "OMP_NUM_THREADS" not in os.environ


def test_an_endpoint_is_asked_in_batches_and_its_rows_are_put_in_order(endpoint: ModelEndpoint):
    texts = ["x" * (1 + number % 7) for number in range(150)]
    vectors = client(endpoint).embed_passages([*texts, " "])
    expected = np.array([[len(text), 1.0, 0.0] for text in texts])
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    assert np.allclose(vectors[:-1], expected, atol=1e-6)
    assert not vectors[-1].any()
    assert [len(json.loads(body)["input"]) for _, body in endpoint.asked] == [1, 64, 64, 22]


def test_too_few_vectors_are_not_taken(endpoint: ModelEndpoint):
    endpoint.answer = lambda path, body: (200, {**embed_lengths(path, body)[1], "data": []})
    with pytest.raises(ModelOutputInvalid, match="0 vectors for 1 texts"):
        client(endpoint).embed_queries(["mug"])


@pytest.mark.parametrize(
    ("status", "error"), [(401, ModelRefused), (429, ModelUnavailable), (503, ModelUnavailable)]
)
def test_an_endpoints_refusal_is_typed(
    endpoint: ModelEndpoint, status: int, error: type[Exception]
):
    endpoint.answer = lambda _path, _body: (status, {"error": {"message": "no"}})
    with pytest.raises(error, match=str(status)):
        client(endpoint).embed_queries(["mug"])


def test_an_endpoint_that_is_not_there_is_named(unused_tcp_port: int):
    embedder = EndpointEmbedder(
        Endpoint(base_url=f"http://127.0.0.1:{unused_tcp_port}/v1", model="m", max_retries=0)
    )
    with pytest.raises(ModelUnavailable, match="cannot be reached") as caught:
        embedder.embed_queries(["mug"])
    assert "LIVECUE_EMBEDDING__BASE_URL" in caught.value.hint


def test_an_endpoint_without_a_model_name_says_which_setting():
    embedder = EndpointEmbedder(Endpoint(base_url="http://127.0.0.1:9/v1"))
    with pytest.raises(ModelRefused) as caught:
        embedder.embed_queries(["mug"])
    assert "LIVECUE_EMBEDDING__MODEL" in caught.value.hint


def test_the_settings_choose():
    chosen: Embedder = load_embedder(
        Settings(embedding=Endpoint(base_url="http://h/v1", model="m"))
    )
    assert isinstance(chosen, EndpointEmbedder)
    assert isinstance(load_embedder(Settings()), EmbeddedE5)
