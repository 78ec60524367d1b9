"""Every kind of node as a declaration, its ports, the rules of connecting, and checked edits. Without torch."""
