"""The network of `tools.questions.answering`, fitted by gradient descent (Adam) in numpy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tools.questions.answering import AnswerWeights

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Group:
    """A question with its candidates as the network sees them; `targets` are 0 to 1."""

    query: Array
    told: Array
    signs: Array
    targets: Array
    domain: int


@dataclass(frozen=True)
class Recipe:
    """How a member is fitted.

    `listwise` is the share of the loss that only orders candidates (softmax over a set), beside
    the log loss that calibrates.
    """

    rank: int = 64
    hidden: int = 64
    epochs: int = 8
    batch: int = 32
    rate: float = 2e-3
    decay: float = 5e-3
    dropout: float = 0.1
    listwise: float = 0.5
    seed: int = 0


@dataclass
class Scaling:
    """Means and spreads that members share."""

    ask_mean: Array
    tell_mean: Array
    sign_mean: Array
    sign_scale: Array


@dataclass
class _Adam:
    rate: float
    decay: float
    step: int = 0
    first: dict[str, Array] = field(default_factory=dict)
    second: dict[str, Array] = field(default_factory=dict)

    def update(self, weights: dict[str, Array], grads: dict[str, Array], rate: float) -> None:
        """One step of AdamW (Loshchilov and Hutter 2019, arXiv:1711.05101)."""
        self.step += 1
        for name, grad in grads.items():
            m = self.first[name] = 0.9 * self.first.get(name, 0.0) + 0.1 * grad
            v = self.second[name] = 0.999 * self.second.get(name, 0.0) + 0.001 * grad * grad
            m = m / (1 - 0.9**self.step)
            v = v / (1 - 0.999**self.step)
            decay = self.decay if weights[name].ndim > 1 else 0.0
            weights[name] -= rate * (m / (np.sqrt(v) + 1e-8) + decay * weights[name])


def scale(groups: Sequence[Group]) -> Scaling:
    """The means and spreads of what the network reads."""
    signs = np.concatenate([group.signs for group in groups])
    return Scaling(
        ask_mean=np.mean([group.query for group in groups], axis=0),
        tell_mean=np.mean([group.told.mean(axis=0) for group in groups], axis=0),
        sign_mean=signs.mean(axis=0),
        sign_scale=1 / (signs.std(axis=0) + 0.05),
    )


def fit(
    draw: Callable[[np.random.Generator], list[Group]],
    scaling: Scaling,
    recipe: Recipe,
    domains: int,
) -> dict[str, Array]:
    """The weights of one member, fitted to what `draw` gives for each epoch."""
    rng = np.random.default_rng(recipe.seed)
    dim, signs = len(scaling.ask_mean), len(scaling.sign_mean)
    normal = lambda *shape, width: rng.normal(0, width, shape).astype(np.float32)  # noqa: E731
    start = normal(dim, recipe.rank, width=2.0 / np.sqrt(recipe.rank))
    weights: dict[str, Array] = {
        "ask": start.copy(),
        "tell": start.copy(),
        "inner": normal(recipe.rank + signs, recipe.hidden, width=0.08),
        "inner_bias": np.zeros(recipe.hidden, np.float32),
        "outer": normal(recipe.hidden, width=0.2),
        "outer_bias": np.full(1, -2.0, np.float32),
        "domain_bias": np.zeros(domains, np.float32),
    }
    adam = _Adam(recipe.rate, recipe.decay)
    for epoch in range(recipe.epochs):
        groups = draw(rng)
        rng.shuffle(groups)  # type: ignore[arg-type]
        for at in range(0, len(groups), recipe.batch):
            progress = (epoch + at / len(groups)) / recipe.epochs
            rate = recipe.rate * min(1.0, 20 * progress) * (1 - progress) + 1e-5
            grads = _gradients(weights, scaling, groups[at : at + recipe.batch], recipe, rng)
            adam.update(weights, grads, rate)
    return weights


def _gradients(
    weights: dict[str, Array],
    scaling: Scaling,
    groups: Sequence[Group],
    recipe: Recipe,
    rng: np.random.Generator,
) -> dict[str, Array]:
    counts = np.array([len(group.targets) for group in groups])
    owner = np.repeat(np.arange(len(groups)), counts)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    queries = np.stack([group.query for group in groups]) - scaling.ask_mean
    told = np.concatenate([group.told for group in groups]) - scaling.tell_mean
    plain = np.concatenate([group.signs for group in groups]) - scaling.sign_mean
    plain = np.clip(plain * scaling.sign_scale, -5, 5)
    targets = np.concatenate([group.targets for group in groups])
    domain = np.array([group.domain for group in groups])[owner]
    keep = 1 - recipe.dropout

    asked, heard = queries @ weights["ask"], told @ weights["tell"]
    read = np.hstack([heard * asked[owner], plain])
    read_mask = (rng.random(read.shape, dtype=np.float32) < keep) / keep
    read = read * read_mask
    before = read @ weights["inner"] + weights["inner_bias"]
    mask = (before > 0) * (rng.random(before.shape, dtype=np.float32) < keep) / keep
    hidden = before * mask
    scores = hidden @ weights["outer"] + weights["outer_bias"] + weights["domain_bias"][domain]

    odds = 1 / (1 + np.exp(-scores))
    push = (odds - targets) / len(groups)
    top = np.maximum.reduceat(scores, starts)
    raised = np.exp(scores - top[owner])
    share = raised / np.add.reduceat(raised, starts)[owner]
    wanted = np.add.reduceat(targets, starts)
    aim = targets / np.maximum(wanted, 1e-6)[owner]
    has = (wanted > 0)[owner]
    push = push + recipe.listwise * np.where(has, share - aim, 0) / len(groups)
    push = push.astype(np.float32)

    into_hidden = push[:, None] * weights["outer"] * mask
    into_read = (into_hidden @ weights["inner"].T) * read_mask
    rank = asked.shape[1]
    meeting = into_read[:, :rank]
    into_asked = np.add.reduceat(meeting * heard, starts, axis=0)
    domain_push = np.zeros_like(weights["domain_bias"])
    np.add.at(domain_push, domain, push)
    return {
        "ask": queries.T @ into_asked,
        "tell": told.T @ (meeting * asked[owner]),
        "inner": read.T @ into_hidden,
        "inner_bias": into_hidden.sum(axis=0),
        "outer": hidden.T @ push,
        "outer_bias": push.sum(keepdims=True),
        "domain_bias": domain_push,
    }


def stack(members: Sequence[dict[str, Array]], scaling: Scaling, domain: int) -> AnswerWeights:
    """The members as the ranker takes them, with the base rate of one domain."""

    def column(name: str) -> Array:
        return np.stack([member[name] for member in members])

    bias = np.array([m["outer_bias"][0] + m["domain_bias"][domain] for m in members], np.float32)
    return AnswerWeights(
        ask=column("ask"),
        tell=column("tell"),
        inner=column("inner"),
        inner_bias=column("inner_bias"),
        outer=column("outer"),
        outer_bias=bias,
        ask_mean=scaling.ask_mean,
        tell_mean=scaling.tell_mean,
        sign_mean=scaling.sign_mean,
        sign_scale=scaling.sign_scale,
    )
