"""The network: a window of pictures in, the distinction of each pixel of the last one out.

An encoder of spatial and temporal convolutions in turn (R(2+1)D, Tran et al. 2018) in place of the
paper's 3D ones, which two cores cannot afford, and a decoder with skips from the last picture.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

WINDOW = 6


class Space(nn.Module):
    """A spatial convolution on each picture, which makes it smaller."""

    def __init__(self, inside: int, outside: int, kernel: int = 3, step: int = 2) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inside, outside, kernel, step, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(outside)

    def forward(self, x: Tensor) -> Tensor:
        """Smaller maps of pictures."""
        return functional.relu(self.norm(self.conv(x)))


class Time(nn.Module):
    """A convolution over time at each pixel, with what came in added."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, (3, 1), padding=(1, 0), bias=False)
        self.norm = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        """Mixes the pictures of each window."""
        _, channels, high, wide = x.shape
        flat = x.reshape(-1, WINDOW, channels, high * wide).transpose(1, 2)
        mixed = functional.relu(flat + self.norm(self.conv(flat)))
        return mixed.transpose(1, 2).reshape(-1, channels, high, wide)


class Up(nn.Module):
    """Doubles a map and joins it with one of the encoder."""

    def __init__(self, inside: int, skip: int, outside: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inside + skip, outside, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(outside)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        """Joins two maps."""
        x = functional.interpolate(x, scale_factor=2.0, mode="nearest")
        return functional.relu(self.norm(self.conv(torch.cat([x, skip], 1))))


class PixelDistinction(nn.Module):
    """`(n, 6, 3, height, width)` in 0..1 to `(n, height, width)` logits; sides by 16 pixels."""

    def __init__(self, widths: tuple[int, int, int] = (16, 32, 64)) -> None:
        super().__init__()
        a, b, c = widths
        self.space = nn.ModuleList([Space(3, a, 7, 4), Space(a, b), Space(b, c)])
        self.time = nn.ModuleList([Time(a), Time(b), Time(c)])
        self.ups = nn.ModuleList([Up(2 * c, b, b), Up(b, a, a)])
        self.out = nn.Conv2d(a, 1, 3, padding=1)

    def forward(self, window: Tensor) -> Tensor:
        """Logits of windows."""
        x = window.reshape(-1, 3, window.shape[-2], window.shape[-1]) * 2 - 1
        skips: list[Tensor] = []
        for space, time in zip(self.space, self.time, strict=True):
            x = time(space(x))
            skips.append(x)
        stacked = [s.reshape(-1, WINDOW, *s.shape[1:]) for s in skips]
        x = torch.cat([stacked[-1][:, -1], stacked[-1].mean(1)], 1)
        for up, skip in zip(self.ups, reversed(stacked[:-1]), strict=True):
            x = up(x, skip[:, -1])
        x = functional.interpolate(
            self.out(x), scale_factor=4.0, mode="bilinear", align_corners=False
        )
        return x[:, 0]
