"""The label photos of examples/, read by the real OCR."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.evidence import Source
from models.ocr import OcrReader
from tests.fakes.reading import text_context
from tools.documents import DocumentReader
from tools.extraction import extract_facts

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


@pytest.mark.models
@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        (
            "kiln-mug",
            {
                ("specs", "Capacity", "350 ml"),
                ("specs", "Weight", "390 g"),
                ("specs", "Height", "9.5 cm"),
                ("specs", "Made in", "Portugal"),
                ("warnings", None, "not for oven or open flame"),
            },
        ),
        (
            "silk-quilt-zh",
            {
                ("name", None, "桑蚕丝夏凉被"),
                ("materials", None, "100%桑蚕丝"),
                ("specs", "填充物净重", "500克"),
                ("certifications", None, "GB/T 24252-2019"),
                ("warnings", None, "不可水洗，不可漂白"),
            },
        ),
    ],
)
def test_a_label_photo_gives_facts_with_boxes(
    folder: str, expected: set[tuple[str, str | None, str]]
) -> None:
    path = EXAMPLES / folder / "label.jpg"
    source = Source(
        source_id="label",
        file=path.name,
        kind="image",
        media_type="image/jpeg",
        blob="0",
        size=path.stat().st_size,
    )
    passages = DocumentReader(replace(text_context(), ocr=OcrReader)).read(source, path)
    facts = extract_facts(passages).facts
    assert expected <= {(fact.field, fact.key, fact.value) for fact in facts}
    for fact in facts:
        box = fact.evidence.locator.box
        assert box is not None
        assert 0 <= box[0] < box[2] <= 1280
        assert 0 <= box[1] < box[3] <= 960
