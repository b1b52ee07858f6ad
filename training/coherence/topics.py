"""A projection of sentence vectors in which talk of one product lies together."""

import random
from collections.abc import Hashable, Sequence

import numpy as np
import torch
import torch.nn.functional as torchf
from numpy.typing import NDArray

WIDTH = 48
STEPS = 400
RATE = 3e-3
DECAY = 0.3
DROP = 0.4
SHARPNESS = 12.0
_SEGMENTS = 20
_SENTENCES = 8
_STRETCH = 12


def learn_topics(
    vectors: NDArray[np.float32], segments: Sequence[tuple[str, Hashable] | None], seed: int = 0
) -> NDArray[np.float32]:
    """`(width, 48)`, learnt from which sentences share a segment (supervised contrastive loss).

    Khosla et al. 2020, arXiv:2004.11362; `segments` are language and name, None for what is not
    learnt from. A batch is of one language, so that language tells nothing.
    """
    torch.manual_seed(seed)
    rng = random.Random(seed)  # noqa: S311
    projection = torch.nn.Linear(vectors.shape[1], WIDTH, bias=False)
    torch.nn.init.orthogonal_(projection.weight)
    optimiser = torch.optim.AdamW(projection.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=STEPS)
    places: dict[tuple[str, Hashable], list[int]] = {}
    for index, segment in enumerate(segments):
        if segment is not None:
            places.setdefault(segment, []).append(index)
    seen = torch.tensor(vectors)
    for _ in range(STEPS):
        lang = rng.choice(sorted({key[0] for key in places}))
        known = [part for key, part in places.items() if key[0] == lang and len(part) > _STRETCH]
        chosen: list[int] = []
        for part in rng.sample(known, min(_SEGMENTS, len(known))):
            start = rng.randrange(len(part) - _STRETCH)
            chosen += rng.sample(part[start : start + _STRETCH], _SENTENCES)
        topics = torchf.normalize(projection(torchf.dropout(seen[chosen], DROP)), dim=1)
        own = torch.arange(len(chosen)) // _SENTENCES
        others = ~torch.eye(len(chosen), dtype=torch.bool)
        same = (own[:, None] == own[None]) & others
        alike = (SHARPNESS * topics @ topics.T).masked_fill(~others, -1e9)
        told = alike - alike.logsumexp(1, keepdim=True)
        loss = -((told * same).sum(1) / same.sum(1)).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return projection.weight.detach().numpy().T.copy()
