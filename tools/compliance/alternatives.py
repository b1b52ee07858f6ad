"""Taking an expression apart into its alternatives."""

import re
from itertools import pairwise

_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:[:=!>]|<[=!])|[()|]|.", re.DOTALL)


def split_alternatives(source: str) -> list[str]:
    """The alternatives of which an expression is made, through a group around all of it."""
    depth = 0
    cuts: list[int] = []
    opened = closed = 0
    for token in _TOKEN.finditer(source):
        if token[0][0] == "(":
            depth += 1
            opened += depth == 1
        elif token[0] == ")":
            depth -= 1
            closed = token.end() if depth == 0 else closed
        elif token[0] == "|" and depth == 0:
            cuts.append(token.start())
    if cuts:
        borders = [-1, *cuts, len(source)]
        parts = [source[a + 1 : b] for a, b in pairwise(borders)]
        return [alternative for part in parts for alternative in split_alternatives(part)]
    if source.startswith("(?:") and opened == 1 and closed == len(source):
        return split_alternatives(source[3:-1])
    return [source]
