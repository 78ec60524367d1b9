"""Normalisations."""

import math
from collections.abc import Mapping, Sequence
from typing import cast

from netloom.compiler.dims import is_fixed, product
from netloom.compiler.flow import Flow
from netloom.compiler.rules.dtypes import expect_full
from netloom.compiler.rules.rule import (
    Answer,
    Arguments,
    Inputs,
    Mismatch,
    Remedy,
    Rule,
    SetParam,
    expect_float,
    flag,
    number,
    one,
    same,
    to_type,
    written,
)
from netloom.compiler.rules.spatial import LAYOUTS, expect_channels, expect_values, to_maps

INTERMEDIATES = 4
"""LocalResponseNorm is made of several steps, each of which keeps its result for the backward pass."""


def _expect_mixable(flow: Flow) -> None:
    """Refuse what cannot be mixed with float32 weights; half precision can."""
    expect_float(flow)
    if flow.dtype == "float64":
        to_single = to_type("float32")
        raise Mismatch("{node} has float32 weights, gets float64.", remedies=[to_single])


def _expect_rank(flow: Flow, *ranks: int) -> None:
    if len(flow.shape) not in ranks:
        layouts = " or ".join(LAYOUTS[rank - 2] for rank in ranks)
        remedies = to_maps(flow, ranks[-1] - 2) if len(flow.shape) < ranks[0] else []
        raise Mismatch(f"{{node}} takes {layouts}, gets {flow}.", remedies=remedies)
    expect_values(flow)


def _affine(arguments: Arguments, name: str = "affine") -> int:
    """How many learned numbers each channel has: a scale and mostly a shift."""
    return flag(arguments, name) * (1 + bool(arguments.get("bias", True)))


def batch_norm(*ranks: int) -> Rule:
    """BatchNorm1d, BatchNorm2d, BatchNorm3d: each channel is normalised over the batch."""

    def rule(arguments: Arguments, inputs: Inputs) -> Answer:
        flow = one(inputs)
        stored = flag(arguments, "affine") or flag(arguments, "track_running_stats")
        (_expect_mixable if stored else expect_float)(flow)
        _expect_rank(flow, *ranks)
        channels = number(arguments, "num_features")
        if stored:
            expect_channels("num_features", flow, channels)
        return Answer(same(flow), channels * _affine(arguments))

    return rule


def instance_norm(rank: int) -> Rule:
    """InstanceNorm1d, InstanceNorm2d, InstanceNorm3d: each channel of each sample is normalised alone."""

    def rule(arguments: Arguments, inputs: Inputs) -> Answer:
        flow = one(inputs)
        (_expect_mixable if flag(arguments, "affine") else expect_float)(flow)
        _expect_rank(flow, rank)
        channels = number(arguments, "num_features")
        if flag(arguments, "affine") or flag(arguments, "track_running_stats"):
            expect_channels("num_features", flow, channels)
        if product(flow.shape[2:]) == 1:
            raise Mismatch(f"{{node}} compares the values of each channel, but {flow} has one value a channel.")
        return Answer(same(flow), channels * _affine(arguments), advice=_other_channels("num_features", flow, channels))

    return rule


def _other_channels(name: str, flow: Flow, told: int) -> Mismatch | None:
    """A warning where a layer without weights is told of another number of channels than comes in."""
    try:
        expect_channels(name, flow, told)
    except Mismatch as mismatch:
        return mismatch
    return None


def group_norm(arguments: Arguments, inputs: Inputs) -> Answer:
    """GroupNorm: groups of channels of each sample are normalised together."""
    flow = one(inputs)
    (_expect_mixable if flag(arguments, "affine") else expect_float)(flow)
    if len(flow.shape) < 2:
        raise Mismatch(f"{{node}} takes {LAYOUTS[0]} or maps such as {LAYOUTS[2]}, gets {flow}.")
    groups, channels = number(arguments, "num_groups"), number(arguments, "num_channels")
    if flag(arguments, "affine"):
        expect_channels("num_channels", flow, channels)
    for count in (channels, flow.shape[1]):
        if is_fixed(count) and count % groups:
            fitting = math.gcd(groups, count)
            text = f"num_groups of {{node}} is {groups}, which does not divide its {count} channels."
            label = f"Use {fitting} groups" if fitting > 1 else "Use 1 group"
            raise Mismatch(text, remedies=[SetParam(label, {"num_groups": fitting})])
    advice = _other_channels("num_channels", flow, channels)
    return Answer(same(flow), channels * _affine(arguments), advice=advice)


def layer_norm(arguments: Arguments, inputs: Inputs) -> Answer:
    """LayerNorm and RMSNorm: the last dimensions, which normalized_shape names, are normalised together."""
    flow = one(inputs)
    (_expect_mixable if flag(arguments, "elementwise_affine") and "bias" in arguments else expect_float)(flow)
    wanted = arguments["normalized_shape"]
    shape = cast(list[int], wanted) if isinstance(wanted, list) else [cast(int, wanted)]
    tail = flow.shape[max(0, len(flow.shape) - len(shape)) :]
    if tail != tuple(shape):
        remedies: list[Remedy] = [SetParam("Use the last dimension", unset=("normalized_shape",))]
        raise Mismatch(_ending(shape, tail), remedies=remedies)
    learned = 1 + bool(arguments["bias"]) if "bias" in arguments else 1
    return Answer(same(flow), math.prod(shape) * flag(arguments, "elementwise_affine") * learned)


def _ending(shape: Sequence[int], tail: Sequence[object]) -> str:
    found = written(cast(Sequence[int], tail))
    return f"{{node}} normalises {written(shape)}, but what comes in ends with {found}."


def local_response(_: Arguments, inputs: Inputs) -> Answer:
    """LocalResponseNorm: channels are compared with their neighbours."""
    flow = one(inputs)
    expect_float(flow)
    if len(flow.shape) > 3:
        expect_full(flow)
    if len(flow.shape) < 3:
        raise Mismatch(f"{{node}} takes maps such as {LAYOUTS[2]}, gets {flow}.", remedies=to_maps(flow, 1))
    return Answer(same(flow), kept=product(flow.shape) * flow.item_size * INTERMEDIATES)


def cross_map(_: Arguments, inputs: Inputs) -> Answer:
    """CrossMapLRN2d: the same for images alone."""
    flow = one(inputs)
    expect_float(flow)
    _expect_rank(flow, 4)
    return Answer(same(flow), kept=product(flow.shape) * flow.item_size * 2)


RULES: Mapping[str, Rule] = {
    "BatchNorm1d": batch_norm(2, 3),
    "BatchNorm2d": batch_norm(4),
    "BatchNorm3d": batch_norm(5),
    **{f"InstanceNorm{dims}d": instance_norm(dims + 2) for dims in (1, 2, 3)},
    "GroupNorm": group_norm,
    "LayerNorm": layer_norm,
    "RMSNorm": layer_norm,
    "LocalResponseNorm": local_response,
    "CrossMapLRN2d": cross_map,
}
