"""Task: the readable blocks of a web page, by lxml, with trafilatura's word on doubtful ones.

Structure decides first (`tools.foreign.page_parts`): what stands within the main part of the page
is kept, tables of properties and prices among it, which trafilatura would lose. A block outside
the main part is kept only where trafilatura counts it to the page's main content.
"""

import re
import sys
from importlib import import_module
from typing import Any, cast

from domain.errors import InvalidInput
from tools.foreign.page_blocks import Block
from tools.foreign.page_parts import Parts, find_main
from tools.foreign.page_products import read_products
from tools.foreign.page_walk import walk

_TOO_DEEP = re.compile(r"depth|huge|too (?:large|long)", re.I)
_DEEPEST = 20_000
_SPACE = re.compile(r"\s+")


def read_page(request: dict[str, Any]) -> dict[str, Any]:
    """`{"blocks": […], "products": […]}` of the page whose UTF-8 text is the file `text`.

    A block is `{"kind": "text" | "heading" | "pair" | "row", "line", "text", "cells", "repeats",
    "table", "paired", "aside", "of_head"}`; a product is what `read_products` says.
    """
    with open(request["text"], encoding="utf-8") as stream:  # noqa: PTH123
        text = stream.read()
    sys.setrecursionlimit(_DEEPEST)
    root = _parse(text, str(request["file"]))
    parts = Parts(root)
    main = find_main(root)
    blocks = list(walk(root, parts, main))
    wanted = _main_text(text) if any(not block.in_main for block in blocks) else ""
    kept = [block for block in blocks if _is_kept(block, wanted, has_main=main is not None)]
    return {
        "blocks": [block.as_dict() for block in kept],
        "products": read_products(root, text),
    }


def _parse(text: str, file: str) -> Any:  # noqa: ANN401 (lxml is untyped)
    etree = cast("Any", import_module("lxml.etree"))
    html = cast("Any", import_module("lxml.html"))
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False
    )
    data = text.encode("utf-8", errors="replace")
    try:
        root = html.document_fromstring(data, parser=parser)
    except etree.LxmlError as error:
        raise _unreadable(file, str(error)) from error
    for entry in parser.error_log:
        if entry.level_name == "FATAL" and _TOO_DEEP.search(entry.message):
            raise _unreadable(file, entry.message)
    return root


def _unreadable(file: str, reason: str) -> InvalidInput:
    return InvalidInput(
        f"{file} is no readable web page: {reason.strip()}.",
        hint="Save the page anew in a browser, or its text to a .txt file.",
        details={"file": file},
    )


def _main_text(text: str) -> str:
    """What trafilatura takes for the main content, without spaces."""
    from trafilatura import extract

    found = extract(
        text, favor_recall=True, include_tables=True, include_comments=False, deduplicate=False
    )
    return _SPACE.sub("", found or "")


def _is_kept(block: Block, wanted: str, *, has_main: bool) -> bool:
    if block.in_main or block.aside or block.of_head:
        return True
    if not has_main and not wanted:
        return True
    return bool(wanted) and _SPACE.sub("", block.text)[:200] in wanted
