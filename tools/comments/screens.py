"""Comments on screenshots: a picture is read once, and then answers every click."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable

from pydantic import BaseModel, ConfigDict

from domain.errors import InvalidInput
from tools.comments.recognizing import FrameReading, LineReader, read_frame, recognize
from tools.pictures import decode_picture
from tools.questions.detection import QuestionDetector


class ClickedComment(BaseModel):
    """What was clicked: `text` is None for nothing, `user` where the layout shows none.

    Between two comments `text` is the nearer one's and `alternatives` holds both.
    """

    model_config = ConfigDict(frozen=True)

    user: str | None = None
    text: str | None = None
    is_question: bool | None = None
    alternatives: tuple["ClickedComment", ...] = ()


class ScreenReader:
    """Reads screenshots and answers clicks on them; the last `kept` readings are remembered."""

    def __init__(
        self,
        ocr: Callable[[], LineReader],
        questions: QuestionDetector,
        *,
        max_bytes: int,
        max_pixels: int,
        kept: int = 32,
    ) -> None:
        self._ocr = ocr
        self._questions = questions
        self._max_bytes = max_bytes
        self._max_pixels = max_pixels
        self._kept = kept
        self._readings: OrderedDict[str, tuple[FrameReading, int, int]] = OrderedDict()
        self._lock = threading.Lock()

    def click(self, data: bytes, x: float, y: float, *, name: str) -> ClickedComment:
        """The comment at a pixel of the picture `data` (JPEG, PNG or WebP), turned upright.

        Raises:
            InvalidInput: it is no picture, or the pixel lies outside it.
            LimitExceeded: it is larger than the settings allow.
        """
        reading, width, height = self._read(data, name)
        if not (0 <= x < width and 0 <= y < height):
            raise InvalidInput(
                f"({x:g}, {y:g}) lies outside {name}, which has {width}x{height} pixels.",
                hint="Give pixels from the top left corner.",
            )
        return self.click_reading(reading, x, y)

    def click_reading(self, reading: FrameReading, x: float, y: float) -> ClickedComment:
        """The comment at a pixel of a picture that has been read."""
        found = recognize(reading, x, y)
        if found.text is None:
            return ClickedComment()
        others = [(one.user, one.text) for one in found.alternatives]
        asks = self._questions.are_questions([found.text, *(text for _, text in others)])
        return ClickedComment(
            user=found.user,
            text=found.text,
            is_question=asks[0],
            alternatives=tuple(
                ClickedComment(user=user, text=text, is_question=is_question)
                for (user, text), is_question in zip(others, asks[1:], strict=True)
            ),
        )

    def _read(self, data: bytes, name: str) -> tuple[FrameReading, int, int]:
        key = hashlib.sha256(data).hexdigest()
        with self._lock:
            if known := self._readings.get(key):
                self._readings.move_to_end(key)
                return known
        image = decode_picture(
            data, name=name, max_bytes=self._max_bytes, max_pixels=self._max_pixels
        )
        height, width = image.shape[:2]
        read = read_frame(image, self._ocr()), width, height
        with self._lock:
            self._readings[key] = read
            while len(self._readings) > self._kept:
                self._readings.popitem(last=False)
        return read
