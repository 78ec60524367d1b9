"""The window: the only part of Netloom that knows Qt."""

from netloom.ui import overrides

overrides.protect()
