"""The index file of a stream's memory."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from stores.recall import Passage, RecallIndex

DIM = 8


def unit(*numbers: float) -> NDArray[np.float32]:
    vector = np.zeros(DIM, np.float32)
    vector[: len(numbers)] = numbers
    return vector / max(float(np.linalg.norm(vector)), 1e-6)


def passage(
    ref: str, terms: str, vector: NDArray[np.float32], at: int = 0, digest: str = ""
) -> Passage:
    return Passage(
        ref=ref, kind="utterance", digest=digest, product_id=None, start_ms=at, end_ms=at + 10,
        available_ms=at + 10, terms=frozenset(terms.split()), vector=vector,
    )  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "shop" / "s1.recall"


def opened(path: Path, embedder: str = "e5") -> RecallIndex:
    return RecallIndex(path, embedder, DIM)


def test_words_and_meaning_are_scored_apart(path: Path):
    index = opened(path)
    index.add([passage("a", "red mug", unit(1)), passage("b", "blue bag", unit(0, 1))], last_seq=2)
    scores = index.score(["mug"], unit(0, 1), 100)
    assert scores.words[0] > 0 == scores.words[1]
    assert scores.meaning == pytest.approx([0, 1], abs=0.01)
    assert index.refs([1, 0]) == ["b", "a"]
    assert index.last_seq == 2
    index.close()


def test_what_comes_later_changes_no_score(path: Path):
    index = opened(path)
    first = [passage(f"a{i}", "mug warm" if i % 3 else "mug", unit(1, i), i) for i in range(30)]
    index.add(first)
    before = index.score(["mug", "warm"], unit(1), 25)
    index.add([passage(f"b{i}", "warm day", unit(0, 1), 1000 + i) for i in range(600)])
    after = index.score(["mug", "warm"], unit(1), 25)
    assert after.words.tolist() == before.words.tolist()
    assert after.meaning.tolist() == before.meaning.tolist()
    assert len(before.numbers) == 16
    index.close()


def test_what_was_replaced_is_found_only_as_of_earlier(path: Path):
    index = opened(path)
    index.add([passage("event:e1", "mug", unit(1), digest="1")])
    assert index.add([passage("event:e1", "mug", unit(1), digest="1")]) == 0
    assert index.add([passage("event:e1", "bag", unit(0, 1), at=50, digest="2")]) == 1
    for moment, kept in ((9, []), (10, [0]), (59, [0]), (60, [1]), (1000, [1])):
        assert index.score(["mug"], unit(1), moment).numbers.tolist() == kept
    assert index.score(["mug"], unit(1), 20).words[0] > 0
    assert index.score(["bag"], unit(1), 100).words[0] > 0
    assert index.digests("utterance") == {("event:e1", "1"), ("event:e1", "2")}
    index.close()


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (0, 2, 1)])
@pytest.mark.parametrize("together", [True, False])
def test_versions_are_in_force_one_after_another_in_whatever_order_they_come(
    path: Path, order: tuple[int, ...], together: bool
):
    index = opened(path)
    versions = [passage("e1", f"v{i}", unit(1), at=100 * i, digest=f"{i}") for i in order]
    if together:
        assert index.add(versions) == 3
    else:
        assert [index.add([version]) for version in versions] == [1, 1, 1]
    for moment, version in ((10, 0), (109, 0), (110, 1), (209, 1), (210, 2), (9999, 2)):
        (number,) = index.score([], unit(1), moment).numbers
        assert order[number] == version
    index.close()


def test_another_stream_of_the_same_name_begins_anew(path: Path):
    index = RecallIndex(path, "e5", DIM, "made on monday")
    index.add([passage("a", "mug", unit(1))], last_seq=1)
    index.close()
    same = RecallIndex(path, "e5", DIM, "made on monday")
    assert same.last_seq == 1
    same.close()
    other = RecallIndex(path, "e5", DIM, "made on tuesday")
    assert other.last_seq == 0
    assert other.score(["mug"], unit(1), 100).numbers.tolist() == []
    other.close()


def test_it_holds_after_reopening_over_many_blocks(path: Path):
    index = opened(path)
    for start in range(0, 1300, 100):
        rows = [
            passage(f"p{i}", f"w{i % 13} all", unit(1, i), i) for i in range(start, start + 100)
        ]
        index.add(rows, last_seq=start + 100)
    index.close()
    again = opened(path)
    scores = again.score(["w5"], unit(1), 10**6)
    assert again.last_seq == 1300
    assert len(scores.numbers) == 1300
    assert np.flatnonzero(scores.words).tolist() == list(range(5, 1300, 13))
    expected = [float(unit(1, i) @ unit(1)) for i in range(1300)]
    assert scores.meaning == pytest.approx(expected, abs=0.01)
    again.close()


def test_another_embedder_or_a_broken_file_begins_anew(path: Path):
    index = opened(path)
    index.add([passage("a", "mug", unit(1))], last_seq=1)
    index.close()
    other = opened(path, "other")
    assert other.last_seq == 0
    assert other.score(["mug"], unit(1), 100).words.tolist() == []
    other.close()
    path.write_bytes(b"no database at all" * 100)
    mended = opened(path)
    assert mended.add([passage("a", "mug", unit(1))]) == 1
    mended.close()


def test_an_empty_index_has_no_scores(path: Path):
    index = opened(path)
    assert index.score(["mug"], unit(1), 100).words.tolist() == []
    index.close()
