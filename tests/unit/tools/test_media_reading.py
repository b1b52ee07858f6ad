import struct
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from domain.errors import InvalidInput, JobCancelled, LimitExceeded, LivecueError
from domain.evidence import Passage, Source
from domain.progress import Progress
from domain.settings import Limits, Settings
from models.asr import load_transcriber
from models.ocr import OcrLine, load_ocr
from models.store import ModelStore
from tests.fakes.media import Frame, Says, Sees, line, tone, write_sound, write_video
from tools.documents.media import read_media
from tools.documents.reading import ReadContext

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).parents[3] / "examples"

RED, GREEN, BLUE = (200, 30, 30), (30, 200, 30), (30, 30, 200)


def plain(colour: tuple[int, int, int], width: int = 320, height: int = 180) -> Frame:
    return np.full((height, width, 3), colour, dtype=np.uint8)


def by_colour(
    red: list[OcrLine] | None = None,
    green: list[OcrLine] | None = None,
    blue: list[OcrLine] | None = None,
) -> Sees:
    choices = red or [], green or [], blue or []
    return Sees(lambda colour: choices[colour.index(max(colour))])


def read(
    path: Path,
    *,
    says: Says | None = None,
    sees: Sees | None = None,
    limits: Limits | None = None,
    terms: tuple[str, ...] = (),
    progress: Callable[[Progress], None] = lambda _event: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Passage]:
    source = Source(source_id="s1", file=path.name, kind="video", media_type="x", blob="0", size=1)
    context = ReadContext(
        limits or Limits(),
        lambda: sees or by_colour(),
        lambda: says or Says(),
        terms=terms,
        progress=progress,
        cancelled=cancelled,
    )
    return read_media(source, path, context)


@pytest.mark.parametrize(
    ("ending", "codec"),
    [(".m4a", "aac"), (".mp4", "aac"), (".wav", "pcm_s16le"), (".flac", "flac"), (".mkv", "aac")],
)
def test_speech_becomes_passages_with_their_second(tmp_path: Path, ending: str, codec: str):
    path = write_sound(tmp_path / f"talk{ending}", tone(3), codec)
    says = Says(["It holds three hundred fifty millilitres of emberlo tea."])
    (passage,) = read(path, says=says, terms=("Emberlow",))
    assert passage.text == "It holds 350 millilitres of Emberlow tea."
    assert passage.locator.second == 1.0
    assert passage.confidence == 0.9
    assert says.terms == ("Emberlow",)
    assert says.heard[0] == pytest.approx(3, abs=0.2)


def test_a_long_talk_is_cut_where_it_is_quiet_and_times_go_on(tmp_path: Path):
    sound = np.concatenate([tone(30), np.zeros(16_000, np.int16), tone(40)])
    events: list[Progress] = []
    says = Says(["One.", "Two.", "Three."])
    passages = read(
        write_sound(tmp_path / "talk.flac", sound, "flac"), says=says, progress=events.append
    )
    assert says.heard[0] == pytest.approx(30.5, abs=0.5)
    assert sum(says.heard) == pytest.approx(71, abs=0.1)
    seconds = [passage.locator.second for passage in passages]
    assert seconds == [1.0, *(pytest.approx(1.0 + sum(says.heard[:n]), abs=0.02) for n in (1, 2))]
    assert (events[-1].done, events[-1].total, events[-1].unit) == (71, 71, "seconds")


def test_chinese_is_simplified_and_endless_speech_is_parted(tmp_path: Path):
    path = write_sound(tmp_path / "talk.wav", tone(3), "pcm_s16le")
    said = (
        "這款保溫杯容量是五百毫升,今天直播價一百二十九塊九 平時賣一百九十九元,顏色有黑色和白色,"
        "四十八小時內發貨,支持七天無理由退換,喜歡的朋友可以直接下單購買"
    )
    says = Says([said])
    passages = read(path, says=says)
    assert [passage.text for passage in passages] == [
        "这款保温杯容量是500毫升，今天直播价129.9元，平时卖199元",
        "颜色有黑色和白色，48小时内发货",
        "支持7天无理由退换，喜欢的朋友可以直接下单购买",
    ]
    seconds = [passage.locator.second or 0 for passage in passages]
    assert seconds == sorted(seconds)
    assert seconds[0] < seconds[-1]


