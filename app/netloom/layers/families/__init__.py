"""The kinds by family, in the order of the palette."""

from netloom.layers.declare import Declaration
from netloom.layers.families import (
    activation,
    arithmetic,
    attention,
    block,
    convolution,
    custom,
    data,
    distance,
    dropout,
    io,
    linear,
    loss,
    metric,
    normalisation,
    optimizer,
    padding,
    pooling,
    recurrent,
    resampling,
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
    dropout,
    activation,
    recurrent,
    attention,
    shape,
    resampling,
    padding,
    arithmetic,
    distance,
    block,
    custom,
    loss,
    metric,
    optimizer,
    schedule,
)

DECLARATIONS: tuple[Declaration, ...] = tuple(kind for family in FAMILIES for kind in family.KINDS)
