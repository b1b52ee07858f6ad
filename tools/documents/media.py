"""Reading audio and video: what is said, and what stands on the screen."""

from pathlib import Path
from tempfile import TemporaryDirectory

from domain.errors import InvalidInput
from domain.evidence import Locator, Passage, Source
from tools.documents.keyframes import ScreenLine, read_screen
from tools.documents.reading import ReadContext, make_passage
from tools.documents.speech import Line, read_speech
from tools.documents.subtitles import drop_repeated
from tools.isolation import run_isolated


def read_media(source: Source, path: Path, context: ReadContext) -> list[Passage]:
    """A passage for each sentence that is said and each line of text on the screen, by time.

    `locator.second` is where in the media it begins; a line on the screen has its `box` too, in
    pixels of the video as it is played, turned upright. Text is as `read_speech` and `read_screen`
    write it; a subtitle that repeats what is said at the time is left out.

    Raises InvalidInput for a file that is damaged, cut off, encrypted, or holds neither speech nor
    text, LimitExceeded above `limits.media_seconds` or `image_pixels`, and JobCancelled.
    """
    media = run_isolated(
        "tools.foreign.media:probe",
        {
            "path": str(path),
            "file": source.file,
            "max_seconds": context.limits.media_seconds,
            "max_pixels": context.limits.image_pixels,
        },
        file=source.file,
        limits=context.limits,
        cancelled=context.cancelled,
    )
    seconds: float = media["seconds"]
    said: list[Line] = []
    shown: list[ScreenLine] = []
    with TemporaryDirectory(prefix="livecue-media-") as name:
        folder = Path(name)
        if media["sound"]:
            said = read_speech(source, path, seconds, folder, context)
        if media["picture"] is not None:
            shown = read_screen(source, path, media, folder, context)
    shown = drop_repeated(shown, said)
    if not said and not shown:
        has = "neither speech nor readable text" if media["picture"] is not None else "no speech"
        raise InvalidInput(
            f"{source.file} holds {has}.",
            hint="Give a recording in which the product is spoken of or its label is shown.",
            details={"file": source.file},
        )
    passages = [
        make_passage(source, line.text, Locator(second=line.start), confidence=line.confidence)
        for line in said
    ] + [
        make_passage(
            source,
            line.text,
            Locator(second=line.second, box=line.box),
            confidence=line.confidence,
        )
        for line in shown
    ]
    return sorted(passages, key=lambda passage: passage.locator.second or 0.0)
