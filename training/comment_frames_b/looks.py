"""What a list of comments looks like."""

from dataclasses import dataclass, field


@dataclass
class Look:
    """One list: where it stands (parts of the frame), how large, and its rules.

    `form` is `inline` or `stacked`; `names` the colours of users, drawn a comment each.
    """

    form: str
    area: tuple[float, float, float, float]
    em: float
    names: tuple[str, ...]
    text: str
    css: str = ""
    colon: str = ""
    avatar: float = 0.0
    badge: float = 0.0
    badge_after: float = 0.0
    masked: float = 0.0
    follow: float = 0.0
    time: str = ""
    panel: str = ""
    wide: bool = False
    fade: float = 0.0
    notice: str = ""
    langs: tuple[str, ...] = ("en", "zh", "mixed")
    extras: list[str] = field(default_factory=list)
