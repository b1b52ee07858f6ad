import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from evals import comments as measured
from evals.options import Options
from models.ocr import OcrReader
from tools.comments import FrameReading, read_frame, recognize

pytestmark = pytest.mark.models

FRAMES = Path(__file__).parent / "comment_frames"

INLINE = [
    ("西瓜", "价格能再低点吗"),
    ("小鱼儿", "能用消费券吗"),
    ("李阿姨", "666"),
    ("一叶知秋", "老板大气"),
    ("大脸猫", "退货运费谁出"),
    ("小王子2008", "晚上好"),
    ("王小二", "还有库存吗"),
]
STACKED = [
    ("Sofia Ramirez", "first time here"),
    ("marco.rossi", "it's 100% cotton right"),
    ("Mei Ling", "what is the difference between the pro version and the lite version"),
    ("jenny's corner", "How many ml in one bottle: 30 or 50?"),
]
PANEL = [
    "今天下单明天能到吗，周末要送人的，比较着急",
    "1",
    "看看里面",
    "有没有小号的",
    "主播穿的什么码",
    "颜色会不会掉",
    "39码有吗",
]
FLYING = [
    "第一次来",
    "LV同款吗",
    "链接呢",
    "什么时候发货",
    "新疆包邮吗？",
    "求link",
    "哈哈哈哈",
    "太贵了",
]


@pytest.fixture(scope="module")
def ocr() -> OcrReader:
    return OcrReader(threads=2)


def read(name: str, ocr: OcrReader) -> FrameReading:
    image = cv2.imread(str(FRAMES / f"{name}.jpg"))
    assert image is not None
    return read_frame(np.asarray(image, np.uint8), ocr)


def plain(text: str | None) -> str:
    return "".join((text or "").split())


def test_bubbles_with_user_and_text_on_a_row(ocr: OcrReader):
    reading = read("inline", ocr)
    assert [(c.user, c.text) for c in reading.comments] == INLINE
    for x, y in ((460, 765), (100, 520), (150, 925), (250, 160), (95, 62)):
        assert recognize(reading, x, y).text is None  # card, gift, input bar, poster, host


def test_names_above_texts(ocr: OcrReader):
    reading = read("stacked", ocr)
    found = [(plain(c.user), plain(c.text)) for c in reading.comments]
    assert found == [(plain(user), plain(text)) for user, text in STACKED]
    for x, y in ((460, 750), (100, 510), (390, 155), (150, 925)):
        assert recognize(reading, x, y).text is None


def test_a_side_panel_without_its_notices(ocr: OcrReader):
    reading = read("panel", ocr)
    assert [c.text for c in reading.comments] == PANEL
    for x, y in ((700, 420), (720, 348), (700, 232), (280, 90), (170, 470), (800, 512)):
        assert recognize(reading, x, y).text is None


def test_flying_comments(ocr: OcrReader):
    reading = read("flying", ocr)
    texts = [c.text for c in reading.comments]
    assert all(c.user is None for c in reading.comments)
    assert [text for text in FLYING if text not in texts] == []


def test_the_measure_counts_what_was_clicked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ocr: OcrReader
):
    comment = read("inline", ocr).comments[0]
    x, y = (comment.box[0] + comment.box[2]) / 2, (comment.box[1] + comment.box[3]) / 2
    shutil.copy(FRAMES / "inline.jpg", tmp_path)
    frame = {"frame": "inline.jpg", "layout": "douyin", "lang": "zh", "difficulty": "easy"}
    click = {"image": "inline.jpg", "x": x, "y": y, "is_question": True}
    clicks = [
        {**click, "id": "a", "kind": "comment", "user": "西瓜", "text": "价格能再低点吗"},
        {**click, "id": "b", "kind": "comment", "user": "冬瓜", "text": "别的什么话"},
        {**click, "id": "c", "kind": "null", "user": None, "text": None},
        {**click, "id": "d", "kind": "null", "user": None, "text": None, "x": 400, "y": 600},
    ]
    (tmp_path / "frames.jsonl").write_text(json.dumps(frame))
    (tmp_path / "clicks.jsonl").write_text("\n".join(json.dumps(row) for row in clicks))
    monkeypatch.setenv("LIVECUE_EVAL_COMMENTS", str(tmp_path))
    easy, hard = measured.measure(Options())
    halves = dict.fromkeys(("CER<=0.1", "exact", "user", "null"), 0.5)
    assert easy.measures == halves | {"question F1": 1.0, "question F1, of the read": 1.0}
    assert [miss.row for miss in easy.misses] == ["b", "c"]
    assert easy.details["by layout"] == {"douyin": halves}
    assert hard.rows == 0
