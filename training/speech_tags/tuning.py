"""Learning the upper layers of E5 and a head on labelled utterances."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as torchf
from numpy.typing import NDArray
from torch import Tensor, nn

from models.e5_file import WIDTH, E5File
from models.text_classifier import DENSE_SCALE
from training.speech_tags.encoder import make_upper, pad, pool

Hidden = Sequence[NDArray[np.float16]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How it is learnt: AdamW with one cycle (Smith and Topin 2019, arXiv:1708.07120)."""

    below: int = 8
    epochs: int = 4
    at_once: int = 32
    scales: float = 1.5e-2
    biases: float = 2e-3
    head: float = 6e-3
    drop: float = 0.1
    misheard: float = 0.4
    seed: int = 0


class Tuned(nn.Module):
    """The upper layers and a linear head over the vector taken from `mean`."""

    def __init__(self, file: E5File, mean: NDArray[np.float32], labels: int, below: int) -> None:
        super().__init__()
        self.layers = make_upper(file, below)
        self.head = nn.Linear(WIDTH, labels)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.constant_(self.head.bias, -3.0)
        self.register_buffer("mean", torch.tensor(mean))

    def forward(self, x: Tensor, mask: Tensor, drop: float) -> Tensor:
        """Log-odds of each label."""
        for layer in self.layers:
            x = layer(x, mask, drop)
        vector = DENSE_SCALE * torchf.normalize(pool(x, mask) - self.mean, dim=1)
        return self.head(torchf.dropout(vector, drop, self.training))

    def predict(self, hidden: Hidden) -> NDArray[np.float32]:
        """Log-odds of texts by the outputs of their lower layers."""
        self.eval()
        order = sorted(range(len(hidden)), key=lambda index: len(hidden[index]))
        found = np.zeros((len(hidden), self.head.out_features), np.float32)
        with torch.no_grad():
            for start in range(0, len(order), 32):
                chosen = order[start : start + 32]
                found[chosen] = self(*pad([hidden[index] for index in chosen]), 0.0).numpy()
        self.train()
        return found


def tune(
    file: E5File,
    versions: Sequence[Hidden],
    targets: NDArray[np.float32],
    mean: NDArray[np.float32],
    recipe: Recipe = Recipe(),
) -> Tuned:
    """Learn from texts as written (`versions[0]`) and as misheard (the others)."""
    torch.manual_seed(recipe.seed)
    rng = random.Random(recipe.seed)  # noqa: S311
    model = Tuned(file, mean, targets.shape[1], recipe.below).train()
    scales = [p for name, p in model.layers.named_parameters() if ".s." in name]
    others = [
        p
        for name, p in model.layers.named_parameters()
        if ".s." not in name and ".blocks." not in name
    ]
    rates = [recipe.scales, recipe.biases, recipe.head]
    optimiser = torch.optim.AdamW(
        [
            {"params": scales, "lr": rates[0], "weight_decay": 1e-3},
            {"params": others, "lr": rates[1], "weight_decay": 0.0},
            {"params": list(model.head.parameters()), "lr": rates[2], "weight_decay": 0.0},
        ],
        betas=(0.9, 0.98),
    )
    wanted = torch.tensor(targets)
    lengths = [len(one) for one in versions[0]]
    steps = recipe.epochs * len(_batches(rng, lengths, recipe.at_once))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, rates, total_steps=steps, pct_start=0.15
    )
    learnt = [*scales, *others, *model.head.parameters()]
    for _ in range(recipe.epochs):
        for batch in _batches(rng, lengths, recipe.at_once):
            drawn = [
                rng.choice(versions[1:])[index]
                if len(versions) > 1 and rng.random() < recipe.misheard
                else versions[0][index]
                for index in batch
            ]
            odds = model(*pad(drawn), recipe.drop)
            loss = torchf.binary_cross_entropy_with_logits(odds, wanted[batch])
            optimiser.zero_grad()
            (loss * targets.shape[1]).backward()
            torch.nn.utils.clip_grad_norm_(learnt, 5.0)
            optimiser.step()
            schedule.step()
    return model


def _batches(rng: random.Random, lengths: Sequence[int], size: int) -> list[list[int]]:
    """Every text once, by chance, those of a batch about as long as one another."""
    order = rng.sample(range(len(lengths)), len(lengths))
    found: list[list[int]] = []
    for start in range(0, len(order), 16 * size):
        near = sorted(order[start : start + 16 * size], key=lambda index: lengths[index])
        found += [near[at : at + size] for at in range(0, len(near), size)]
    rng.shuffle(found)
    return found
