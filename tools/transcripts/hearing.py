"""Hearing a long recording in chunks, some at a time, each kept before it counts."""

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from domain.errors import InvalidInput, JobCancelled
from domain.progress import Progress, ProgressSink, discard, never
from domain.settings import Limits, Recordings
from models.asr import Hearer
from models.utterances import Utterance, Word
from models.voice import find_voice
from tools.fingerprints import fingerprint
from tools.recordings import LONGER
from tools.sound import RATE, Sound, load_sound, write_wav
from tools.transcripts.chunking import Chunk, FindSpeech, plan_chunks
from tools.transcripts.joining import join_words

_MADE = 1
"""Goes up when the same sound would be heard as other words."""

_LEAST_VOICE_MS = 150


class HeardChunks(Protocol):
    """Where the words of a chunk are kept, by a key that tells sound, model and options."""

    def find(self, key: str) -> list[Utterance] | None:
        """What was heard before; None where it was not."""
        ...

    def keep(self, key: str, said: Sequence[Utterance]) -> None:
        """Store it so that it outlives this process."""
        ...


@dataclass(frozen=True)
class Said:
    """The words of a recording in order; `timed` tells whether each has a time of its own.

    Where an endpoint gives no times of words, a sentence stands for one.
    """

    words: list[Word]
    timed: bool


class Hearing:
    """Hears recordings with as many recognisers at once as there are `hearers`."""

    def __init__(
        self,
        hearers: Callable[[], Sequence[Hearer]],
        settings: Recordings,
        limits: Limits,
        *,
        find_speech: FindSpeech = find_voice,
    ) -> None:
        self._hearers = hearers
        self._settings = settings
        self._limits = limits
        self._find_speech = find_speech

    @property
    def name(self) -> str:
        """The recogniser's name."""
        return self._hearers()[0].name

    def key(self, terms: Sequence[str] | None, language: str | None) -> str:
        """Equal for hearings that give the same words for the same sound.

        Without `terms`, for those that may have had any.
        """
        named = None if terms is None else list(terms)
        return fingerprint(self.name, _MADE, self._settings.chunk_seconds, named, language)

    def hear(
        self,
        path: Path,
        file: str,
        kept: HeardChunks,
        key: str,
        *,
        terms: Sequence[str] = (),
        language: str | None = None,
        progress: ProgressSink = discard,
        cancelled: Callable[[], bool] = never,
    ) -> Said:
        """What is said in the recording at `path`, called `file`.

        A chunk that `kept` has under `key` (see `key`) is not heard again; each other is kept as
        soon as it was heard. `terms` are names as they are spelt, the most important first.
        Progress counts seconds of the recording.

        Raises:
            InvalidInput: the sound cannot be decoded, or nobody speaks.
            JobCancelled: `cancelled` said so.
        """
        with TemporaryDirectory(prefix="livecue-recording-") as name:
            folder = Path(name)
            sound = load_sound(
                path,
                file,
                folder,
                limits=self._limits,
                max_seconds=self._settings.max_seconds,
                seconds=LONGER * self._limits.reader_seconds,
                cancelled=cancelled,
                tell=lambda second: progress(
                    Progress(stage="transcript", message=f"decoding sound: {second:.0f} s")
                ),
            )
            run = _Run(
                self._hearers(),
                sound,
                folder,
                kept,
                key,
                file,
                terms,
                language,
                progress,
                cancelled,
            )
            plan: list[Chunk] = []
            for chunk in plan_chunks(
                sound,
                longest_seconds=self._settings.chunk_seconds,
                find_speech=self._find_speech,
            ):
                run.heed()
                plan.append(chunk)
            said = run.hear(plan) if any(c.voice_ms >= _LEAST_VOICE_MS for c in plan) else []
        timed = all(one.words for chunk in said for one in chunk)
        words = join_words(
            [
                (c, [w for one in part for w in _words(one)])
                for c, part in zip(plan, said, strict=False)
            ]
        )
        if not words:
            raise InvalidInput(
                f"{file} holds no speech that can be heard.",
                hint="Give one in which the host speaks; music and noise alone are not cut.",
                details={"file": file},
            )
        return Said(words, timed)


class _Run:
    """One hearing of one recording."""

    def __init__(
        self,
        hearers: Sequence[Hearer],
        sound: Sound,
        folder: Path,
        kept: HeardChunks,
        key: str,
        file: str,
        terms: Sequence[str],
        language: str | None,
        progress: ProgressSink,
        cancelled: Callable[[], bool],
    ) -> None:
        self._free: queue.SimpleQueue[Hearer] = queue.SimpleQueue()
        for hearer in hearers:
            self._free.put(hearer)
        self._at_once = len(hearers)
        self._sound = sound
        self._folder = folder
        self._kept = kept
        self._key = key
        self._file = file
        self._terms = terms
        self._language = language
        self._progress = progress
        self._cancelled = cancelled
        self._done_ms = 0
        self._counting = threading.Lock()

    def heed(self) -> None:
        """Raise JobCancelled when it has to stop."""
        if self._cancelled():
            raise JobCancelled(
                f"hearing {self._file} was cancelled",
                hint="`livecue jobs resume` goes on with the next chunk",
            )

    def hear(self, plan: Sequence[Chunk]) -> list[list[Utterance]]:
        """What each chunk holds; at the first error those that wait are not begun."""
        with ThreadPoolExecutor(self._at_once, thread_name_prefix="hear") as threads:
            waiting = [threads.submit(self._hear, chunk) for chunk in plan]
            try:
                return [one.result() for one in waiting]
            except BaseException:
                threads.shutdown(wait=True, cancel_futures=True)
                raise

    def _hear(self, chunk: Chunk) -> list[Utterance]:
        self.heed()
        key = fingerprint(self._key, chunk.key)
        said = self._kept.find(key)
        if said is None:
            said = self._transcribe(chunk) if chunk.voice_ms >= _LEAST_VOICE_MS else []
            self._kept.keep(key, said)
        self._tell(chunk)
        return said

    def _transcribe(self, chunk: Chunk) -> list[Utterance]:
        first, last = (ms * RATE // 1000 for ms in (chunk.heard_from_ms, chunk.heard_until_ms))
        part = write_wav(self._folder / f"{chunk.key}.wav", self._sound[first:last])
        hearer = self._free.get()
        try:
            said = hearer.transcribe(
                part, terms=self._terms, language=self._language, cancelled=self._cancelled
            )
        finally:
            self._free.put(hearer)
            part.unlink()
        return [_moved(one, chunk) for one in said]

    def _tell(self, chunk: Chunk) -> None:
        with self._counting:
            self._done_ms += chunk.end_ms - chunk.start_ms
            done = self._done_ms // 1000
        total = self._sound.size // RATE
        self._progress(
            Progress(stage="transcript", message="hearing", done=done, total=total, unit="seconds")
        )


def _words(said: Utterance) -> list[Word]:
    return list(said.words) or [Word(said.start_ms, said.end_ms, f" {said.text}", None)]


def _moved(said: Utterance, chunk: Chunk) -> Utterance:
    """The utterance at its time in the recording; never beyond the sound that it was heard in."""

    def at(ms: int) -> int:
        return min(chunk.heard_from_ms + ms, chunk.heard_until_ms)

    return replace(
        said,
        start_ms=at(said.start_ms),
        end_ms=at(said.end_ms),
        words=tuple(
            replace(word, start_ms=at(word.start_ms), end_ms=at(word.end_ms)) for word in said.words
        ),
    )
