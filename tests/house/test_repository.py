"""What the repository holds, and what it says about what it uses."""

import importlib.metadata
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
MIB = 1024 * 1024

GPL_PARTS = {
    "libx264": ("av", "imageio-ffmpeg"),
    "libx265": ("av", "imageio-ffmpeg"),
    "ffmpeg": ("imageio-ffmpeg",),
    "espeak": ("espeakng-loader",),
}
"""Names that NOTICE must hold when one of the distributions is installed."""


def tracked_files() -> list[Path]:
    """The files git tracks."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listing = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [ROOT / name for name in listing.split("\0") if name]


def test_no_tracked_file_is_over_two_mebibytes():
    large = [
        str(path.relative_to(ROOT))
        for path in tracked_files()
        if path.is_file() and path.stat().st_size > 2 * MIB
    ]
    assert large == []


def test_an_example_folder_stays_small():
    for folder in (path for path in (ROOT / "examples").iterdir() if path.is_dir()):
        size = sum(path.stat().st_size for path in folder.iterdir())
        assert size <= 400 * 1024, folder.name


def test_the_notice_names_every_model():
    notice = (ROOT / "NOTICE").read_text("utf-8")
    manifest = yaml.safe_load((ROOT / "models" / "manifest.yaml").read_text("utf-8"))
    inside_packages = ["Silero VAD", "PP-OCRv6", "multilingual-e5-small"]
    titles = inside_packages + [model["title"] for model in manifest["models"]]
    assert len(titles) > len(inside_packages)
    assert [title for title in titles if title not in notice] == []


def test_the_notice_names_every_gpl_part_that_is_installed():
    notice = (ROOT / "NOTICE").read_text("utf-8")
    installed = {
        str(distribution.metadata["Name"]).lower()
        for distribution in importlib.metadata.distributions()
    }
    missing = [
        part
        for part, bringers in GPL_PARTS.items()
        if installed.intersection(bringers) and part not in notice
    ]
    assert missing == []


def test_the_licence_is_apache_2():
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in licence
    assert "END OF TERMS AND CONDITIONS" in licence
