"""Trains `models/weights/pld_vhd.onnx`: PLD-VHD's network on rendered scenes.

`python -m training pld_vhd` renders the scenes, trains, exports, and draws `map.png`. It needs
torch and onnx besides the other packages for training, and some minutes on two idle cores. Each
pixel of a picture in a highlight is to be what the pseudo-label (`saliency.py`) says of it, and
each pixel of any other picture 0, by binary cross-entropy, as in the paper. With a demo film at
`LIVECUE_DEMO_FILM` one scene in four is composed over its pictures.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch.nn import functional

from evals.highlight_measures import average_precision
from tools.highlights.pld import FILE, STEP_MS, WINDOW, PixelDistiller, draw_map
from training.highlights.train import demo_pictures
from training.pld_vhd.network import PixelDistinction
from training.pld_vhd.windows import Run, render_run

RUNS = 120
_KEPT_OUT = 6
"""Every sixth run is not trained on."""
_EPOCHS = 6
_BATCH = 16
_EVERY = 6
"""One window in six of a run is taken in an epoch: neighbours are nearly the same."""
_DRAWN = 4
_RATE = 3e-3
_OPSET = 17


def train() -> None:
    """Render, train, report, export, draw."""
    pictures = demo_pictures(os.environ.get("LIVECUE_DEMO_FILM"))
    runs: list[Run] = []
    for number in range(RUNS):
        behind: tuple[Any, ...] = ()
        if pictures and number % 4 == 3:
            behind = (pictures[number % len(pictures)], pictures[(number * 7 + 3) % len(pictures)])
        runs.append(render_run(number, behind))
        print(f"scene {number + 1} of {RUNS}", end="\r", flush=True)
    network = fit([run for n, run in enumerate(runs) if n % _KEPT_OUT])
    export(network, FILE)
    kept_out = [run for n, run in enumerate(runs) if n % _KEPT_OUT == 0]
    report(kept_out, PixelDistiller())
    draw(kept_out, PixelDistiller(), Path(__file__).with_name("map.png"))


def fit(runs: Sequence[Run], epochs: int = _EPOCHS) -> PixelDistinction:
    """A network after `epochs` passes over the runs, by AdamW under one cosine."""
    torch.manual_seed(1)
    dice = np.random.default_rng(1)
    network = PixelDistinction()
    optimiser = torch.optim.AdamW(network.parameters(), lr=_RATE, weight_decay=0.01)
    steps = epochs * sum(len(run.pictures) // _EVERY for run in runs) // _BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, _RATE, total_steps=steps + epochs * 12
    )
    network.train()
    for epoch in range(epochs):
        losses: list[float] = []
        for windows, labels in _batches(runs, dice):
            optimiser.zero_grad()
            loss = functional.binary_cross_entropy_with_logits(network(windows), labels)
            loss.backward()
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}", flush=True)
    return network.eval()


def _batches(
    runs: Sequence[Run], dice: np.random.Generator
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Batches of windows of one shape, in random order, mirrored and tinted by chance."""
    shapes: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    for number, run in enumerate(runs):
        first = int(dice.integers(_EVERY))
        for last in range(first, len(run.pictures), _EVERY):
            shapes.setdefault(run.pictures.shape[1:], []).append((number, last))
    batches: list[list[tuple[int, int]]] = []
    for places in shapes.values():
        order = dice.permutation(len(places))
        batches += [
            [places[i] for i in order[at : at + _BATCH]]
            for at in range(0, len(order) - _BATCH // 2, _BATCH)
        ]
    for at in dice.permutation(len(batches)):
        windows: list[NDArray[np.float32]] = []
        labels: list[NDArray[np.float32]] = []
        for number, last in batches[at]:
            run = runs[number]
            places = np.maximum(np.arange(last - WINDOW + 1, last + 1), 0)
            window = run.pictures[places].transpose(0, 3, 1, 2).astype(np.float32) / 255
            window *= dice.uniform(0.75, 1.25, (1, 3, 1, 1)).astype(np.float32)
            window += np.float32(dice.uniform(-0.08, 0.08))
            np.clip(window, 0, 1, out=window)
            label = run.labels[last].astype(np.float32) / 255
            if dice.random() < 0.5:
                window, label = window[..., ::-1], label[:, ::-1]
            if dice.random() < 0.3:
                window = window[:, dice.permutation(3)]
            windows.append(window)
            labels.append(label)
        yield torch.from_numpy(np.stack(windows)), torch.from_numpy(np.stack(labels))


def export(network: PixelDistinction, path: Path) -> None:
    """Write the network for onnxruntime; height and width stay free."""
    example = torch.zeros(1, WINDOW, 3, 64, 112)
    free = {0: "n", 3: "height", 4: "width"}
    torch.onnx.export(
        network,
        (example,),
        str(path),
        input_names=["window"],
        output_names=["logits"],
        dynamic_axes={"window": free, "logits": {0: "n", 1: "height", 2: "width"}},
        opset_version=_OPSET,
        dynamo=False,
    )


def report(runs: Sequence[Run], distiller: PixelDistiller) -> None:
    """On scenes kept out: ranking of seconds by the map's mean, and where the map is high."""
    precisions: list[float] = []
    inside: list[float] = []
    outside: list[float] = []
    per_second = 1000 // STEP_MS
    for run in runs:
        means: list[float] = []
        for last in range(per_second // 2, len(run.pictures), per_second):
            places = np.maximum(np.arange(last - WINDOW + 1, last + 1), 0)
            found = distiller.distil(run.pictures[places])
            means.append(float(found.mean()))
            planted = run.focus[last] > 128
            if run.shown[last] and planted.any():
                inside.append(float(found[planted].mean()))
                outside.append(float(found[~planted].mean()))
        precisions.append(average_precision(run.truth, means[: len(run.truth)]))
    chance = np.mean([np.mean(run.truth) for run in runs])
    print(f"mAP {np.mean(precisions):.3f} on {len(runs)} scenes kept out, chance {chance:.3f}")
    print(f"map inside the planted thing {np.mean(inside):.3f}, elsewhere {np.mean(outside):.3f}")


def draw(runs: Sequence[Run], distiller: PixelDistiller, path: Path) -> None:
    """A small picture of maps: shown moments above, moments that only move below."""
    wanted: dict[bool, list[NDArray[np.uint8]]] = {True: [], False: []}
    for run in runs:
        if run.pictures.shape[1:3] != (64, 112):
            continue
        for shown, windows in wanted.items():
            places = np.flatnonzero(run.shown == shown)
            if places.size and len(windows) < _DRAWN:
                last = int(places[len(places) // 2])
                places = np.maximum(np.arange(last - WINDOW + 1, last + 1), 0)
                windows.append(run.pictures[places])
    count = min(len(windows) for windows in wanted.values())
    maps = {s: [distiller.distil(w) for w in windows[:count]] for s, windows in wanted.items()}
    top = max(float(found.max()) for row in maps.values() for found in row)
    rows: list[NDArray[np.uint8]] = []
    for shown, windows in wanted.items():
        size = (2 * windows[0].shape[2], 2 * windows[0].shape[1])
        seen = [cv2.resize(w[-1], size).astype(np.uint8) for w in windows[:count]]
        heat = [draw_map(p, found, top=top) for p, found in zip(seen, maps[shown], strict=True)]
        rows += [np.hstack(seen), np.hstack(heat)]
    palette = Image.fromarray(np.vstack(rows)[..., ::-1]).quantize(128)
    palette.save(path, optimize=True)
