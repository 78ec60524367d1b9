"""The kinds by family, in the order of the palette."""

from netloom.layers.declare import Declaration
from netloom.layers.families import (
    activation,
    arithmetic,
    attention,
    block,
    convolution,
    data,
    io,
    linear,
    loss,
    metric,
    normalisation,
    optimizer,
    pooling,
    recurrent,
    schedule,
    shape,
)

FAMILIES = (
    data,
    io,
    linear,
    convolution,
    pooling,
    normalisation,
    activation,
    recurrent,
    attention,
    shape,
    arithmetic,
    block,
    loss,
    metric,
    optimizer,
    schedule,
)

DECLARATIONS: tuple[Declaration, ...] = tuple(kind for family in FAMILIES for kind in family.KINDS)
