"""Composites with planted focus: textures, blobs and patches moved by splines, rendered by OpenCV.

A scene has a backdrop of noise, a host of soft ellipses and things of textured outlines. Highlights
bring a thing to the viewer: it comes near, is cut to, is worked on, is marked, the camera closes
in. Distractions move or strike without showing anything: shake, pan, flicker, tickers, a host who
walks or leaves, slides, cuts to a busy but empty backdrop. With `pictures` the backdrop is a
picture of another film.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from training.highlights.things import Mask, Picture, make_thing, noise_texture

FOCI = ("approach", "insert", "work", "mark", "close_in", "turn")
NOISES = (
    "shake",
    "pan",
    "flicker",
    "ticker",
    "chat",
    "wander",
    "leave",
    "slide",
    "angle",
    "blink",
    "lights",
)
OVERLAID = ("shake", "flicker", "ticker", "chat", "blink")
SIZES = ((288, 162), (162, 288), (240, 180), (270, 152), (152, 270))


@dataclass(frozen=True)
class Part:
    """What happens from `start` to `end` (seconds); `near` is how big or strong it gets."""

    kind: str
    start: float
    end: float
    near: float

    def power(self, at: float) -> float:
        """A ramp up, a plateau, a ramp down."""
        if not self.start <= at < self.end:
            return 0.0
        rise = min(1.0, (at - self.start) / 0.6, (self.end - at) / 0.6)
        return float(rise * rise * (3 - 2 * rise))


class Scene:
    """Renders a film of a seed; `pictures` (BGR) stand behind everything in place of noise."""

    def __init__(
        self,
        seed: int,
        size: tuple[int, int],
        parts: Sequence[Part],
        pictures: Sequence[Picture] = (),
    ) -> None:
        dice = np.random.default_rng(seed)
        self._dice, self.size, self.parts = dice, size, tuple(parts)
        wide, high = size
        self._real = bool(pictures)
        backs = [cv2.resize(p, size, interpolation=cv2.INTER_AREA) for p in pictures[:2]]
        while len(backs) < 2:
            backs.append(noise_texture(dice, size, float(dice.uniform(8, 120)), 4))
        self._backs = [self._furnish(back) for back in backs]
        self._thing, self._thing_mask = make_thing(dice)
        self._clutter = [make_thing(dice) for _ in range(int(dice.integers(1, 5)))]
        self._places = dice.uniform((0.08, 0.55), (0.92, 0.85), (len(self._clutter), 2))
        self._slides = [noise_texture(dice, size, 300.0, 2) for _ in range(2)]
        for slide in self._slides:
            for row in range(int(dice.integers(3, 9))):
                at = (int(dice.uniform(0.05, 0.4) * wide), int((0.15 + row * 0.09) * high))
                ink = [int(v) for v in dice.integers(0, 255, 3)]
                cv2.putText(slide, f"rules and times {row}", at, 0, 0.4, ink, 1, cv2.LINE_AA)
        self._host = [int(v) for v in dice.integers(40, 220, 3)]
        self._cloth = [int(v) for v in dice.integers(20, 240, 3)]
        self._phase = dice.uniform(0, 6, 12)
        self._speed = dice.uniform(0.5, 1.6, 12)
        self._home = dice.uniform((0.15, 0.62), (0.85, 0.86))
        self._seat = float(dice.uniform(0.3, 0.7))
        self._has_host = bool(dice.random() < 0.8)
        self._near_at = dice.uniform((0.4, 0.42), (0.6, 0.62))

    def draw(self, at: float) -> tuple[Picture, Mask]:
        """The picture (BGR) at a time, and where a highlight stands on it, 0 to 1."""
        wide, high = self.size
        power = {part.kind: part.power(at) for part in self.parts if part.start <= at < part.end}
        near = {part.kind: part.near for part in self.parts if part.start <= at < part.end}
        focus = np.zeros((high, wide), np.float32)
        if power.get("slide", 0) > 0.5:
            picture = self._slides[int(at / 7) % 2].copy()
        else:
            picture = self._backs[1 if power.get("angle", 0) > 0.5 else 0].copy()
            insert = power.get("insert", 0) > 0.5
            if insert and near["insert"] > 0.5:
                picture = cv2.GaussianBlur(picture, (0, 0), 5)
            if not insert:
                for (skin, mask), (x, y) in zip(self._clutter, self._places, strict=True):
                    self._paste(picture, skin, mask, x, y, 0.16, 0)
            x, y, size, angle, shown = self._pose(at, power, near)
            if not insert and self._has_host and power.get("leave", 0) < 0.5:
                self._person(picture, at, power, (x, y) if shown > 0.1 else None)
            if mark := power.get("mark", 0.0):
                centre = (int(x * wide), int(y * high))
                ring = int(size * min(wide, high) * (0.62 + 0.08 * np.sin(at * 7)))
                picture[:] = (picture * (1 - 0.35 * mark)).astype(np.uint8)
                cv2.circle(picture, centre, ring, (60, 230, 255), 3, cv2.LINE_AA)
            self._paste(picture, self._thing, self._thing_mask, x, y, size, angle, focus)
            focus *= shown
            if power.get("mark", 0) > 0.4:
                self._tag(picture, x, y)
        picture, focus = self._film(picture, focus, at, power, near)
        self._overlay(picture, at, power)
        return picture, focus

    def _pose(
        self, at: float, power: dict[str, float], near: dict[str, float]
    ) -> tuple[float, float, float, float, float]:
        """Where the thing is, how big (of the short side), turned how, and how much it is shown."""
        p, s = self._phase, self._speed
        rest = (float(self._home[0]), float(self._home[1]), 0.18)
        come = power.get("approach", 0.0)
        work, turn = power.get("work", 0.0), power.get("turn", 0.0)
        blend = max(come, 0.7 * work, 0.8 * turn)
        x = rest[0] + (self._near_at[0] - rest[0]) * blend
        y = rest[1] + (self._near_at[1] - rest[1]) * blend
        size = rest[2] + come * (0.2 + 0.35 * near.get("approach", 0))
        size += 0.14 * work + 0.2 * turn + 0.1 * power.get("mark", 0.0)
        angle = 10 * come * np.sin(at * 2 * s[0]) + 160 * turn * np.sin(at * 1.4 * s[1])
        x += 0.05 * work * np.sin(at * 8 * s[2] + p[0])
        y += 0.03 * work * np.cos(at * 7 * s[3] + p[1])
        if power.get("insert", 0) > 0.5:
            x, y = self._near_at + 0.03 * np.sin(at * s[4:6] + p[2:4])
            size, angle = 0.5 + 0.35 * near["insert"], 14 * np.sin(at * s[6])
        kinds = ("approach", "insert", "work", "mark", "close_in", "turn")
        return float(x), float(y), size, float(angle), max(power.get(k, 0.0) for k in kinds)

    def _paste(
        self,
        picture: Picture,
        skin: Picture,
        mask: Mask,
        x: float,
        y: float,
        size: float,
        angle: float,
        into: Mask | None = None,
    ) -> None:
        wide, high = self.size
        side = skin.shape[0]
        scale = size * min(wide, high) / side
        matrix = cv2.getRotationMatrix2D((side / 2, side / 2), angle, scale)
        matrix[:, 2] += (x * wide - side / 2, y * high - side / 2)
        laid = cv2.warpAffine(skin, matrix, self.size)
        alpha = cv2.warpAffine(mask, matrix, self.size)
        picture[:] = (picture * (1 - alpha[..., None]) + laid * alpha[..., None]).astype(np.uint8)
        if into is not None:
            np.maximum(into, alpha, out=into)

    def _person(
        self, picture: Picture, at: float, power: dict[str, float], hand: tuple[float, float] | None
    ) -> None:
        wide, high = self.size
        p, s = self._phase, self._speed
        x = self._seat + 0.02 * np.sin(at * s[7] + p[4])
        x += power.get("wander", 0.0) * 0.35 * np.sin(at * 1.8 * s[8])
        unit = min(wide, high) * 0.11
        head = (int(x * wide), int(0.3 * high + 2 * np.sin(at * 2 * s[9])))
        body = (head[0], int(head[1] + unit * 4.3))
        cv2.ellipse(picture, body, (int(unit * 1.7), int(unit * 3)), 0, 0, 360, self._cloth, -1, 16)
        cv2.ellipse(picture, head, (int(unit), int(unit * 1.3)), 0, 0, 360, self._host, -1, 16)
        swing = power.get("work", 0.0) * 0.1 * np.sin(at * 9 * s[10])
        ends = [
            (x - 0.16 + 0.05 * np.sin(at * s[11] + p[5]), 0.72 + 0.06 * np.sin(at * 1.1 + p[6]))
        ]
        ends.append(
            (hand[0] + swing, hand[1]) if hand else (x + 0.16, 0.7 + 0.05 * np.sin(at * 1.7))
        )
        for side, (ex, ey) in zip((-1, 1), ends, strict=True):
            start = (int(head[0] + side * unit * 1.4), int(head[1] + unit * 2.4))
            end = (int(ex * wide), int(ey * high))
            cv2.line(picture, start, end, self._cloth, max(3, int(unit * 0.6)), cv2.LINE_AA)
            cv2.circle(picture, end, max(3, int(unit * 0.5)), self._host, -1, cv2.LINE_AA)

    def _film(
        self,
        picture: Picture,
        focus: Mask,
        at: float,
        power: dict[str, float],
        near: dict[str, float],
    ) -> tuple[Picture, Mask]:
        """The camera: closing in, shake, pan; and the light."""
        wide, high = self.size
        scale, dx, dy = 1.0, 0.0, 0.0
        if close := power.get("close_in", 0.0):
            scale = 1 + close * (0.8 + near["close_in"])
            dx = (0.5 - self._home[0]) * wide * close * scale
            dy = (0.5 - self._home[1]) * high * close * scale
        dx += power.get("shake", 0.0) * self._dice.normal(0, 4)
        dy += power.get("shake", 0.0) * self._dice.normal(0, 4)
        dx += power.get("pan", 0.0) * 0.18 * wide * np.sin(at * 1.5)
        if scale != 1 or dx or dy:
            matrix = np.array(
                [
                    [scale, 0, dx + wide / 2 * (1 - scale)],
                    [0, scale, dy + high / 2 * (1 - scale)],
                ]
            )
            edge = cv2.BORDER_REFLECT
            picture = cv2.warpAffine(picture, matrix, self.size, borderMode=edge).astype(np.uint8)
            focus = cv2.warpAffine(focus, matrix, self.size).astype(np.float32)
        gain = 1.0 + 0.3 * power.get("flicker", 0.0) * np.sin(at * 23)
        gain *= 1 - 0.4 * power.get("lights", 0.0)
        grain = self._dice.normal(0, 2, picture.shape[:2])[..., None]
        return np.clip(picture * gain + grain, 0, 255).astype(np.uint8), focus

    def _overlay(self, picture: Picture, at: float, power: dict[str, float]) -> None:
        wide, high = self.size
        if power.get("ticker", 0) > 0.3:
            y = int(0.93 * high) if self._home[0] > 0.5 else int(0.06 * high)
            cv2.rectangle(picture, (0, y - 10), (wide, y + 6), (160, 40, 20), -1)
            x = int(wide - at * 110 % (2 * wide))
            cv2.putText(picture, "news news follow news", (x, y + 2), 0, 0.4, (255, 255, 255), 1)
        if not self._real or power.get("chat", 0) > 0.3:
            pace = 60 if power.get("chat", 0) > 0.3 else 3
            for row in range(4):
                y = int(0.95 * high - row * 15 - at * pace % 15)
                number = int(at * pace / 15) + 3 - row
                cv2.putText(
                    picture, f"{number * 37 % 91}: {'la ' * (number % 4 + 1)}", (5, y), 0, 0.35,
                    (240, 240, 240), 1, cv2.LINE_AA,
                )  # fmt: skip
        if power.get("blink", 0) > 0.3 and int(at * 4) % 2:
            corner = (int(0.8 * wide), int(0.05 * high))
            cv2.rectangle(picture, corner, (int(0.97 * wide), int(0.18 * high)), (30, 30, 240), -1)

    def _tag(self, picture: Picture, x: float, y: float) -> None:
        wide, high = self.size
        at = (int(x * wide) - 24, int(y * high) - 4)
        cv2.rectangle(
            picture, (at[0] - 4, at[1] - 12), (at[0] + 52, at[1] + 5), (245, 245, 245), -1
        )
        cv2.putText(picture, "$ 19.90", at, 0, 0.4, (20, 20, 200), 1, cv2.LINE_AA)

    def _furnish(self, back: Picture) -> Picture:
        dice = self._dice
        wide, high = self.size
        if not self._real:
            for _ in range(int(dice.integers(0, 14))):
                x, y = int(dice.uniform(0, wide)), int(dice.uniform(0, 0.6 * high))
                end = (x + int(dice.uniform(8, wide / 3)), y + int(dice.uniform(8, high / 5)))
                cv2.rectangle(back, (x, y), end, [int(v) for v in dice.integers(0, 255, 3)], -1)
        if dice.random() < 0.5:
            back = cv2.GaussianBlur(back, (0, 0), float(dice.uniform(0.6, 3)))
        return back.astype(np.uint8)
