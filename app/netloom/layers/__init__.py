"""The catalogue: every kind of node as a declaration, its ports, the rules of connecting, and checked edits. No torch."""
