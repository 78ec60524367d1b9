"""Netloom: draw a neural network, watch it learn, take it away as plain PyTorch."""
