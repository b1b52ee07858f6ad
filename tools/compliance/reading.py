"""Reading a text sentence by sentence: fold, scan, match, and read again what is disguised."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import islice

from domain.compliance import Override
from tools.compliance.bounds import Bounds
from tools.compliance.library import CompiledRule, RulePackLibrary
from tools.compliance.matching import Match, Surroundings, match_rule
from tools.compliance.packs import CategoryName
from tools.compliance.scanning import Scan
from tools.compliance.sentences import Sentence, split_sentences
from tools.compliance.skeleton import Skeleton, fold_text


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence with its skeleton and what the rules object to in it.

    The skeleton is the one with disguises undone where the sentence holds any.
    """

    sentence: Sentence
    skeleton: Skeleton
    matches: tuple[Match, ...] = ()

    @property
    def violations(self) -> tuple[Match, ...]:
        """The matches that must not stay."""
        return tuple(
            m for m in self.matches if m.rule.rule.severity == "violation" and m.override is None
        )


_TOGETHER = 256
"""Texts that are read together."""


def check_sentences(text: str, library: RulePackLibrary, bounds: Bounds) -> list[Checked]:
    """Every sentence of `text` with what the rules within `bounds` object to.

    A sentence is scanned once for literals; only expressions whose literals it holds are tried. One
    with a disguise is read twice, as written and with the disguise undone.
    """
    return next(check_batch([text], library, bounds))


def check_batch(
    texts: Iterable[str], library: RulePackLibrary, bounds: Bounds
) -> Iterator[list[Checked]]:
    """`check_sentences` of every text, in order; many of them take less time together.

    Many texts are folded, then all are scanned, then all are unmasked: the tables of each stage are
    large, and stay in the processor's caches while they are used.
    """
    waiting = iter(texts)
    while some := [TextCheck(text, library, bounds) for text in islice(waiting, _TOGETHER)]:
        for check in some:
            check.scan()
        for check in some:
            check.unmask()
        for check in some:
            yield check.match()


class TextCheck:
    """One check of one text, in stages; what only finds need is worked out when there are any."""

    def __init__(self, text: str, library: RulePackLibrary, bounds: Bounds) -> None:
        self._library = library
        self._bounds = bounds
        self._jurisdictions = bounds.jurisdictions
        self._category = bounds.category
        self._sentences = split_sentences(text)
        self._skeletons = [fold_text(sentence.text) for sentence in self._sentences]
        self._plain: Sequence[Scan] = ()
        self._shown: Sequence[Skeleton | None] = ()
        self._scans: dict[str, Scan] = {}

    def scan(self) -> None:
        """Tell what can match each sentence."""
        scan = self._library.scanner.scan
        self._plain = [scan(skeleton.text) for skeleton in self._skeletons]

    def unmask(self) -> None:
        """Read through the disguises of the scanned sentences."""
        unmask = self._library.unmasker.unmask
        self._shown = [
            unmask(skeleton, is_coded=scan.is_coded)
            for skeleton, scan in zip(self._skeletons, self._plain, strict=True)
        ]

    def match(self) -> list[Checked]:
        """Every sentence with its matches, once they are unmasked."""
        judge = self._library.judge
        checked: list[Checked] = []
        for index, sentence in enumerate(self._sentences):
            item = self._check(index, sentence)
            if judge is not None:
                more = judge(item.skeleton, self._jurisdictions, self._category)
                matches = (*item.matches, *(Match(*found) for found in more))
                item = Checked(sentence, item.skeleton, matches)
            checked.append(self._allow(item) if self._bounds.overrides else item)
        return checked

    def _allow(self, item: Checked) -> Checked:
        """`item` with the overrides of persons on the matches that they cover."""
        folded, written = item.skeleton.text, item.sentence.text

        def find(match: Match) -> Override | None:
            start, end = item.skeleton.original(match.start, match.end)
            words = folded[match.start : match.end]
            return self._bounds.find_override(match.rule.rule.id, words, written[start:end])

        return replace(item, matches=tuple(replace(m, override=find(m)) for m in item.matches))

    def _check(self, index: int, sentence: Sentence) -> Checked:
        plain, scan, shown = self._skeletons[index], self._plain[index], self._shown[index]
        hides = plain.is_odd or len(plain.text) != len(plain.source)
        matches = self._match(index, plain, scan, every=hides) if scan.patterns else []
        if shown is None:
            return Checked(sentence, plain, tuple(matches))
        again = self._match(index, shown, self._library.scanner.scan(shown.text), every=True)
        return Checked(sentence, shown, tuple(_merge(matches, again, plain, shown)))

    def _match(
        self, index: int, skeleton: Skeleton, scan: Scan, *, every: bool = False
    ) -> list[Match]:
        """What the rules of the expected expressions object to.

        With `every`, rules that look for disguised wording are asked as well.
        """
        library = self._library
        found = library.find(scan, self._jurisdictions)
        for rule in library.wary_in(scan) if every else ():
            if rule.jurisdiction in self._jurisdictions:
                found.setdefault(rule, [])
        if not found:
            return []
        around = Surroundings(
            skeleton, scan, partial(self._asides, index, skeleton), library.contexts
        )
        return [
            match
            for rule, numbers in found.items()
            if self._applies(rule)
            for match in match_rule(around, rule, numbers)
        ]

    def _asides(self, index: int, skeleton: Skeleton, scope: str) -> Scan:
        """The scan of a sentence, or of what is around it, for exclusions and contexts."""
        if scope == "sentence":
            return self._scan_asides(skeleton.text)
        if scope == "near":
            return self._scan_asides(_join(self._skeletons[max(0, index - 1) : index + 2]))
        return self._scan_asides(self._whole)

    def _scan_asides(self, text: str) -> Scan:
        if text not in self._scans:
            self._scans[text] = self._library.asides.scan(text)
        return self._scans[text]

    def _applies(self, rule: CompiledRule) -> bool:
        wanted = rule.rule
        if not wanted.applies_to and not wanted.not_for:
            return True
        given, named = self._goods
        return given not in wanted.not_for and (
            not wanted.applies_to or any(name in named for name in wanted.applies_to)
        )

    @cached_property
    def _goods(self) -> tuple[CategoryName | None, Sequence[CategoryName]]:
        """The category given, and those given or named in the text."""
        given = self._library.category_of(self._category) if self._category else None
        return given, [given] if given else self._library.categories_in(
            self._scan_asides(self._whole)
        )

    @cached_property
    def _whole(self) -> str:
        return _join(self._skeletons)


def _join(skeletons: Sequence[Skeleton]) -> str:
    return "\n".join(skeleton.text for skeleton in skeletons)


def _merge(
    plain: Sequence[Match], shown: Sequence[Match], was: Skeleton, now: Skeleton
) -> list[Match]:
    """The matches of both readings with places of the second; those that overlap become one."""
    merged: list[Match] = []
    moved = [_move(match, was, now) for match in plain]
    for match in sorted((*moved, *shown), key=lambda m: (m.rule.rule.id, m.start, m.end)):
        last = merged[-1] if merged else None
        if last is not None and last.rule is match.rule and match.start <= last.end:
            merged[-1] = Match(match.rule, last.start, max(last.end, match.end))
        else:
            merged.append(match)
    return merged


def _move(match: Match, was: Skeleton, now: Skeleton) -> Match:
    """`match` with its place in another skeleton of the same sentence."""
    return Match(match.rule, *now.locate(*was.original(match.start, match.end)))
