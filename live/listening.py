"""The ears of a session: sound in, utterances out, one stretch of speech after another."""

import queue
import threading
from collections.abc import Sequence

from domain.right_of_way import RightOfWay
from domain.stream import SpokenWord, Utterance
from live.merging import KeyedRow, Merger
from live.sources.media import AudioChunk
from live.speech import FindSpeech, Speech, SpeechCutter
from models.asr import Transcriber
from models.asr import Utterance as Heard
from models.voice import find_voice

READER = "speech"
_Told = Speech | int | None


class Listener:
    """Hears sound in a thread of its own and hands what was said to the merger.

    `terms` are names as they are spelt. At most `waiting` stretches wait to be heard; then `hear`
    waits as well, and the source's own queue fills. Up to `heard_until_ms` an earlier session has
    heard all. Before each stretch it gives `way`.
    """

    def __init__(
        self,
        transcriber: Transcriber,
        merger: Merger,
        *,
        terms: Sequence[str] = (),
        language: str | None = None,
        longest_ms: int = 4000,
        waiting: int = 8,
        heard_until_ms: int = 0,
        find_speech: FindSpeech = find_voice,
        way: RightOfWay | None = None,
    ) -> None:
        self._transcriber = transcriber
        self._merger = merger
        self._terms = terms
        self._language = language
        self._before = language
        self._heard_until_ms = heard_until_ms
        self._way = way or RightOfWay()
        self._cutter = SpeechCutter(longest_ms=longest_ms, find_speech=find_speech)
        self._told: queue.Queue[_Told] = queue.Queue(maxsize=2 * waiting)
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """The stretches that have not been heard yet."""
        return self._told.qsize() // 2

    def hear(self, chunk: AudioChunk) -> None:
        """Take the next sound."""
        self._tell(self._cutter.add(chunk))

    def finish(self) -> None:
        """Hear what is left, and end. Raises what made the listening fail."""
        self._tell(self._cutter.finish())
        self._told.put(None)
        self._thread.join()
        self._raise_failure()

    def stop(self) -> None:
        """End without hearing what waits."""
        while True:
            try:
                self._told.get_nowait()
            except queue.Empty:
                break
        self._told.put(None)
        self._thread.join()

    def _tell(self, stretches: Sequence[Speech]) -> None:
        self._raise_failure()
        for speech in stretches:
            self._told.put(speech)
        self._told.put(self._cutter.heard_ms)

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        while (told := self._told.get()) is not None:
            if self._failure is not None:
                continue
            try:
                if isinstance(told, int):
                    self._merger.pass_by(READER, told)
                else:
                    self._way.give()
                    self._merger.add(self._transcribe(told))
            except Exception as error:  # noqa: BLE001 - raised again where sound is handed in
                self._failure = error
        self._merger.leave(READER)

    def _transcribe(self, speech: Speech) -> list[KeyedRow]:
        heard = self._transcriber.listen(
            speech.samples, terms=self._terms, language=self._language, before=self._before
        )
        self._before = heard.language or self._before
        rows = [_row(said, speech) for said in heard.utterances]
        return [(key, row) for key, row in rows if self._is_news(row.start_ms, row.end_ms)]

    def _is_news(self, start_ms: int, end_ms: int) -> bool:
        """Whether most of it was said after what an earlier session has heard."""
        return (start_ms + end_ms) / 2 >= self._heard_until_ms


def _row(said: Heard, speech: Speech) -> KeyedRow:
    """The utterance at its time in the stream; never beyond the sound that it was heard in."""
    base, latest = speech.start_ms, speech.end_ms
    row = Utterance(
        start_ms=min(base + said.start_ms, latest),
        end_ms=min(base + said.end_ms, latest),
        text=said.text,
        words=tuple(
            SpokenWord(
                start_ms=min(base + word.start_ms, latest),
                end_ms=min(base + word.end_ms, latest),
                text=word.text,
            )
            for word in said.words
        ),
    )
    return f"heard:{row.start_ms}:{row.end_ms}", row
