"""Boxes of a picture or page that is turned."""

Box = tuple[float, float, float, float]


def turn_box(box: Box, size: tuple[float, float], turns: int) -> Box:
    """`box` once its page of `size` (width, height) is turned left by `turns` quarters."""
    for _ in range(turns % 4):
        x0, y0, x1, y1 = box
        box = (y0, size[0] - x1, y1, size[0] - x0)
        size = size[1], size[0]
    return box
