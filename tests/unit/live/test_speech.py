"""Sound is cut at pauses, else where it is quietest, and nothing that is said gets lost."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from live.sources import SOUND_RATE, AudioChunk
from live.speech import Span, Speech, SpeechCutter

Samples = NDArray[np.float32]


def _loud(samples: Samples) -> list[Span]:
    """Speech is what is not silent, in hundredths of a second."""
    step = SOUND_RATE // 100
    spans: list[Span] = []
    for start in range(0, len(samples), step):
        if np.abs(samples[start : start + step]).max() > 0.1:
            end = min(start + step, len(samples))
            if spans and spans[-1][1] == start:
                spans[-1] = spans[-1][0], end
            else:
                spans.append((start, end))
    return spans


def _sound(*parts: tuple[float, float]) -> Samples:
    """Seconds of a loudness each."""
    return np.concatenate(
        [np.full(round(seconds * SOUND_RATE), loudness, np.float32) for seconds, loudness in parts]
    )


def _cut(samples: Samples, *, longest_ms: int = 4000, piece: int = 3200) -> list[Speech]:
    cutter = SpeechCutter(longest_ms=longest_ms, find_speech=_loud)
    found: list[Speech] = []
    for at in range(0, len(samples), piece):
        chunk = AudioChunk(at * 1000 // SOUND_RATE, samples[at : at + piece])
        found += cutter.add(chunk)
    return found + cutter.finish()


def test_a_stretch_ends_at_a_pause() -> None:
    first, second = _cut(_sound((1.0, 0.0), (2.5, 0.5), (0.6, 0.0), (1.5, 0.5), (0.8, 0.0)))
    assert first.start_ms == pytest.approx(1000, abs=130)
    assert first.end_ms == pytest.approx(3500, abs=130)
    assert second.start_ms == pytest.approx(4100, abs=130)
    assert second.end_ms == pytest.approx(5600, abs=130)


def test_speech_without_a_pause_is_cut_where_it_is_quietest() -> None:
    first, *rest = _cut(_sound((3.0, 0.5), (0.1, 0.2), (4.0, 0.5)))
    assert 2950 <= first.end_ms <= 3250
    assert rest


def test_silence_gives_nothing_and_is_passed() -> None:
    cutter = SpeechCutter(longest_ms=4000, find_speech=_loud)
    assert cutter.add(AudioChunk(0, _sound((5.0, 0.0)))) == []
    assert cutter.heard_ms > 4500


def test_a_break_in_the_sound_ends_a_stretch() -> None:
    cutter = SpeechCutter(longest_ms=4000, find_speech=_loud)
    assert cutter.add(AudioChunk(0, _sound((1.0, 0.5)))) == []
    [before] = cutter.add(AudioChunk(9000, _sound((0.5, 0.5))))
    [after] = cutter.finish()
    assert (before.start_ms, before.end_ms) == (0, 1000)
    assert (after.start_ms, after.end_ms) == (9000, 9500)


@given(
    st.lists(
        st.tuples(st.integers(1, 60).map(lambda n: n / 10), st.sampled_from([0.0, 0.3, 0.8])),
        min_size=1,
        max_size=8,
    )
)
def test_every_loud_moment_is_in_a_stretch_and_none_is_too_long(
    parts: list[tuple[float, float]],
) -> None:
    sound = _sound(*parts)
    stretches = _cut(sound)
    covered = np.zeros(len(sound), dtype=bool)
    for speech in stretches:
        assert speech.end_ms - speech.start_ms <= 4000 + 600
        start = speech.start_ms * SOUND_RATE // 1000
        covered[start : start + len(speech.samples)] = True
    assert covered[np.abs(sound) > 0.1].all()
