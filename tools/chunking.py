"""Cutting long material into pieces that fit a small model's attention."""

import re

CHUNK_TOKENS = 800
"""Of one piece: a 1.5B model copies well out of some 800 tokens and loses lines beyond."""

_HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_TOKENS = 0.8
_LATIN_CHARS = 3.5


def count_tokens(text: str) -> int:
    """About how many tokens `text` is to a byte-pair vocabulary such as Qwen's."""
    han = len(_HAN.findall(text))
    return round(han * _HAN_TOKENS + (len(text) - han) / _LATIN_CHARS) + 1


def split_material(text: str, *, tokens: int = CHUNK_TOKENS) -> list[str]:
    """`text` (one sentence a line) in pieces of at most about `tokens`, cut between lines.

    LlamaIndex's SentenceSplitter does the cutting and is imported for long material only; its
    NLTK tokenizer, which wants data files, is replaced by cutting at sentence ends.
    """
    if not text.strip():
        return []
    if count_tokens(text) <= tokens:
        return [text]
    from llama_index.core.node_parser import SentenceSplitter

    splitter = SentenceSplitter(
        chunk_size=tokens,
        chunk_overlap=0,
        tokenizer=_as_tokens,
        paragraph_separator="\n",
        chunking_tokenizer_fn=_cut_sentences,
    )
    return [chunk for chunk in splitter.split_text(text) if chunk.strip()]


def _as_tokens(text: str) -> list[int]:
    return list(range(count_tokens(text)))


def _cut_sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[。！？；])|(?<=[.!?;])(?=\s)", text) if part]
