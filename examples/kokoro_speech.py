"""Speech by Kokoro-82M: English and Chinese text to samples of 24 kHz.

The packages are the `speech` group of pyproject: phonemizer-fork with espeakng-loader tells how
English sounds, misaki how Chinese does. The folder given holds `kokoro.onnx` (int8), `vocab.json`
and `voices/NAME.bin`; examples/broadcast/README.md says where they come from.
"""

import hashlib
import importlib
import json
import re
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

RATE = 24_000
MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"

_MOST_SOUNDS = 400
_STYLES = 256
_QUIET = 0.01
_LEAD, _TAIL = RATE * 3 // 100, RATE * 6 // 100
_ENGLISH_UNITS = {
    "ml": "millilitres",
    "kg": "kilograms",
    "cm": "centimetres",
    "mm": "millimetres",
    "g": "grams",
}
_CHINESE_UNITS = {"ml": "毫升", "kg": "公斤", "mm": "毫米", "cm": "厘米", "g": "克"}
_ESPEAK_TO_KOKORO = (("ʲ", "j"), ("r", "ɹ"), ("x", "k"), ("ɬ", "l"))


class Kokoro:
    """Says sentences. `folder` holds the model, its vocabulary and its voices."""

    def __init__(self, folder: Path) -> None:
        model = folder / "kokoro.onnx"
        if hashlib.sha256(model.read_bytes()).hexdigest() != MODEL_SHA256:
            raise SystemExit(f"{model} has not the SHA-256 {MODEL_SHA256}")
        runtime = importlib.import_module("onnxruntime")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = runtime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        self._folder = folder
        self._sounds: dict[str, int] = json.loads((folder / "vocab.json").read_text("utf-8"))[
            "vocab"
        ]

    def say(self, text: str, language: str, voice: str, speed: float = 1.0) -> NDArray[np.float32]:
        """The samples of `text`, without the silence around it."""
        sounds = self._chinese(text) if language == "zh" else self._english(text)
        style = np.fromfile(self._folder / "voices" / f"{voice}.bin", np.float32)
        styles = style.reshape(-1, 1, _STYLES)
        parts: list[NDArray[np.float32]] = []
        for piece in _pieces(sounds):
            ids = [self._sounds[sound] for sound in piece if sound in self._sounds]
            given = {
                "tokens": np.array([[0, *ids, 0]], np.int64),
                "style": styles[min(len(ids), len(styles)) - 1],
                "speed": np.array([speed], np.float32),
            }
            parts.append(_trim(np.asarray(self._session.run(None, given)[0], np.float32).ravel()))
        return np.concatenate(parts)

    def _english(self, text: str) -> str:
        said = self._espeak.phonemize([_spell_english(text)])[0].strip()
        for theirs, ours in _ESPEAK_TO_KOKORO:
            said = said.replace(theirs, ours)
        said = re.sub(r"(?<=[a-zɹː])(?=hˈʌndɹɪd)", " ", said)
        return re.sub(r"(?<=nˈaɪn)ti(?!ː)", "di", said)

    def _chinese(self, text: str) -> str:
        """Latin words within are said in English by the same voice."""
        spelt = self._numbers.transform(_spell_chinese(text), "an2cn")
        said: list[str] = []
        for part in re.findall(r"[A-Za-z][A-Za-z' ]*[A-Za-z]|[^A-Za-z]+|[A-Za-z]", spelt):
            if re.match("[A-Za-z]", part):
                said.append(f" {self._english(part)} ")
                continue
            # misaki takes a part that does not begin with Chinese for something else
            lead = re.match(r"[^一-鿿]*", part)
            before = lead.group() if lead else ""
            rest = part[len(before) :]
            said.append(self._misaki.map_punctuation(before))
            said.append((" " if before else "") + (self._misaki(rest)[0] if rest else ""))
        return re.sub(r"\s+", " ", "".join(said)).strip()

    @cached_property
    def _espeak(self) -> Any:  # noqa: ANN401 (an optional package without types)
        loader = importlib.import_module("espeakng_loader")
        backend = importlib.import_module("phonemizer.backend")
        wrapper = importlib.import_module("phonemizer.backend.espeak.wrapper").EspeakWrapper
        wrapper.set_library(loader.get_library_path())
        wrapper.set_data_path(loader.get_data_path())
        return backend.EspeakBackend("en-us", preserve_punctuation=True, with_stress=True)

    @cached_property
    def _numbers(self) -> Any:  # noqa: ANN401
        return importlib.import_module("cn2an")

    @cached_property
    def _misaki(self) -> Any:  # noqa: ANN401
        misaki = importlib.import_module("misaki.zh").ZHG2P
        pinyin = importlib.import_module("pypinyin")

        def to_ipa(word: str) -> str:
            syllables = pinyin.lazy_pinyin(
                word,
                style=pinyin.Style.TONE3,
                neutral_tone_with_five=True,
                tone_sandhi=True,
            )
            return "".join(misaki.py2ipa(syllable) for syllable in syllables)

        misaki.word2ipa = staticmethod(to_ipa)
        return misaki()


def _spell_english(text: str) -> str:
    text = re.sub(r"\$(\d+)\.(\d\d)", r"\1 dollars \2", text)
    text = re.sub(r"\$(\d+)", r"\1 dollars", text)
    for unit, word in _ENGLISH_UNITS.items():
        text = re.sub(rf"(?<=\d) ?{unit}\b", f" {word}", text)
    return text.replace("%", " percent")


def _spell_chinese(text: str) -> str:
    for unit, word in _CHINESE_UNITS.items():
        text = re.sub(rf"(?<=\d) ?{unit}(?![A-Za-z])", word, text)
    return text


def _pieces(sounds: str) -> list[str]:
    """Parts that the model takes at once, cut at pauses."""
    found: list[str] = []
    for piece in re.split(r"(?<=[,.!?;:])\s*", sounds):
        if found and len(found[-1]) + len(piece) < _MOST_SOUNDS:
            found[-1] = f"{found[-1]} {piece}".strip()
        elif piece:
            found.append(piece)
    return found


def _trim(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    loud = np.flatnonzero(np.abs(samples) > _QUIET)
    return samples[max(0, loud[0] - _LEAD) : loud[-1] + _TAIL] if loud.size else samples
