"""Lines composed from the record: the words that are always there when a model's do not hold."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from domain.copywriting import CommentAnswer, DraftLine, SectionName
from domain.product import Fact
from domain.quantities import find_quantities
from tools.copy_frames import Frames, load_frames, load_host_words
from tools.copy_plan import Beat, CopyPlan
from tools.copy_titles import compose_title
from tools.copy_wording import Wording, money
from tools.fingerprints import stable_number
from tools.point_shapes import shape_of
from tools.sayable_facts import STOCK
from tools.sentence_case import start_sentences
from tools.spec_phrases import say_spec

_SHORT_SECONDS = 25
_SHORT_KINDS = ("short_video", "reply")
_FOR = re.compile(r"for\b|suitable\b|适合|适用|供", re.IGNORECASE)
_SUITS = re.compile(r"合适|适合|适用|都行|都可以|用$")
_UNTIL = re.compile(r"(?:only )?(?:until|till|through) ", re.IGNORECASE)
_MOST_CHAT = {"hook": 2, "pain_point": 1, "selling_points": 6, "proof": 2, "offer": 2}
"""How many lines that claim nothing a section takes; two where it is not named."""
_BARE_NUMBER = re.compile(r"[A-Z]{0,4}\d[\d -]{5,}")
_COUNT = re.compile(r"\d[\d.,]* ?(?:[a-z]{4,}|[\u4e00-\u9fff])", re.IGNORECASE)
_PIECES = re.compile(r"\d+ ?[片粒支包枚罐袋瓶盒颗抽卷张]")
_FIELD = re.compile(r"\{(\w+)\}")


class Composer:
    """Composes the lines of one piece of copy; the same frame does not come twice in a row.

    Which frame comes first follows from the plan's seed; `sample` shifts it: variants differ.
    """

    def __init__(self, plan: CopyPlan, wording: Wording, *, sample: int = 0) -> None:
        self._plan = plan
        self._wording = wording
        self._frames: Frames = load_frames(plan.lang, plan.brief.tone)
        self._sample = sample
        self._firsts = {beat.topic: beat.place for beat in reversed(plan.beats)}
        self._greeted: frozenset[str] = frozenset()
        self._used: Counter[str] = Counter()

    def line(self, beat: Beat) -> DraftLine | None:
        """The composed line for `beat`, or None where there is nothing to compose."""
        if beat.answer is not None:
            return self._answer(beat, beat.answer)
        beat = self._unsaid(beat)
        if not beat.facts:
            return None
        if beat.topic == "headline":
            text, used = compose_title(self._plan, self._wording, beat.facts, self._sample)
            beat = replace(beat, facts=used)
        elif beat.topic == "trouble":
            text = self._trouble(beat)
        elif beat.topic == "opening":
            text, used = self._greeting(beat)
            beat = replace(beat, facts=used)
        elif self._plan.brief.kind == "bullets":
            text = self._fill(self._frames.bullets[self._key(beat)], beat)
        else:
            text = self._fill(self._next(self._key(beat)), beat)
        if not text:
            return None
        behind = (*beat.facts, *([beat.size] if beat.size else []))
        return DraftLine(
            section=beat.section,
            topic=beat.topic,
            text=text,
            facts=[fact.field for fact in behind],
            origin="record",
            place=beat.place,
        )

    def chat_lines(self) -> list[DraftLine]:
        """Lines that claim nothing, to fill the time: one a section, then the second of each."""
        sections: list[SectionName] = list(dict.fromkeys(beat.section for beat in self._plan.beats))
        name = next((f for f in self._plan.named if f.field == "name"), None)
        start = stable_number(self._plan.seed)
        rounds = max((len(self._frames.chat.get(s, ())) for s in sections), default=0)
        frames: list[tuple[SectionName, str]] = [
            (section, lines[(turn + self._sample + start) % len(lines)])
            for turn in range(rounds)
            for section in sections
            if turn
            < min(len(lines := self._frames.chat.get(section, ())), _MOST_CHAT.get(section, 2))
        ]
        return [
            DraftLine(
                section=section,
                topic="chat",
                text=frame.format(name=self._wording.say(name) if name else ""),
                facts=["name"] if name and "{name}" in frame else [],
                origin="record",
                place=-number,
            )
            for number, (section, frame) in enumerate(frames, start=1)
        ]

    def lead_in(self, line: DraftLine) -> DraftLine:
        """The model's line with a host's words before it, which claim nothing."""
        lead = self._next("lead_in_first" if self._is_first(line) else "lead_in")
        space = "" if self._plan.lang == "zh" or not lead else " "
        return line.model_copy(update={"text": f"{lead}{space}{line.text}"})

    def _next(self, key: str) -> str:
        return self._turned(key, self._frames.spoken[key])

    def _turned(self, key: str, frames: Sequence[str]) -> str:
        """The next of `frames`; which is the first, the product and the speaker decide."""
        turn = stable_number(f"{self._plan.seed}|{key}") + self._used[key] + self._sample
        self._used[key] += 1
        return frames[turn % len(frames)]

    def _answer(self, beat: Beat, answer: CommentAnswer) -> DraftLine:
        """The answer as it stands; the first of a further variant after a word to the viewer."""
        text, space = answer.text, "" if self._plan.lang == "zh" else " "
        if self._sample and self._is_first(beat):
            text = f"{self._next('answering')}{space}{text}"
        return DraftLine(
            section=beat.section,
            topic="answer",
            text=text,
            facts=list(answer.facts),
            origin="record",
            place=beat.place,
        )

    def _greeting(self, beat: Beat) -> tuple[str, tuple[Fact, ...]]:
        """The opening, and those of the facts that it names."""
        said = {f.field: f for f in beat.facts if not self._wording.is_bracketed(f)}
        said |= {f.field: f for f in beat.facts if f.field == "name"}
        frames = self._frames.spoken[self._key(beat)]
        fitting = [frame for frame in frames if set(_FIELD.findall(frame)) <= said.keys()]
        frame = self._turned(self._key(beat), fitting)
        self._greeted = frozenset(_FIELD.findall(frame))
        used = tuple(fact for field, fact in said.items() if field in self._greeted)
        return self._fill(frame, replace(beat, facts=used)), used

    def _key(self, beat: Beat) -> str:
        """The frame's key: the topic, with the shape that the facts give it."""
        bullets = self._plan.brief.kind == "bullets"
        match beat.topic:
            case "price":
                fields = {fact.field for fact in beat.facts}
                both = fields >= {"list_price", "live_price"}
                key = "both" if both else "live" if "live_price" in fields else "list"
                return f"price_{key}_short" if self.is_short and not bullets else f"price_{key}"
            case "audience":
                said = self._wording.say(beat.facts[0])
                return "audience_for" if _FOR.match(said) or _SUITS.search(said) else "audience"
            case "point" if not bullets:
                first = "first_" if self._is_first(beat) else ""
                shape = shape_of(self._wording.say(beat.facts[0]), self._frames)
                return f"point_{'short_' if self.is_short else first}{shape}"
            case "sizes" if _are_amounts(beat.facts):
                return "amounts_one" if len(beat.facts) == 1 and not bullets else "amounts"
            case "colours" | "sizes" if not bullets and len(beat.facts) == 1:
                return f"{beat.topic}_one"
            case "opening" | "closing" if self.is_short:
                return f"{beat.topic}_short"
            case "spec" if beat.size is not None and not bullets:
                return "spec_of"
            case "promotion" if not bullets and _UNTIL.match(beat.facts[0].value):
                return "promotion_until"
            case "usage" | "warning" | "promotion" | "after_sales" | "spec" if not bullets:
                return beat.topic if self._is_first(beat) else f"{beat.topic}_more"
            case _:
                return beat.topic

    @property
    def is_short(self) -> bool:
        """True where there is no time for a greeting or a lead-in."""
        brief = self._plan.brief
        return brief.kind in _SHORT_KINDS or brief.seconds <= _SHORT_SECONDS

    def _is_first(self, said: Beat | DraftLine) -> bool:
        """True for the first of its topic in the plan."""
        return self._firsts.get(said.topic) == said.place

    def _fill(self, frame: str, beat: Beat) -> str:
        stock = [fact for fact in beat.facts if fact.field.startswith(STOCK)]
        beat = replace(beat, facts=tuple(fact for fact in beat.facts if fact not in stock))
        said = [self._wording.say(fact) for fact in beat.facts]
        if beat.topic == "certificate":
            said = [self._frames.number.format(s) if _BARE_NUMBER.fullmatch(s) else s for s in said]
        values = {
            "items": self._frames.join(said),
            "either": self._frames.join(said, either=True),
            "point": self._placed(frame.split("{point}")[0].rstrip(), said[0]) if said else "",
            "specs": self._specs(beat),
            "size": self._wording.say(beat.size) if beat.size else "",
        }
        if beat.topic == "price":
            currency = next((f.value for f in beat.facts if f.field == "currency"), None)
            values |= {
                f.field: money(f.value, currency, self._plan.lang)
                for f in beat.facts
                if f.field != "currency"
            }
        values |= {f.field: s for f, s in zip(beat.facts, said, strict=True) if f.field.isalpha()}
        if "audience" in values:
            before = frame.split("{audience}")[0].rstrip()
            values["audience"] = self._placed(before, values["audience"])
        return _tidy(frame.format(**values)) + self._limits_of_choice(stock)

    def _limits_of_choice(self, stock: Sequence[Fact]) -> str:
        """What is sold out, and what else there is only as it stands in the stock list."""
        listed = "_listed" if self._plan.brief.kind == "bullets" else ""
        said = ""
        for key, facts in (
            ("sold_out", [fact for fact in stock if fact.value == "0"]),
            ("confined", [fact for fact in stock if fact.value != "0"]),
        ):
            if facts:
                variants = self._frames.join([self._wording.variant(fact) for fact in facts])
                space = "" if self._plan.lang == "zh" else " "
                said += space + self._next(key + listed).format(variants=variants)
        return said

    def _placed(self, before: str, said: str) -> str:
        """The value with a small first letter where it goes on with the words `before` it."""
        word = re.match(r"[A-Z][a-z]*\b", said)
        if not before or before[-1] in ".?!" or word is None:
            return said
        if before[-1] == ":" and word[0].lower() not in load_host_words().words:
            return said  # it may be a name
        return said[:1].lower() + said[1:]

    def _specs(self, beat: Beat) -> str:
        """`It holds 350 ml. It weighs 210 g` or `容量350毫升，称出来重量是210克`."""
        pairs = [
            (self._wording.label(f), self._wording.say(f)) for f in beat.facts if "." in f.field
        ]
        if self._plan.brief.kind == "bullets":
            colon = "：" if self._plan.lang == "zh" else ": "
            of = self._frames.of_size.format(self._wording.say(beat.size)) if beat.size else ""
            return "".join(
                f"{name[:1].upper()}{name[1:]}{of}{colon}{value}" for name, value in pairs
            )
        start = stable_number(f"{self._plan.seed}|{beat.place}") + self._sample
        clauses = [
            say_spec(name, value, self._plan.lang, start + turn)
            for turn, (name, value) in enumerate(pairs)
        ]
        return ("，" if self._plan.lang == "zh" else ". ").join(clauses)

    def _unsaid(self, beat: Beat) -> Beat:
        """The beat without a brand that the greeting named, and specs nothing of which can be said.

        Those may yet be translated of which no translation was tried.
        """
        if beat.topic == "brand" and "brand" in self._greeted:
            return replace(beat, facts=())
        if beat.topic != "spec":
            return beat
        said = (
            fact
            for fact in beat.facts
            if fact.field not in self._wording.untranslated
            or not (self._wording.is_bracketed(fact) and self._wording.label(fact).startswith("("))
        )
        return replace(beat, facts=tuple(said))

    def _trouble(self, beat: Beat) -> str:
        """The question for the trouble that the fact solves; empty if none is known."""
        own = self._frames.troubles
        other = load_frames("en" if self._plan.lang == "zh" else "zh").troubles
        value = beat.facts[0].value
        for trouble in own:
            if trouble.pattern.search(value):
                return self._turned("trouble", trouble.says)
        translated = self._wording.say(beat.facts[0])
        if any(t.pattern.search(value) for t in other):
            return next(
                (self._turned("trouble", t.says) for t in own if t.pattern.search(translated)), ""
            )
        return ""


def _are_amounts(facts: Sequence[Fact]) -> bool:
    """True for sizes that say how much there is (`500 g`, `120 softgels`)."""
    return all(_is_amount(fact.value) for fact in facts)


def _is_amount(value: str) -> bool:
    first = next((q for q in find_quantities(value) if q.start == 0), None)
    if first is None or first.dimension is None:
        return _COUNT.match(value) is not None
    return first.dimension in ("mass", "volume") or _PIECES.match(value) is not None


def _tidy(text: str) -> str:
    """No two full stops, and a large letter where an English sentence starts."""
    return start_sentences(re.sub(r"([.。!！?？])[.。]", r"\1", text))
