"""The few distribution functions that intervals need, on the standard library alone."""

import math
from collections.abc import Callable
from statistics import NormalDist

_TINY = 1e-300
_CLOSE = 1e-14
_STEPS = 500
_HALVINGS = 200


def normal_quantile(probability: float) -> float:
    """The standard normal's quantile."""
    return NormalDist().inv_cdf(probability)


def beta_cdf(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b), for a, b > 0.

    By Lentz's continued fraction on the side where it converges fast (DLMF 8.17.22).
    """
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def beta_quantile(probability: float, a: float, b: float) -> float:
    """The x in (0, 1) at which `beta_cdf` is `probability`."""
    return _bisect(lambda x: beta_cdf(x, a, b) - probability, 0.0, 1.0)


def student_cdf(t: float, freedom: float) -> float:
    """Student's t distribution function with `freedom` > 0 degrees of freedom."""
    tail = beta_cdf(freedom / (freedom + t * t), freedom / 2, 0.5) / 2
    return 1 - tail if t > 0 else tail


def student_quantile(probability: float, freedom: float) -> float:
    """The quantile of Student's t distribution."""
    reach = 1.0
    while student_cdf(reach, freedom) < max(probability, 1 - probability):
        reach *= 2
    return _bisect(lambda t: student_cdf(t, freedom) - probability, -reach, reach)


def _bisect(f: Callable[[float], float], low: float, high: float) -> float:
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if f(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _fraction(x: float, a: float, b: float) -> float:
    """Lentz's method, the modified one, on the continued fraction of I_x(a, b)."""
    c = 1.0
    d = 1 / _kept(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _kept(1 + term * d)
            c = _kept(1 + term / c)
            value *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return value


def _kept(value: float) -> float:
    """`value`, moved off 0."""
    return value if abs(value) > _TINY else _TINY
