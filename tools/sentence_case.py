"""Large letters where English sentences start."""

import re

_START = re.compile(
    r"(?:^|(?<=[.?!] )(?<!\betc\. )(?<!\bapprox\. )(?<!\bincl\. )(?<!\bexcl\. )(?<!\bvs\. )"
    r"(?<!\be\.g\. )(?<!\bi\.e\. )(?<!\bca\. )(?<!\bmax\. )(?<!\bmin\. ))"
    r"[a-z](?=[a-z'’-]*(?![A-Za-z\d]))"
)
"""A small letter at a start that is no abbreviation's end; `iPhone` and `pH` are spelt as such."""


def start_sentences(text: str) -> str:
    """`text` with a large letter at the start of each sentence."""
    return _START.sub(lambda found: found[0].upper(), text)
