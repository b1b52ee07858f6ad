"""Clips of real speech are heard again: no word at a cut is hurt."""

import difflib
import re
from pathlib import Path

import pytest

from domain.settings import Settings
from domain.timeline import ClipWord, Effects, Piece
from models.asr import load_transcriber
from models.store import ModelStore
from tests.fakes.recordings_to_cut import ffmpeg, timeline
from tools.cutting import Assets, render, snap_cuts
from tools.cutting.word_safe import Side

SPEECH = Path(__file__).parents[4] / "examples" / "broadcast"


def heard_words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.casefold())


@pytest.mark.models
@pytest.mark.slow
def test_no_word_is_cut(tmp_path: Path) -> None:
    speech = sorted(SPEECH.rglob("*.opus")) or sorted(SPEECH.rglob("*.ogg"))
    recording = tmp_path / "show.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=60", "-t", "60", "-i", str(speech[0]),
           "-map", "0:v", "-map", "1:a", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac",
           "-shortest", str(recording))  # fmt: skip
    settings = Settings()
    store = ModelStore(settings.models_path, settings.model_sources)
    transcriber = load_transcriber(settings, store)
    said = [u for u in transcriber.transcribe(recording) if len(u.words) >= 4]
    words = [ClipWord(text=w.text, start_ms=w.start_ms, end_ms=w.end_ms)
             for u in said for w in u.words]  # fmt: skip
    chosen = said[1:6:2]
    edges: list[tuple[int, Side]] = []
    for utterance in chosen:
        edges.append((utterance.words[0].start_ms, "start"))
        edges.append((utterance.words[-1].end_ms, "end"))
    cuts = snap_cuts(recording, edges, words)
    pieces = tuple(
        Piece(piece_id=f"p{n}", start_ms=cuts[2 * n], end_ms=cuts[2 * n + 1])
        for n in range(len(chosen))
    )
    plain = Effects(subtitles=False, cover=False, bgm=None, follow_subject=False)
    clip = render(timeline(pieces=pieces, effects=plain), recording, tmp_path / "clip.mp4",
                  work=tmp_path / "work", assets=Assets(folder=tmp_path), preview=True)  # fmt: skip
    again = heard_words(" ".join(u.text for u in transcriber.transcribe(clip.video)))
    wanted = heard_words(" ".join(u.text for u in chosen))
    matched = difflib.SequenceMatcher(None, wanted, again, autojunk=False)
    kept = sum(block.size for block in matched.get_matching_blocks())
    assert kept / len(wanted) >= 0.9
    for utterance in chosen:
        for edge in (heard_words(utterance.text)[:1], heard_words(utterance.text)[-1:]):
            assert edge[0] in again, (edge, again)
