"""Decoding a photo, in the isolated process."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.errors import InvalidInput, LimitExceeded

if TYPE_CHECKING:
    from PIL.Image import Image

_ORIENTATION = 0x0112  # EXIF 2.32, tag Orientation
_FORMATS = {
    "image/jpeg": ("JPEG",),
    "image/png": ("PNG",),
    "image/webp": ("WEBP",),
    "image/avif": ("AVIF",),
}
_BOXED = ("image/heic", "image/heif", "image/avif")


def decode_image(request: dict[str, Any]) -> dict[str, Any]:
    """Decodes `path` (of `media_type`) upright into 8-bit BGR rows in the file `to`.

    Of an animation the first picture is taken. More than `max_pixels` are refused before any is
    decoded. The result is scaled down until its longer side has `longest` pixels or its shorter
    side `shortest`. Gives `width` and `height` of the file's own grid, its EXIF `orientation`
    (2.32, 1-8), and `seen_width` and `seen_height` of what was written.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    file, limit = request["file"], request["max_pixels"]
    too_large = LimitExceeded(
        f"{file} has more than {limit:,} pixels.",
        hint="Scale it down, or raise LIVECUE_LIMITS__IMAGE_PIXELS.",
        details={"file": file},
    )
    Image.MAX_IMAGE_PIXELS = None  # our own limit stands in its place
    formats = _FORMATS.get(request["media_type"])
    if formats is None:
        import pi_heif

        pi_heif.register_heif_opener(thumbnails=False)
        formats = ("HEIF",)
    try:
        if request["media_type"] in _BOXED:
            _check_boxes(Path(request["path"]))
        with Image.open(request["path"], formats=formats) as image:
            width, height = image.size
            if width * height > limit:
                raise too_large
            image.load()
            orientation = int(image.getexif().get(_ORIENTATION, 1))
            upright = ImageOps.exif_transpose(image)
        size = _fit(upright.size, request["longest"], request["shortest"])
        seen = _flatten(upright)
        if size != seen.size:
            seen = seen.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
        Path(request["to"]).write_bytes(seen.tobytes("raw", "BGR"))
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        is_other = isinstance(error, UnidentifiedImageError)  # its text tells our path
        reason = "it does not begin as one" if is_other else str(error)
        raise InvalidInput(
            f"{file} is no readable image: {reason}.",
            hint="Open it in a viewer, save it anew as JPEG or PNG, and try again.",
            details={"file": file},
        ) from error
    return {
        "width": width,
        "height": height,
        "orientation": orientation if 1 <= orientation <= 8 else 1,
        "seen_width": seen.width,
        "seen_height": seen.height,
    }


def _check_boxes(path: Path) -> None:
    """Refuses a HEIF or AVIF file that ends within a box: decoders paint what is missing grey."""
    size, place = path.stat().st_size, 0
    with path.open("rb") as file:
        while place < size:
            file.seek(place)
            head = file.read(16)
            length = int.from_bytes(head[:4])
            if length == 1:
                length = int.from_bytes(head[8:16])
            place = size if length == 0 else place + max(length, 8)
    if place > size:
        raise ValueError("it is cut off")


def _fit(size: tuple[int, int], longest: int, shortest: int) -> tuple[int, int]:
    scale = min(1.0, max(longest / max(size), shortest / min(size)))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _flatten(image: "Image") -> "Image":
    """RGB on white, so that text on a transparent ground can be read."""
    from PIL import Image

    if image.mode.startswith("I;16"):
        image = image.point(lambda value: value / 256, "L")
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    rgba = image.convert("RGBA")
    ground = Image.new("RGB", rgba.size, (255, 255, 255))
    ground.paste(rgba, mask=rgba.getchannel("A"))
    return ground
