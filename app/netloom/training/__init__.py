"""Training: a generator of typed events, the session that runs it on a thread, probes and checkpoints.

Importing this package, `events`, `progress` or `session` loads neither torch nor Qt.
"""
