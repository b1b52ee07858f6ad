"""Scans: what can match, and where it does."""

from tools.compliance.scanning import TermScanner

CURE = r"\bcures? [a-z]{2,9}"
START = "^(?!no)"
SCANNER = TermScanner(
    {CURE: (frozenset({"cure"}),), "gout": (frozenset({"gout"}),), START: ()},
    {"claims": [CURE, "gout"], "places": [START, "gout"]},
    ["g0ut"],
)


def test_expressions_are_numbered_once() -> None:
    assert SCANNER.sources == (CURE, "gout", START)
    assert SCANNER.numbers == {"claims": [0, 1], "places": [2, 1]}
    assert sorted(SCANNER.literals) == ["cure", "gout"]


def test_what_lacks_its_literals_cannot_match() -> None:
    assert SCANNER.scan("it cures acne").patterns == {0, 2}
    assert SCANNER.scan("a mug").patterns == SCANNER.always == {2}


def test_a_search_goes_on_from_a_place() -> None:
    scan = SCANNER.scan("cures gout, cures acne")
    assert scan.first(0) == (0, 10)
    assert scan.search(0, 10) == (12, 22)
    assert scan.search(0, 13) is None


def test_an_expression_may_hold_at_a_place_without_a_span() -> None:
    assert SCANNER.scan("a mug").holds(frozenset({2}))
    assert SCANNER.scan("a mug").first(2) is None
    assert not SCANNER.scan("no mug").holds(frozenset({0, 1, 2}))


def test_a_literal_of_a_disguise_is_told() -> None:
    assert SCANNER.scan("cures g0ut").is_coded
    assert not SCANNER.scan("cures gout").is_coded
