"""Numbers as the plots write them: short, with a real minus sign."""

import math

TELL_EVERY = 0.5
"""Seconds between two looks at axes and words beside what moves: nobody reads faster."""


def short(value: float) -> str:
    """Three digits or so: 0.048, 7.3e-4, 12.5, 3,480."""
    size = abs(value)
    if not math.isfinite(value):
        return "–" if math.isnan(value) else "∞"
    if size == 0:
        return "0"
    if size < 1e-3:
        return _minus(f"{value:.1e}".replace("e-0", "e-"))
    return _minus(f"{value:.3f}" if size < 10 else f"{value:.1f}" if size < 1000 else f"{value:,.0f}")


def percent(value: float) -> str:
    """A fraction as 96.7 %."""
    return f"{value * 100:.1f} %" if math.isfinite(value) else "–"


def compact(value: float) -> str:
    """A value where there is little room: two decimals."""
    return short(value) if abs(value) < 0.01 or abs(value) >= 10 else _minus(f"{value:.2f}")


def tick(value: float, step: float) -> str:
    """A tick's label with just the decimals that its step needs."""
    if step >= 1000 and value:
        return _minus(f"{value / 1000:,.{0 if step % 1000 == 0 else 1}f}k")
    if step < 1e-3:
        return "0" if abs(value) < step / 2 else _minus(f"{value:.0e}".replace("e-0", "e-"))
    decimals = next((count for count in range(6) if abs(round(step, count) - step) < 1e-6 * step), 6)
    return _minus(f"{value:.{decimals}f}") if abs(value) > step / 2 else "0"


def time_left(seconds: float) -> str:
    """How long it still takes, to a precision that does not flicker."""
    if not math.isfinite(seconds) or seconds <= 0:
        return ""
    if seconds < 90:
        return f"{math.ceil(seconds)} s left"
    minutes = round(seconds / 60)
    return f"{minutes} min left" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min left"


def _minus(text: str) -> str:
    return f"−{text[1:]}" if text.startswith("-") else text
