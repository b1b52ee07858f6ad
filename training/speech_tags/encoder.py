"""The upper layers of multilingual-e5-small, with scales, biases and norms that can be learnt.

The lower layers are run once and their outputs kept. The 4-bit weights stay as they are, so that
what is learnt can be written into the engine's file (`models/tuned_e5.py`).
"""

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as torchf
from numpy.typing import NDArray
from torch import Tensor, nn

from models.e5_file import HEADS, LAYERS, WIDTH, E5File

_WIDTHS = {"q": WIDTH, "k": WIDTH, "v": WIDTH, "ao": WIDTH, "fi": WIDTH, "fo": 4 * WIDTH}
_NORMS = ("aln.w", "aln.b", "oln.w", "oln.b")


class Layer(nn.Module):
    """A transformer layer; `s` are relative changes of the scales of its matrices' blocks."""

    def __init__(self, file: E5File, number: int) -> None:
        super().__init__()
        self.number = number
        self.blocks = nn.ParameterDict()
        self.s = nn.ParameterDict()
        self.b = nn.ParameterDict()
        for name, width in _WIDTHS.items():
            weights, scales = file.matrix(f"l{number}.{name}.w", width)
            blocks = torch.tensor(weights, dtype=torch.float32) * torch.tensor(scales)[..., None]
            self.blocks[name] = nn.Parameter(blocks, requires_grad=False)
            self.s[name] = nn.Parameter(torch.zeros(scales.shape))
            self.b[name] = nn.Parameter(torch.tensor(file.numbers(f"l{number}.{name}.b")))
        self.norms = nn.ParameterDict(
            {
                name.replace(".", "_"): nn.Parameter(
                    torch.tensor(file.numbers(f"l{number}.{name}"))
                )
                for name in _NORMS
            }
        )

    def forward(self, x: Tensor, mask: Tensor, drop: float) -> Tensor:
        """`(texts, tokens, width)` in and out; `mask` is true where there is a token."""
        texts, tokens, width = x.shape

        def heads(values: Tensor) -> Tensor:
            return values.view(texts, tokens, HEADS, width // HEADS).transpose(1, 2)

        seen = torchf.scaled_dot_product_attention(
            heads(self._times("q", x)),
            heads(self._times("k", x)),
            heads(self._times("v", x)),
            attn_mask=mask[:, None, None, :],
        )
        seen = self._times("ao", seen.transpose(1, 2).reshape(texts, tokens, width))
        x = self._norm("aln", x + torchf.dropout(seen, drop, self.training))
        inner = self._times("fo", torchf.gelu(self._times("fi", x)))
        return self._norm("oln", x + torchf.dropout(inner, drop, self.training))

    def learnt(self, file: E5File) -> dict[str, NDArray[np.floating]]:
        """The numbers to write into the engine's file, by their names there."""
        found: dict[str, NDArray[np.floating]] = {}
        for name, width in _WIDTHS.items():
            _, scales = file.matrix(f"l{self.number}.{name}.w", width)
            change = 1 + self.s[name].detach().numpy()
            found[f"l{self.number}.{name}.w"] = (scales * change).astype(np.float16)
            found[f"l{self.number}.{name}.b"] = self.b[name].detach().numpy().astype(np.float16)
        for name in _NORMS:
            values = self.norms[name.replace(".", "_")].detach().numpy()
            found[f"l{self.number}.{name}"] = values.astype(np.float16)
        return found

    def _times(self, name: str, x: Tensor) -> Tensor:
        matrix = (self.blocks[name] * (1 + self.s[name])[..., None]).flatten(1)
        return torchf.linear(x, matrix, self.b[name])

    def _norm(self, name: str, x: Tensor) -> Tensor:
        weight, bias = self.norms[f"{name}_w"], self.norms[f"{name}_b"]
        return torchf.layer_norm(x, (WIDTH,), weight, bias, 1e-12)


class Lower:
    """Embeddings and the layers below those that learn."""

    def __init__(self, file: E5File, below: int) -> None:
        self._file = file
        words, scales = file.matrix("emb.word", WIDTH)
        self._words, self._scales = words, scales
        self._positions = file.numbers("emb.pos").reshape(-1, WIDTH)
        self._kind = file.numbers("emb.type").reshape(-1, WIDTH)[0]
        self._norm = file.numbers("emb.ln.w"), file.numbers("emb.ln.b")
        self._layers = [Layer(file, number) for number in range(below)]

    def run(
        self, texts: Sequence[str], longest: int, at_once: int = 16
    ) -> list[NDArray[np.float16]]:
        """`(tokens, width)` for each text, cut to its first `longest` tokens."""
        tokens = [self._file.tokens(text)[:longest] for text in texts]
        order = sorted(range(len(tokens)), key=lambda index: len(tokens[index]))
        found: list[NDArray[np.float16]] = [np.zeros((0, WIDTH), np.float16)] * len(tokens)
        for start in range(0, len(order), at_once):
            chosen = order[start : start + at_once]
            x, mask = pad([self._embed(tokens[index]) for index in chosen])
            with torch.no_grad():
                for layer in self._layers:
                    x = layer.eval()(x, mask, 0.0)
            for row, index in enumerate(chosen):
                found[index] = x[row, : len(tokens[index])].half().numpy()
        return found

    def _embed(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        chosen = list(tokens)
        values = self._words[chosen] * self._scales[chosen][..., None]
        values = values.reshape(len(chosen), WIDTH) + self._positions[: len(chosen)] + self._kind
        values -= values.mean(axis=1, keepdims=True)
        values /= np.sqrt(values.var(axis=1, keepdims=True) + self._file.epsilon)
        return (values * self._norm[0] + self._norm[1]).astype(np.float32)


def make_upper(file: E5File, below: int) -> nn.ModuleList:
    """The layers that learn."""
    return nn.ModuleList(Layer(file, number) for number in range(below, LAYERS))


def pad(texts: Sequence[NDArray[np.floating]]) -> tuple[Tensor, Tensor]:
    """Texts of different lengths as one batch, and where there is a token."""
    longest = max(map(len, texts))
    x = torch.zeros(len(texts), longest, WIDTH)
    mask = torch.zeros(len(texts), longest, dtype=torch.bool)
    for row, text in enumerate(texts):
        x[row, : len(text)] = torch.as_tensor(text, dtype=torch.float32)
        mask[row, : len(text)] = True
    return x, mask


def pool(x: Tensor, mask: Tensor) -> Tensor:
    """The mean over tokens at length 1, as the engine gives it."""
    tokens = mask.float()[..., None]
    return torchf.normalize((x * tokens).sum(1) / tokens.sum(1), dim=1)
