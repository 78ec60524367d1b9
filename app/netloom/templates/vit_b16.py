"""A transformer that reads an image as a sentence of patches."""

from netloom.graph.document import Document
from netloom.layers.authoring import Graph
from netloom.layers.drawing import Level
from netloom.layers.library.positions import patches
from netloom.templates.drawing import drawn
from netloom.templates.transformer import DEPTH, WIDTH, block, self_attention

TITLE = "ViT-B/16"
SUMMARY = "Reads an image as 196 patches of 16×16 pixels, with a transformer and no other convolution."

EPS = 1e-6
PATCH, PLACES = 16, 197
"""Pixels on a side of a patch; patches of an image of 224×224 pixels, and the class token."""


def build() -> Document:
    """The document."""
    graph = Graph()
    blocks = block(graph, self_attention(graph, "SelfAttention"), eps=EPS)
    net = Level(graph)
    x = net.add("Input", "image", shape=(3, 224, 224))
    x = net.block(patches(graph), "patches", x, patch=PATCH, width=WIDTH)
    token = net.add("Parameter", "class_token", shape=(1, 1, WIDTH), initial="constant")
    token = net.add("Expand", "expand", token, x, sizes=(0, -1, -1))
    x = net.add("Concatenate", "concat", token, x)
    x = net.add("Add", "add", x, net.add("Parameter", "positions", shape=(1, PLACES, WIDTH)))
    x = net.block(blocks, "blocks", x, repeat=DEPTH)
    x = net.add("LayerNorm", "norm", x, eps=EPS)
    x = net.add("Select", "first", x, dim=1, index=0)
    x = net.add("Linear", "head", x, out_features=1000)
    net.add("Output", "logits", x)
    return drawn(graph)
