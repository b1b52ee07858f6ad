"""Words that written sources spell out, for mending what speech recognition misheard."""

import re
from collections.abc import Sequence

from domain.evidence import Passage

_RUN = re.compile(r"[\u4e00-\u9fff]+")
_SHORTEST, _LONGEST = 3, 6
_MOST = 400


def collect_spellings(passages: Sequence[Passage]) -> list[str]:
    """Chinese words of three to six characters that stand alone between signs, each once.

    Lists, labels and tables give the names of parts and ingredients that way; a sentence gives
    longer runs, which are no words.
    """
    runs = (
        run
        for passage in passages
        if passage.aside is None and passage.kind not in ("audio", "video")
        for run in _RUN.findall(passage.text)
        if _SHORTEST <= len(run) <= _LONGEST
    )
    return list(dict.fromkeys(runs))[:_MOST]
