"""`livecue clips`: list, show, edit, export, decide, rm; and how they refuse."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.scope import Scope
from stores.clips import ClipStore
from stores.sql import open_database
from tests.cli.conftest import Livecue
from tests.fakes.clips_to_make import stored_clip
from tests.serving import Served


@pytest.fixture
def clip_id(served: Served) -> Iterator[str]:
    """A clip that waits; no job waits with it."""
    database = open_database(served.settings.home_path / "livecue.sqlite")
    ClipStore(database).put(Scope(), stored_clip("clip_told"))
    yield "clip_told"
    database.close()


def test_clips_are_listed_and_shown(livecue: Livecue, clip_id: str):
    assert clip_id in livecue("clips", "list").out
    assert clip_id in [one["clip_id"] for one in livecue("clips", "list", "--json").json["clips"]]
    shown = livecue("clips", "show", clip_id)
    assert "problem_solution" in shown.out
    assert "Cold hands ruin every morning walk." in shown.out
    assert livecue("clips", "show", clip_id, "--json").json["status"] == "arranged"


def test_a_clip_is_edited_and_exported(livecue: Livecue, clip_id: str, tmp_path: Path):
    ran = livecue(
        "clips", "edit", clip_id, "--title", "Warm", "--effect", "theme=bold", "--effect",
        "bgm=none", "--effect", "subtitles=off", "--order", "p2,p1", "--word", "p1:0= Icy",
        "--json",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    timeline = ran.json
    assert (timeline["title"], timeline["version"]) == ("Warm", 3)
    assert [piece["piece_id"] for piece in timeline["pieces"]] == ["p2", "p1"]
    effects = timeline["effects"]
    assert (effects["theme"], effects["bgm"], effects["subtitles"]) == ("bold", None, False)
    out = tmp_path / "clip.srt"
    assert livecue("clips", "export", clip_id, out).code == 0
    assert "Icy hands" in out.read_text("utf-8")
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("edit", "clip_told", "--word", "p1=x"), "PIECE:NUMBER=TEXT"),
        (("edit", "clip_told", "--effect", "theme"), "NAME=VALUE"),
        (("export", "clip_told", "clip.doc"), "--kind"),
    ],
)
def test_what_cannot_be_read_is_a_usage_error(
    livecue: Livecue, clip_id: str, arguments: tuple[str, ...], told: str
):
    ran = livecue("clips", *arguments)
    assert ran.code == 2
    assert told in ran.err


def test_a_clip_that_is_not_rendered_has_no_film(livecue: Livecue, clip_id: str, tmp_path: Path):
    ran = livecue("clips", "export", clip_id, tmp_path / "clip.mp4")
    assert ran.code == 1
    assert "not rendered yet" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_clip_is_rejected_and_forgotten(livecue: Livecue, clip_id: str):
    assert "rejected" in livecue("clips", "reject", clip_id).out
    again = livecue("clips", "approve", clip_id)
    assert (again.code, "is rejected" in again.err) == (1, True)
    assert livecue("clips", "rm", clip_id).code == 0
    gone = livecue("clips", "show", clip_id, "--json")
    assert (gone.code, gone.json["error"]["code"]) == (1, "not_found")
