"""What is made ready before anyone clicks: answers to what many ask, and the model's prefix."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from domain.answer import Answer, Ask
from domain.errors import LivecueError
from domain.language import detect_language
from domain.pool import in_pool
from domain.product import ProductDocument
from domain.scope import Scope
from tools.drafts import Basis, Draft, Drafts

log = logging.getLogger("livecue.live")

AskFor = Callable[[Scope, Ask], AsyncIterator[str | Answer]]
Warm = Callable[[Scope, ProductDocument], None]
Phrase = Callable[[], Awaitable[bool]]
Tell = Callable[[str, str | None], None]
"""Takes a question's id and the id of the draft that lies ready for it now, or None."""


@dataclass(frozen=True, slots=True)
class TopQuestion:
    """A question that many ask, in its clearest wording."""

    cluster_id: str
    text: str


@dataclass(slots=True)
class _Show:
    """The newest that is known of a stream."""

    scope: Scope
    stream_id: str
    product_id: str | None
    questions: tuple[TopQuestion, ...]
    answered: frozenset[str]
    tell: Tell
    since: float
    tried: dict[str, tuple[str, Basis]] = field(default_factory=dict[str, tuple[str, Basis]])


class Readiness:
    """Drafts answers one after the other on the event loop, the newest wish first.

    Sessions say from their threads what viewers ask (`see`), and go on at once; only the newest of
    each stream is kept. Until `start` nothing is made ready: a single command would load a model
    for nothing. Drafts stand behind clicks in the model's queue. What many ask comes first, then
    what went out unphrased (`phrase`), then what is usually asked.
    """

    def __init__(
        self,
        drafts: Drafts,
        loop: asyncio.AbstractEventLoop,
        *,
        settle_seconds: float,
        usual: Mapping[str, Sequence[str]] = {},
    ) -> None:
        """`usual` are questions by language that are phrased for each product that stays on air."""
        self._drafts = drafts
        self._loop = loop
        self._settle_seconds = settle_seconds
        self._usual = usual
        self._shows: OrderedDict[tuple[str, str], _Show] = OrderedDict()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self, ask: AskFor, warm: Warm, phrase: Phrase | None = None) -> None:
        """Begin: `ask` answers a question, `warm` loads a record into the model's prefix.

        `phrase` phrases one answer that went out unphrased, and tells whether there was one; `wake`
        says that there is.
        """
        self._task = asyncio.create_task(self._run(ask, warm, phrase), name="readying")

    def wake(self) -> None:
        """There is something to phrase; from the event loop."""
        self._wake.set()

    def see(
        self,
        scope: Scope,
        stream_id: str,
        product_id: str | None,
        questions: tuple[TopQuestion, ...],
        *,
        answered: frozenset[str],
        tell: Tell,
    ) -> None:
        """Hear what is asked most about the product on air, and what the host has answered."""
        if self._task is None or self._loop.is_closed():
            return
        show = _Show(scope, stream_id, product_id, questions, answered, tell, 0.0)
        self._loop.call_soon_threadsafe(self._take, show)

    def leave(self, scope: Scope, stream_id: str) -> None:
        """Nothing more is made ready for a stream."""
        if self._task is not None and not self._loop.is_closed():
            key = (scope.workspace_id, stream_id)
            self._loop.call_soon_threadsafe(self._shows.pop, key, None)

    async def aclose(self) -> None:
        """Stop what is under way."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def _take(self, show: _Show) -> None:
        key = (show.scope.workspace_id, show.stream_id)
        known = self._shows.get(key)
        show.since = self._loop.time()
        if known is not None:
            show.tried = known.tried
            if known.product_id == show.product_id:
                show.since = known.since
        self._shows[key] = show
        self._shows.move_to_end(key)
        self._wake.set()

    async def _run(self, ask: AskFor, warm: Warm, phrase: Phrase | None) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            is_done = True
            for show in reversed(list(self._shows.values())):
                is_done &= not await self._attempt(show, self._make_ready(show, ask, warm))
            if is_done and phrase is not None:
                is_done = not await self._attempt(None, phrase())
            for show in reversed(list(self._shows.values())) if is_done else ():
                is_done &= not await self._attempt(show, self._answer_usual(show, ask))
            if not is_done:
                self._wake.set()  # what is newest by now goes first

    async def _attempt(self, show: _Show | None, work: Awaitable[bool]) -> bool:
        """Whether something was made; what fails is logged, and not tried again."""
        what = "phrasing" if show is None else show.stream_id
        try:
            return await work
        except LivecueError as error:
            log.info("nothing is made ready for %s: %s", what, error.message)
        except Exception:
            log.exception("nothing is made ready for %s", what)
        return False

    async def _make_ready(self, show: _Show, ask: AskFor, warm: Warm) -> bool:
        """Withdraw what no longer holds, warm, and draft the first answer that is missing.

        Tells whether one was.
        """
        for cluster_id in await in_pool(self._withdraw, show):
            show.tell(cluster_id, None)
        if show.product_id is None:
            return False
        document = await in_pool(self._drafts.published, show.scope, show.product_id)
        if document is None:
            return False
        if self._stays(show):
            warm(show.scope, document)
        basis = await in_pool(self._drafts.basis, show.scope, show.stream_id, document)
        for question in show.questions:
            if show.tried.get(question.cluster_id) == (question.text, basis):
                continue
            show.tried[question.cluster_id] = (question.text, basis)
            await self._draft(show, question, basis, ask)
            return True
        return False

    async def _answer_usual(self, show: _Show, ask: AskFor) -> bool:
        """Have a usual question about what stays on air phrased, in a language of the show."""
        if show.product_id is None or not self._stays(show):
            return False
        document = await in_pool(self._drafts.published, show.scope, show.product_id)
        if document is None:
            return False
        basis = await in_pool(self._drafts.basis, show.scope, show.stream_id, document)
        told = " ".join(fact.value for fact in document.facts())
        asked = (detect_language(question.text) for question in show.questions)
        for language in dict.fromkeys((detect_language(told), *asked)):
            for number, text in enumerate(self._usual.get(language, ())):
                key = f"{language}:{number}:{show.product_id}"
                if show.tried.get(key) == (text, basis):
                    continue
                show.tried[key] = (text, basis)
                wanted = Ask(
                    question=text,
                    product_id=show.product_id,
                    stream_id=show.stream_id,
                    drafted=True,
                )
                async for _ in ask(show.scope, wanted):
                    pass
                return True
        return False

    def _stays(self, show: _Show) -> bool:
        """Whether a product has been on air for a while, and still is."""
        newest = self._shows.get((show.scope.workspace_id, show.stream_id))
        is_on = newest is not None and newest.product_id == show.product_id
        return is_on and self._loop.time() - show.since >= self._settle_seconds

    def _withdraw(self, show: _Show) -> list[str]:
        gone = self._drafts.withdraw_stale(show.scope, show.stream_id, show.answered)
        for cluster_id in gone:
            show.tried.pop(cluster_id, None)
        return gone

    async def _draft(self, show: _Show, question: TopQuestion, basis: Basis, ask: AskFor) -> None:
        wanted = Ask(
            question=question.text,
            product_id=show.product_id,
            stream_id=show.stream_id,
            cluster_id=question.cluster_id,
            drafted=True,
        )
        answer: Answer | None = None
        async for part in ask(show.scope, wanted):
            answer = part if isinstance(part, Answer) else answer
        if answer is None or answer.status != "grounded":
            return
        draft = Draft(question.cluster_id, basis, answer)
        await in_pool(self._drafts.save, show.scope, show.stream_id, draft)
        show.tell(question.cluster_id, answer.answer_id)
