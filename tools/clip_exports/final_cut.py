"""Final Cut Pro XML 1.8, written here: every time is an exact fraction.

The OpenTimelineIO adapter cuts connected sound down to whole frames by way of floats, which moves
it by a frame against its picture.
"""

import xml.etree.ElementTree as ET
from fractions import Fraction

from domain.timeline import SIZES, Timeline
from tools.film.layout import Layout, Placed
from tools.film.source import Recorded


def final_cut_xml(timeline: Timeline, recorded: Recorded, layout: Layout) -> str:
    """The clip as a project; sound that belongs to another moment is a connected clip."""
    root = ET.Element("fcpxml", version="1.8")
    resources = ET.SubElement(root, "resources")
    width, height = SIZES[timeline.aspect]
    ET.SubElement(
        resources, "format", id="r1", frameDuration=_time(1 / layout.rate),
        width=str(width), height=str(height),
    )  # fmt: skip
    frames = -(-recorded.duration * layout.rate // 1)
    asset = {
        "id": "r2", "name": recorded.path.stem, "src": recorded.path.resolve().as_uri(),
        "start": "0s", "duration": _time(frames / layout.rate), "hasVideo": "1", "format": "r1",
    }  # fmt: skip
    if recorded.sound is not None:
        asset |= {"hasAudio": "1", "audioSources": "1"}
    ET.SubElement(resources, "asset", asset)
    event = ET.SubElement(ET.SubElement(root, "library"), "event", name="Livecue")
    project = ET.SubElement(event, "project", name=timeline.title)
    sequence = ET.SubElement(
        project, "sequence", format="r1", duration=_time(layout.duration), tcStart="0s",
        tcFormat="NDF",
    )  # fmt: skip
    spine = ET.SubElement(sequence, "spine")
    if layout.intro:
        _gap(spine, 0, layout.intro, layout.rate)
    for placed in layout.pieces:
        _clip(spine, placed, layout.rate)
    if layout.outro:
        _gap(spine, layout.frames - layout.outro, layout.outro, layout.rate)
    ET.indent(root)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n'
    return f"{head}{ET.tostring(root, 'unicode')}\n"


def _clip(spine: ET.Element, placed: Placed, rate: Fraction) -> None:
    seen, heard = (round(at * rate) / rate for at in (placed.seen, placed.heard))
    shared = {
        "ref": "r2", "name": placed.piece.piece_id, "duration": _time(placed.frames / rate),
        "tcFormat": "NDF",
    }  # fmt: skip
    own = {"offset": _time(placed.first / rate), "start": _time(seen)}
    if seen == heard:
        ET.SubElement(spine, "asset-clip", shared | own)
        return
    clip = ET.SubElement(spine, "asset-clip", shared | own | {"srcEnable": "video"})
    under = {"offset": _time(seen), "start": _time(heard), "lane": "-1", "srcEnable": "audio"}
    ET.SubElement(clip, "asset-clip", shared | under)


def _gap(spine: ET.Element, first: int, frames: int, rate: Fraction) -> None:
    ET.SubElement(spine, "gap", name="Card", offset=_time(first / rate), start="0s",
                  duration=_time(frames / rate))  # fmt: skip


def _time(seconds: Fraction) -> str:
    if seconds.denominator == 1:
        return f"{seconds.numerator}s"
    return f"{seconds.numerator}/{seconds.denominator}s"
