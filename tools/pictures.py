"""Pictures that people send: checked, and decoded."""

import io
from typing import TYPE_CHECKING

from domain.errors import InvalidInput, LimitExceeded

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FORMATS = ("JPEG", "PNG", "WEBP")
_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def is_picture(head: bytes) -> bool:
    """Whether bytes begin as a JPEG, PNG or WebP."""
    return head.startswith(_STARTS) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


def decode_picture(
    data: bytes, *, name: str, max_bytes: int, max_pixels: int
) -> "NDArray[np.uint8]":
    """The picture upright: BGR, uint8, (height, width, 3).

    Raises LimitExceeded before it decodes too large a one, InvalidInput where it is none.
    """
    import numpy as np
    from PIL import Image, ImageOps

    if len(data) > max_bytes:
        raise _too_large(name, f"{max_bytes:,} bytes", "LIVECUE_STREAMING__PUSHED_IMAGE_BYTES")
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            if opened.width * opened.height > max_pixels:
                raise _too_large(name, f"{max_pixels:,} pixels", "LIVECUE_STREAMING__MAX_PIXELS")
            image = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise InvalidInput(
            f"{name} is no picture that can be read.",
            hint="Send it as JPEG, PNG or WebP.",
            details={"source": name},
        ) from error
    return np.ascontiguousarray(np.asarray(image)[:, :, ::-1])


def _too_large(name: str, limit: str, setting: str) -> LimitExceeded:
    return LimitExceeded(
        f"{name} has more than {limit}.",
        hint=f"Send a smaller picture, or raise {setting}.",
        details={"source": name},
    )
