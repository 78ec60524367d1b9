"""What PyTorch has and the catalogue leaves out on purpose, each with its reason."""

from collections.abc import Mapping
from types import MappingProxyType

_BASE = "It is what others are built on, and does nothing by itself."
_CONTAINER = "It holds layers, which blocks and wires do on the canvas."
_LAZY = "It learns its sizes from the first batch; here the wires say them before, for the layer without Lazy."
_FUNCTION = "It follows a Python function; ReduceLROnPlateau, OneCycleLR and combined schedules cover what is usual."

EXCLUDED: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("torch.nn.Module", "torch.nn.RNNBase", "torch.nn.RNNCellBase"), _BASE),
        **dict.fromkeys(("torch.optim.Optimizer", "torch.optim.lr_scheduler.LRScheduler"), _BASE),
        **dict.fromkeys(
            (
                "torch.nn.Container",
                "torch.nn.ModuleDict",
                "torch.nn.ModuleList",
                "torch.nn.ParameterDict",
                "torch.nn.ParameterList",
                "torch.nn.Sequential",
            ),
            _CONTAINER,
        ),
        **{
            f"torch.nn.Lazy{kind}{dims}d": _LAZY
            for kind in ("BatchNorm", "Conv", "ConvTranspose", "InstanceNorm")
            for dims in (1, 2, 3)
        },
        "torch.nn.LazyLinear": _LAZY,
        "torch.nn.DataParallel": "It spreads batches over devices, which is a matter of the run and not of the model.",
        "torch.nn.SyncBatchNorm": "It needs several processes that train together; BatchNorm2d is the same in one.",
        "torch.nn.NLLLoss2d": "It is an old name of NLLLoss.",
        "torch.optim.lr_scheduler.LambdaLR": _FUNCTION,
        "torch.optim.lr_scheduler.MultiplicativeLR": _FUNCTION,
    }
)
"""The reason by dotted name."""
