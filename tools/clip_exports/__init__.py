"""A clip's timeline for others: subtitles, editors' formats, chapters, and a receipt."""

from tools.clip_exports.chapters import write_chapters
from tools.clip_exports.editing import EditFormat, write_edit
from tools.clip_exports.receipts import write_receipt_file
from tools.clip_exports.subtitle_files import SubtitleFormat, write_subtitle_file

__all__ = [
    "EditFormat",
    "SubtitleFormat",
    "write_chapters",
    "write_edit",
    "write_receipt_file",
    "write_subtitle_file",
]
