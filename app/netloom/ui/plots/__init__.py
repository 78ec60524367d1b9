"""Live plots: curves, gradients, confusion and decision boundary, and the view inside a node."""
