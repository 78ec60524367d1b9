"""Tells the plans of a command which Python code the user trusts."""

from netloom.runs import home


def begin() -> None:
    """Let the plans of this process ask what the user trusts; commands that plan nothing need not load it."""
    from netloom.compiler import trust

    trust.use(trust.Trust(home.trust_file()))