def test_lines_on_the_screen_come_once_where_first_seen(tmp_path: Path):
    label = line("TIGRIS MUG 500 ml", (10, 10, 150, 30))
    misread = line("TIGRlS MUG 500 ml", (11, 10, 150, 30), 0.7)
    other = line("TIGRIS MUG 600 ml", (10, 10, 150, 30))
    noise = line("ii", (200, 100, 210, 110), 0.6)
    sees = by_colour([label], [misread, noise], [other])
    path = write_video(tmp_path / "v.mp4", [plain(RED), plain(GREEN), plain(BLUE), plain(RED)])
    passages = read(path, sees=sees)
    assert [(p.text, p.locator.second, p.confidence) for p in passages] == [
        ("TIGRIS MUG 500 ml", 0.0, 0.95),
        ("TIGRIS MUG 600 ml", 4.0, 0.95),
    ]
    assert passages[0].locator.box == (10, 10, 150, 30)
    assert len(sees.shapes) == 4


def test_a_still_picture_is_read_once_and_a_small_change_is_seen(tmp_path: Path):
    still = by_colour([line("Mug", (1, 1, 30, 10))])
    read(write_video(tmp_path / "still.mp4", [plain(RED)], each=6), sees=still)
    assert len(still.shapes) == 1
    changed = plain(RED)
    changed[150:170, 100:220] = 255
    twice = by_colour([line("Mug", (1, 1, 30, 10))])
    read(write_video(tmp_path / "caption.mp4", [plain(RED), changed]), sees=twice)
    assert len(twice.shapes) == 2


@pytest.mark.parametrize("every_frame_key", [False, True])
def test_frames_are_capped_and_spread(tmp_path: Path, every_frame_key: bool):
    pictures = [plain((RED, GREEN, BLUE)[n % 3]) for n in range(12)]
    path = write_video(tmp_path / "v.mp4", pictures, each=1, every_frame_key=every_frame_key)
    sees = by_colour([line("Mug", (1, 1, 30, 10))])
    read(path, sees=sees, limits=Limits(video_frames=4))
    assert 3 <= len(sees.shapes) <= 4


@pytest.mark.parametrize(("rotation", "shape"), [(0, (180, 320, 3)), (90, (320, 180, 3))])
def test_a_phone_video_is_read_upright(tmp_path: Path, rotation: int, shape: tuple[int, ...]):
    sees = by_colour([line("Mug", (1, 1, 30, 10))])
    read(write_video(tmp_path / "v.mp4", [plain(RED)], rotation=rotation), sees=sees)
    assert sees.shapes == [shape]


def test_a_turned_frame_lies_as_the_display_matrix_says(tmp_path: Path):
    marked = plain(RED)
    marked[:90, :160] = BLUE  # upper left of the stored frame, lower left once turned left by 90°
    sees = by_colour([line("upper left is red", (1, 1, 90, 10))], blue=[])
    passages = read(write_video(tmp_path / "v.mp4", [marked], rotation=90), sees=sees)
    assert [p.text for p in passages] == ["upper left is red"]


def test_a_subtitle_is_not_told_twice_but_another_price_is(tmp_path: Path):
    says = Says(["今天直播价一百二十九元，容量五百毫升。"])
    shown = [
        line("今天直播价129元", (10, 150, 200, 170)),
        line("到手价119元", (10, 10, 150, 30)),
        line("直播价139元", (10, 60, 150, 80)),
    ]
    path = write_video(tmp_path / "v.mp4", [plain(RED)], each=3, sound=tone(3))
    texts = [p.text for p in read(path, says=says, sees=by_colour(shown))]
    assert texts == ["到手价119元", "直播价139元", "今天直播价129元，容量500毫升。"]


