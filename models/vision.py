"""A configured vision model: a chat model on the same queue and journal that sees pictures."""

import base64
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from domain.settings import Settings
from models.calls import CallRows
from models.endpoint import EndpointBackend
from models.journaled_chat import JournaledChat
from models.prompts import PromptLibrary, RenderedPrompt


def open_vision_model(
    settings: Settings, calls: CallRows, prompts: PromptLibrary
) -> JournaledChat | None:
    """The model at `LIVECUE_VISION`, or None: the embedded models see no pictures."""
    if not settings.vision.configured:
        return None
    backend = EndpointBackend(settings.vision, prompts, prefix="LIVECUE_VISION")
    return JournaledChat(backend, calls, prompts)


def with_pictures(prompt: RenderedPrompt, jpegs: Sequence[bytes]) -> RenderedPrompt:
    """`prompt` with pictures after the text of its last message, as data URLs.

    The journal's key covers them: the same question about other pictures is another call.
    """
    *before, last = prompt.messages
    parts: list[dict[str, Any]] = [{"type": "text", "text": last["content"]}]
    for jpeg in jpegs:
        url = f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"
        parts.append({"type": "image_url", "image_url": {"url": url}})
    seen = cast("dict[str, str]", {**last, "content": parts})
    return replace(prompt, messages=(*before, seen))
