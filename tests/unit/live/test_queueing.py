"""Queues, pauses and paces, with a wall clock that the test moves."""

import threading

import numpy as np

from domain.settings import Streaming
from live.sources.media import AudioChunk, Effort, NoticeKind, SourceNotice, VideoFrame
from live.sources.outbox import Outbox
from live.sources.pacing import Pace
from live.sources.retrying import Retry
from live.sources.sampling import FrameSampler


def frame(at_ms: int) -> VideoFrame:
    return VideoFrame(at_ms, 2, 2, lambda: np.zeros((2, 2, 3), np.uint8))


def chunk(at_ms: int) -> AudioChunk:
    return AudioChunk(at_ms, np.zeros(1600, np.float32))


def drain(box: Outbox) -> list[object]:
    box.finish()
    return list(iter(lambda: box.get(0), None))


def test_a_full_live_box_drops_the_oldest_picture_and_says_so():
    box = Outbox(frames=2, sound_ms=1000)
    for at_ms in range(0, 500, 100):
        box.put(frame(at_ms), wait=False)
        box.put(chunk(at_ms), wait=False)
    events = drain(box)
    assert [e.at_ms for e in events if isinstance(e, VideoFrame)] == [300, 400]
    assert len([e for e in events if isinstance(e, AudioChunk)]) == 5
    notices = [e for e in events if isinstance(e, SourceNotice)]
    assert [notice.kind for notice in notices] == [NoticeKind.GAP]
    assert box.frames_dropped == 3


def test_sound_is_dropped_beyond_its_bound_only():
    box = Outbox(frames=2, sound_ms=300)
    for at_ms in range(0, 500, 100):
        box.put(chunk(at_ms), wait=False)
    kept = [e.start_ms for e in drain(box) if isinstance(e, AudioChunk)]
    assert kept == [200, 300, 400]
    assert box.sound_dropped_ms == 200


def test_a_recording_waits_for_room_and_close_lets_it_go():
    box = Outbox(frames=1, sound_ms=1000)
    box.put(frame(0), wait=True)
    waiting = threading.Thread(target=lambda: box.put(frame(1), wait=True), daemon=True)
    waiting.start()
    waiting.join(0.05)
    assert waiting.is_alive()
    assert box.get(1) is not None
    waiting.join(2)
    assert not waiting.is_alive()
    stuck = threading.Thread(target=lambda: box.put(frame(2), wait=True), daemon=True)
    stuck.start()
    box.close()
    stuck.join(2)
    assert not stuck.is_alive()
    assert box.frames_dropped == 0


def test_pauses_double_up_to_the_cap_and_then_it_gives_up():
    wall = [0.0]
    settings = Streaming(retry_seconds=1, retry_cap_seconds=4, give_up_seconds=60)
    retry = Retry(settings, listens=False, now=lambda: wall[0], draw=lambda: 0.0)
    assert [retry.next_pause() for _ in range(4)] == [1, 2, 4, 4]
    wall[0] = 60
    assert retry.next_pause() is None


def test_a_steady_connection_makes_the_next_pause_short_again():
    wall = [0.0]
    settings = Streaming(retry_seconds=1, retry_cap_seconds=8, give_up_seconds=10)
    retry = Retry(settings, listens=False, now=lambda: wall[0], draw=lambda: 1.0)
    assert [retry.next_pause() for _ in range(3)] == [0.5, 1, 2]
    wall[0] = 9
    retry.media_came()
    assert retry.next_pause() == 4
    retry.media_came()
    wall[0] = 19
    retry.media_came()
    assert retry.next_pause() == 0.5


def test_who_waits_for_the_first_sender_never_gives_up():
    wall = [0.0]
    retry = Retry(Streaming(), listens=True, now=lambda: wall[0], draw=lambda: 0.0)
    retry.next_pause()
    wall[0] = 100_000
    assert retry.next_pause() is not None
    retry.media_came()
    retry.next_pause()
    wall[0] = 200_000
    assert retry.next_pause() is None


def test_a_paced_recording_shows_its_lag_and_steps_down():
    wall = [0.0]
    pace = Pace(1.0, slips_after=None, behind_ms=1500, now=lambda: wall[0])
    assert pace.pause(0) == 0
    assert pace.pause(400) == 0.4
    efforts: list[tuple[int, Effort]] = []
    for late in (0.25, 1.0, 2.0, 1.0, 0.25):
        wall[0] = 10 + late
        pace.pause(10_000)
        efforts.append((pace.lag_ms, pace.effort))
    assert efforts == [
        (250, Effort.ALL),
        (1000, Effort.REFERENCES),
        (2000, Effort.KEYS),
        (1000, Effort.KEYS),
        (250, Effort.ALL),
    ]


def test_live_data_that_had_to_be_waited_for_is_not_late():
    wall = [0.0]
    pace = Pace(None, slips_after=0.02, behind_ms=1500, now=lambda: wall[0])
    pace.pause(0)
    wall[0] = 5
    pace.waited(5.0)
    pace.pause(100)
    assert pace.lag_ms == 0
    wall[0] = 7
    pace.waited(0.001)
    pace.pause(200)
    assert pace.lag_ms == 1900


def test_the_sampler_takes_the_first_picture_of_each_interval():
    sampler = FrameSampler(1000)
    times = range(0, 4000, 40)
    assert [at for at in times if sampler.wants(at)] == [0, 1000, 2000, 3000]
    sampler.interval_ms = 500
    assert [at for at in range(4000, 5200, 40) if sampler.wants(at)] == [4000, 4520, 5000]
    assert not sampler.wants(4600)