def test_a_subtitle_long_after_the_words_stays(tmp_path: Path):
    pictures = [plain(RED), plain(GREEN), plain(BLUE)]
    path = write_video(tmp_path / "v.mp4", pictures, each=3, sound=tone(9))
    sees = by_colour(blue=[line("Holds 350 ml", (10, 150, 200, 170))])
    texts = [p.text for p in read(path, says=Says(["It holds 350 ml."]), sees=sees)]
    assert texts == ["It holds 350 ml.", "Holds 350 ml"]


def test_running_counters_and_text_being_written_are_followed(tmp_path: Path):
    shades = [(level, level, level) for level in range(60, 260, 40)]
    told = ["Pure", "Pure cotton", "Pure cotton mug bag", "Pure cotton mug bag", "Soft"]

    def look(colour: tuple[int, int, int]) -> list[OcrLine]:
        step = min(range(5), key=lambda n: abs(shades[n][0] - colour[0]))
        clock = line(f"00:00:0{step}", (0, 0, 60, 12))
        return [clock, line(told[step], (10, 100, 100 + 10 * step, 120))]

    path = write_video(tmp_path / "v.mp4", [plain(shade) for shade in shades], each=1)
    passages = read(path, sees=Sees(look))
    assert [(p.text, p.locator.second) for p in passages] == [
        ("Pure cotton mug bag", 0.0),
        ("Soft", 4.0),
    ]


def test_media_without_words_is_refused(tmp_path: Path):
    with pytest.raises(InvalidInput, match=r"talk\.m4a holds no speech"):
        read(write_sound(tmp_path / "talk.m4a", tone(1)))
    video = write_video(tmp_path / "v.mp4", [plain(RED)], sound=tone(1))
    with pytest.raises(InvalidInput, match=r"v\.mp4 holds neither speech nor readable text"):
        read(video)


def torn(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 5])
    return path


@pytest.mark.parametrize(
    ("ending", "codec"),
    [(".m4a", "aac"), (".wav", "pcm_s16le"), (".flac", "flac"), (".mkv", "aac"), (".mp3", "mp3")],
)
def test_a_file_that_is_cut_off_is_named(tmp_path: Path, ending: str, codec: str):
    path = torn(write_sound(tmp_path / f"talk{ending}", tone(20), codec))
    with pytest.raises(InvalidInput, match=rf"talk\{ending} is .*cut off"):
        read(path)


@pytest.mark.parametrize(
    "content",
    [
        b"Dear host, the mug holds 350 ml.",
        b"\x00\x00\x00\x18ftypmp42" + bytes(64),
        b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(40),
        b"RIFF\xff\xff\xff\xffWAVEfmt \x10\x00\x00\x00" + bytes(16),
        b"\x1aE\xdf\xa3\x01\xff\xff\xff\xff\xff\xff\xff",
    ],
)
def test_what_is_no_media_is_named(tmp_path: Path, content: bytes):
    path = tmp_path / "talk.mp4"
    path.write_bytes(content)
    with pytest.raises(InvalidInput, match=r"talk\.mp4"):
        read(path)


@pytest.mark.parametrize(
    "playlist",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{0}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '{0}'\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n",
    ],
)
def test_a_playlist_opens_no_other_file(tmp_path: Path, playlist: str):
    other = write_sound(tmp_path / "other.wav", tone(1), "pcm_s16le")
    path = tmp_path / "list.mp4"
    path.write_text(playlist.format(other.name))
    with pytest.raises(InvalidInput, match=r"list\.mp4 is no audio or video"):
        read(path, says=Says(["a secret"]))


def test_protected_media_is_named(tmp_path: Path):
    path = write_sound(tmp_path / "song.m4a", tone(1))
    path.write_bytes(path.read_bytes().replace(b"mp4a", b"enca", 1))
    with pytest.raises(InvalidInput, match=r"song\.m4a is encrypted"):
        read(path)


