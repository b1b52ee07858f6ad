from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.embeddings import EmbeddedE5
from models.tuned_e5 import TunedE5

TEXTS = ["So this is the kettle.", "好，我们来看下一款。", "thirty-nine dollars"]
pytestmark = pytest.mark.models


def write(path: Path, name: str, values: np.ndarray):
    arrays: dict[str, Any] = {name: values}
    np.savez(path, **arrays)


@pytest.fixture(scope="module")
def plain() -> np.ndarray:
    return EmbeddedE5().embed_passages(TEXTS)


def test_a_tuning_without_numbers_changes_nothing(tmp_path: Path, plain: np.ndarray):
    np.savez(tmp_path / "none.npz")
    tuned = TunedE5(tmp_path / "none.npz")
    vectors = tuned.embed_passages(TEXTS)
    assert (vectors * plain).sum(axis=1).min() > 0.999
    assert tuned.name.endswith("+none")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("l11.oln.b", np.linspace(-1, 1, 384, dtype=np.float16)),
        ("l11.q.w", np.full((384, 12), 0.02, np.float16)),
    ],
)
def test_its_numbers_take_the_place_of_the_files(
    tmp_path: Path, plain: np.ndarray, name: str, values: np.ndarray
):
    write(tmp_path / "some.npz", name, values)
    tuned = TunedE5(tmp_path / "some.npz").embed_passages(TEXTS)
    assert np.allclose(np.linalg.norm(tuned, axis=1), 1, atol=1e-4)
    assert (tuned * plain).sum(axis=1).max() < 0.999


def test_the_plain_engine_beside_it_stays_as_it_was(tmp_path: Path, plain: np.ndarray):
    write(tmp_path / "bias.npz", "l0.aln.b", np.ones(384, np.float32))
    TunedE5(tmp_path / "bias.npz").embed_passages(TEXTS)
    assert np.allclose(EmbeddedE5().embed_passages(TEXTS), plain, atol=1e-5)


def test_numbers_of_another_file_are_refused(tmp_path: Path):
    write(tmp_path / "odd.npz", "l99.q.w", np.ones(3))
    with pytest.raises(KeyError, match="l99"):
        TunedE5(tmp_path / "odd.npz").embed_passages(TEXTS)
