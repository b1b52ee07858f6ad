"""The ad editor: cutting a replay into clips. It cannot yet, and says plainly what can be asked."""

from functools import cache
from pathlib import Path
from typing import Literal, cast

import yaml
from pydantic import BaseModel, ConfigDict

from tools.turn_details import seconds_in

_USUAL_SECONDS = 30


class EditorReply(BaseModel):
    """What the editor answers; `status` tells programs that nothing was cut."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: Literal["not_available"] = "not_available"
    lang: str
    text: str


class Editor:
    """Answers requests for clips in the asker's language."""

    def reply(self, request: str, lang: str) -> EditorReply:
        """Says that nothing was cut, and offers a script of the length that was asked for.

        A language without a text of its own is answered in English.
        """
        texts = _texts()
        spoken = lang if lang in texts else "en"
        seconds = seconds_in(request) or _USUAL_SECONDS
        return EditorReply(lang=spoken, text=texts[spoken].format(seconds=seconds).strip())


@cache
def _texts() -> dict[str, str]:
    path = Path(__file__).with_suffix(".yaml")
    data = cast("dict[str, dict[str, str]]", yaml.safe_load(path.read_text(encoding="utf-8")))
    return data["cannot_cut"]