def test_four_hours_are_refused_fast_whatever_the_header_says(tmp_path: Path):
    path = write_sound(tmp_path / "long.wav", np.zeros(8, np.int16), "pcm_s16le")
    seconds = 4 * 3600
    with path.open("wb") as out:  # 8-bit, 1 kHz: a sparse file
        size = seconds * 1000
        head = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 1000, 1000, 1, 8)
        out.write(b"RIFF" + struct.pack("<I", 36 + size) + head)
        out.write(b"data" + struct.pack("<I", size))
        out.truncate(44 + size)
    began = time.monotonic()
    with pytest.raises(LimitExceeded, match=r"long\.wav plays for more than 7,200") as caught:
        read(path)
    assert "LIVECUE_LIMITS__MEDIA_SECONDS" in caught.value.hint
    assert time.monotonic() - began < 5


def test_a_header_that_states_too_little_does_not_hide_the_rest(tmp_path: Path):
    path = write_sound(tmp_path / "talk.m4a", tone(8))
    data = bytearray(path.read_bytes())
    for box in (b"mvhd", b"mdhd"):
        at = data.index(box) + 4 + 16  # version, flags, two times, time scale
        data[at : at + 4] = struct.pack(">I", 1)
    path.write_bytes(bytes(data))
    says = Says(["All of it."])
    read(path, says=says)
    assert says.heard[0] > 7
    with pytest.raises(LimitExceeded):
        read(path, limits=Limits(media_seconds=5))


def test_frames_too_large_are_refused(tmp_path: Path):
    path = write_video(tmp_path / "v.mp4", [plain(RED)])
    with pytest.raises(LimitExceeded, match="more than 1,000 pixels") as caught:
        read(path, limits=Limits(image_pixels=1000))
    assert "LIVECUE_LIMITS__IMAGE_PIXELS" in caught.value.hint


def test_flipped_bytes_never_bring_the_reader_down(tmp_path: Path):
    original = write_video(tmp_path / "v.mp4", [plain(RED)], sound=tone(2)).read_bytes()
    random = np.random.default_rng(7)
    for attempt in range(8):
        data = bytearray(original)
        for place in random.integers(0, len(data), 40):
            data[place] = random.integers(0, 256)
        path = tmp_path / f"odd{attempt}.mp4"
        path.write_bytes(bytes(data))
        with suppress(LivecueError):
            read(path, says=Says(["Heard."]))


@pytest.mark.parametrize("after", [0, 3, 6])
def test_a_cancel_is_heeded(tmp_path: Path, after: int):
    pictures = [plain((RED, GREEN, BLUE)[n % 3]) for n in range(9)]
    path = write_video(tmp_path / "v.mp4", pictures, each=1, sound=tone(9))
    asked: list[Progress] = []
    with pytest.raises(JobCancelled, match=r"v\.mp4"):
        read(path, progress=asked.append, cancelled=lambda: len(asked) > after)


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    kept = tmp_path / "temporary"
    kept.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(kept))
    path = write_video(tmp_path / "v.mp4", [plain(RED)], sound=tone(1))
    with pytest.raises(InvalidInput):
        read(path)
    assert list(kept.iterdir()) == []


@pytest.mark.models
def test_the_example_clip_tells_what_is_said_and_shown():
    settings = Settings()
    ocr = load_ocr(settings)
    transcriber = load_transcriber(settings, ModelStore(settings.models_path))
    path = EXAMPLES / "dog-harness" / "packing-room.mp4"
    source = Source(source_id="s", file=path.name, kind="video", media_type="x", blob="0", size=1)
    passages = read_media(
        source, path, ReadContext(settings.limits, lambda: ocr, lambda: transcriber)
    )
    shown = [passage.text for passage in passages if passage.locator.box is not None]
    said = " ".join(passage.text for passage in passages if passage.locator.box is None)
    assert "Shell 100% recycled nylon" in shown
    assert shown.count("WICKALOO") == 1
    assert "The medium weighs 210 grams." in said
    assert [p.locator.second for p in passages] == sorted(p.locator.second or 0 for p in passages)
