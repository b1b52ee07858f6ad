"""What has not changed is not rendered again; nothing half-written has a final name."""

import errno
import os
from pathlib import Path
from typing import NoReturn

import pytest

from domain.errors import InvalidInput, JobCancelled, LivecueError, NotFound, StorageFull
from domain.progress import Progress
from domain.timeline import Effects, Piece, Sticker, Timeline
from tests.fakes.recordings_to_cut import read_pictures, record, timeline, words
from tools.cutting import Assets, Rendered, render

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("r") / "show.mp4", seconds=10)


def spoken(said: str = "holds", **effects: object) -> Timeline:
    pieces = (
        Piece(piece_id="a", start_ms=1000, end_ms=2400, words=words("The mug is blue", 1100)),
        Piece(piece_id="b", start_ms=4000, end_ms=5400, words=words(f"It {said} 350 ml", 4100)),
        Piece(piece_id="c", start_ms=7000, end_ms=8400, words=words("Only $19.90 today", 7100)),
    )
    return timeline(pieces=pieces, rate_num=25, effects=worn(**effects))


def worn(**effects: object) -> Effects:
    given = {"cover": False, "bgm": None, "follow_subject": False} | effects
    return Effects.model_validate(given)


def cut(made: Timeline, recording: Path, folder: Path, **more: object) -> Rendered:
    assets = Assets(folder=folder / "assets")
    out, work = folder / "out" / "clip.mp4", folder / "work"
    return render(made, recording, out, work=work, assets=assets, preview=True, **more)  # type: ignore[arg-type]


def test_a_changed_word_renders_its_piece_alone(recording: Path, tmp_path: Path) -> None:
    first = cut(spoken(), recording, tmp_path)
    assert (first.made, first.kept) == (3, 0)
    before = read_pictures(first.video)
    again = cut(spoken("carries"), recording, tmp_path)
    assert (again.made, again.kept) == (1, 2)
    after = read_pictures(again.video)
    changed = [n for n, (a, b) in enumerate(zip(before, after, strict=True)) if (a != b).any()]
    assert changed
    assert min(changed) >= 35
    assert max(changed) < 70
    same = cut(spoken("carries"), recording, tmp_path)
    assert (same.made, same.kept) == (0, 3)
    assert same.receipt == again.receipt


def test_subtitles_stand_while_their_words_are_said(recording: Path, tmp_path: Path) -> None:
    made = spoken(theme="bold")
    with_text = read_pictures(cut(made, recording, tmp_path).video)
    plain = read_pictures(cut(spoken(subtitles=False), recording, tmp_path / "plain").video)
    shown = [n for n, (a, b) in enumerate(zip(with_text, plain, strict=True))
             if abs(a.astype(int) - b)[len(a) // 2 :].max() > 60]  # fmt: skip
    # Words begin 100 ms into each piece of 35 frames, at frame 2.5, and stay to be read.
    for first in (0, 35, 70):
        own = [n - first for n in shown if first <= n < first + 35]
        assert own[0] in (2, 3)
        assert own == list(range(own[0], 35))


def test_a_transition_takes_nothing_from_the_sound_or_the_length(
    recording: Path, tmp_path: Path
) -> None:
    cut_hard = cut(spoken(), recording, tmp_path)
    for kind in ("fade", "slide"):
        faded = cut(spoken(transition=kind, transition_ms=400), recording, tmp_path)
        assert faded.frames == cut_hard.frames
        assert faded.loudness == cut_hard.loudness


def test_stickers_are_seen_when_they_are_due(recording: Path, tmp_path: Path) -> None:
    sticker = Sticker(kind="badge", text="New", start_ms=1600, end_ms=2000, x=0.2, y=0.3)
    drawn = read_pictures(cut(spoken(stickers=(sticker,)), recording, tmp_path).video)
    plain = read_pictures(cut(spoken(), recording, tmp_path).video)
    differs = [n for n, (a, b) in enumerate(zip(drawn, plain, strict=True))
               if abs(a.astype(int) - b)[: len(a) // 2, : a.shape[1] // 2].max() > 60]  # fmt: skip
    assert differs == list(range(40, 50))


def test_a_cancelled_clip_leaves_nothing_but_finished_pieces(
    recording: Path, tmp_path: Path
) -> None:
    done: list[int] = []

    def told(step: Progress) -> None:
        if step.stage == "pictures":
            done.append(step.done or 0)

    with pytest.raises(JobCancelled):
        cut(
            spoken(), recording, tmp_path, progress=told, cancelled=lambda: max(done, default=0) > 0
        )
    assert not (tmp_path / "out" / "clip.mp4").exists()
    left = [path for path in (tmp_path / "work" / "shots").iterdir() if path.suffix != ".mp4"]
    assert left == []
    finished = len(list((tmp_path / "work" / "shots").glob("*.mp4")))
    assert finished >= 1
    assert cut(spoken(), recording, tmp_path).kept == finished


def test_a_full_disk_is_told_and_the_old_clip_stays(
    recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = cut(spoken(), recording, tmp_path).video.read_bytes()

    def full(*_: object, **__: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("tools.cutting.rendering.join", full)
    with pytest.raises(StorageFull, match=r"clip\.mp4"):
        cut(spoken("carries"), recording, tmp_path)
    assert (tmp_path / "out" / "clip.mp4").read_bytes() == old
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["clip.mp4"]


@pytest.mark.parametrize(
    ("effects", "error", "told"),
    [
        ({"theme": "none"}, NotFound, "theme none"),
        ({"bgm": "none"}, NotFound, "music none"),
        ({"transition": "spin"}, InvalidInput, "transition spin"),
        ({"background": "blur"}, LivecueError, "finds persons"),
        ({"stickers": (Sticker(kind="badge", text="", start_ms=0, end_ms=9),)}, InvalidInput,
         "no text"),
        ({"stickers": (Sticker(kind="badge", text="x", start_ms=9000, end_ms=9900),)},
         InvalidInput, "9000 to 9900"),
    ],
)  # fmt: skip
def test_what_there_is_not_is_named(
    recording: Path,
    tmp_path: Path,
    effects: dict[str, object],
    error: type[LivecueError],
    told: str,
) -> None:
    with pytest.raises(error, match=told):
        cut(spoken().model_copy(update={"effects": worn(**effects)}), recording, tmp_path)
    assert not (tmp_path / "out" / "clip.mp4").exists()


def test_pieces_must_lie_in_the_recording(recording: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"p0 ends at 11\.000 s, but show\.mp4 at 10"):
        cut(timeline((9000, 11_000)), recording, tmp_path)
    with pytest.raises(InvalidInput, match="no pieces"):
        cut(timeline(), recording, tmp_path)
