"""Keep an exception in a method that Qt calls from ending the process.

On Python 3.11 an exception raised by C code is not made into an object until a handler sees it, and PySide6 (tried: 6.8
to 6.11) crashes on such an exception when it leaves an override of a Qt method: `1 / 0` in a `paintEvent` is a
segmentation fault. Passing through any handler is enough, so each override gets one. From 3.12 on nothing is done.
"""

import functools
import inspect
import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QGraphicsItem


def protect() -> None:
    """Guard the overrides of every subclass of a Qt class that is defined from now on."""
    if sys.version_info >= (3, 12):
        return
    for base in (QObject, QGraphicsItem):
        base.__init_subclass__ = classmethod(_subclass_hook(base))  # type: ignore[assignment]


def _subclass_hook(base: Any) -> Callable[..., None]:
    def init_subclass(cls: type, **options: Any) -> None:
        super(base, cls).__init_subclass__(**options)
        if base is QObject or not issubclass(cls, QObject):  # a QGraphicsObject is both
            _guard_overrides(cls)

    return init_subclass


def _guard_overrides(cls: type) -> None:
    names = {name for base in cls.__mro__ if base.__module__.startswith("PySide6.") for name in vars(base)}
    for name, value in list(vars(cls).items()):
        if name in names and not name.startswith("__") and inspect.isfunction(value):
            setattr(cls, name, _guarded(value))


def _guarded(override: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(override)
    def call(*arguments: Any, **named: Any) -> Any:
        try:
            return override(*arguments, **named)
        finally:  # the handler that makes the exception an object
            pass

    return call
