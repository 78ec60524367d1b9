"""The published networks: as many parameters as published, and what a network written by hand puts out."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import pytest
import torch
from tests.templates.reference.alexnet import AlexNet
from tests.templates.reference.bert_base import BERT
from tests.templates.reference.dcgan import DCGAN
from tests.templates.reference.densenet121 import DenseNet121
from tests.templates.reference.googlenet import GoogLeNet
from tests.templates.reference.gpt2_small import GPT2
from tests.templates.reference.lenet5 import LeNet5
from tests.templates.reference.mobilenet_v2 import MobileNetV2
from tests.templates.reference.resnet import resnet18, resnet50
from tests.templates.reference.seq2seq_attention import Seq2Seq
from tests.templates.reference.tcn import TCN
from tests.templates.reference.two_tower import TwoTower
from tests.templates.reference.unet import UNet
from tests.templates.reference.vae import VAE
from tests.templates.reference.vgg16 import VGG16
from tests.templates.reference.vit_b16 import ViT
from torch import Tensor, nn

from netloom.compiler import build_module, plan_graph
from netloom.compiler.dims import value
from netloom.compiler.flow import Flow
from netloom.templates import TEMPLATES, document

CHOICES = {"segments": 2}
LENGTHS = {"N": 2, "L": 9, "S": 7, "T": 5}

Names: TypeAlias = Mapping[str, str | Callable[[re.Match[str]], str]]


@dataclass(frozen=True)
class Published:
    """A template and the same network by hand.

    `names` turns the names of the weights of the one into those of the other; without any, both have their weights in
    the same order. `outputs` names several outputs in the order of the one by hand.
    """

    name: str
    parameters: int
    by_hand: Callable[[], nn.Module]
    names: Names | None = None
    outputs: tuple[str, ...] = ()
    slow: bool = False

    def __str__(self) -> str:
        return self.name


SHORTCUT: Names = {r"shortcut\.0\.": "conv_skip.", r"shortcut\.1\.": "bn_skip."}
RESNET18: Names = {
    r"^layers\.0\.": "layer1.",
    r"^layers\.(\d)\.0\.": lambda found: f"layer{int(found[1]) + 1}.first.",
    r"^layers\.(\d)\.1\.": lambda found: f"layer{int(found[1]) + 1}.rest.",
    **SHORTCUT,
}
RESNET50: Names = {
    r"^layers\.(\d)\.0\.": lambda found: f"layer{int(found[1]) + 1}.first.",
    r"^layers\.(\d)\.(\d)\.": lambda found: f"layer{int(found[1]) + 1}.rest.{int(found[2]) - 1}.",
    **SHORTCUT,
}
GOOGLENET: Names = {
    r"^stem\.0\.": "stem.conv1.",
    r"^stem\.([23])\.": r"stem.conv\1.",
    r"^stage(\d)\.(\d)": lambda found: f"inception{found[1]}{'abcde'[int(found[2])]}",
    r"branch([23])\.0\.": r"branch\1_squeeze.",
    r"branch([234])\.1\.": r"branch\1.",
    r"\.0\.(\w+)$": r".conv.\1",
    r"\.1\.(\w+)$": r".bn.\1",
}

GPT2_SMALL: Names = {
    r"^wte": "words",
    r"^wpe": "positions.table",
    r"^h\.": "blocks.",
    r"c_attn": "qkv",
    r"attn\.c_proj": "attn.proj",
    r"c_proj": "fc2",
    r"c_fc": "fc1",
    r"ln_([12])": r"norm\1",
    r"ln_f": "norm",
}
BERT_BASE: Names = {r"^segments": "sentences", r"^(words|sentences|positions|norm)\.": r"embeddings.\1."}
SEQ2SEQ: Names = {r"^(align|combine)": r"attention.\1"}
AUTOENCODER: Names = {
    r"^hidden": "encoder.hidden",
    r"^(mean|log_variance)": r"encoder.to_\1",
    r"^decoder\.0": "decoder.hidden",
    r"^decoder\.2": "decoder.pixels",
}
TEMPORAL: Names = {r"^levels\.(\d)": lambda found: f"level{int(found[1]) + 1}", r"shortcut": "project"}
PATCHES: Names = {r"^patches": "patches.project"}

NETWORKS = [
    Published("lenet5", 61_706, LeNet5),
    Published("alexnet", 61_100_840, AlexNet, slow=True),
    Published("vgg16", 138_357_544, VGG16, slow=True),
    Published("googlenet", 6_624_904, GoogLeNet, GOOGLENET),
    Published("resnet18", 11_689_512, resnet18, RESNET18),
    Published("resnet50", 25_557_032, resnet50, RESNET50, slow=True),
    Published("densenet121", 7_978_856, DenseNet121),
    Published("mobilenet-v2", 3_504_872, MobileNetV2),
    Published("unet", 31_030_658, UNet, slow=True),
    Published("vit-b16", 86_567_656, ViT, PATCHES, slow=True),
    Published("gpt2-small", 124_439_808, GPT2, GPT2_SMALL, slow=True),
    Published("bert-base", 109_482_240, BERT, BERT_BASE, ("sequence", "pooled"), slow=True),
    Published("seq2seq-attention", 18_392_848, Seq2Seq, SEQ2SEQ),
    Published("vae", 19_792, VAE, AUTOENCODER, ("drawing", "mean", "log_variance")),
    Published("dcgan", 3_576_704 + 2_765_568, DCGAN, outputs=("fake", "real_score", "fake_score")),
    Published("tcn", 28_910, TCN, TEMPORAL),
    Published("two-tower", 648_640, TwoTower),
]

every_network = pytest.mark.parametrize(
    "network",
    [pytest.param(each, marks=pytest.mark.slow if each.slow else (), id=each.name) for each in NETWORKS],
)


@pytest.mark.parametrize("network", NETWORKS, ids=str)
def test_parameters_are_as_published(network):
    plan = plan_graph(document(network.name).graph)
    assert plan.problems == ()
    assert plan.parameters == network.parameters


@every_network
def test_outputs_equal_those_of_a_network_written_by_hand(network):
    plan = plan_graph(document(network.name).graph)
    torch.manual_seed(0)
    reference, model = network.by_hand().eval(), build_module(plan).eval()
    assert _count(reference) == _count(model) == network.parameters
    _randomise(reference)
    _copy(reference, model, network.names)
    inputs = {name: _drawn(name, flow) for name, flow in plan.inputs.items()}
    expected = dict(zip(network.outputs or plan.outputs, _outputs(reference, inputs), strict=True))
    outputs = dict(zip(plan.outputs, _outputs(model, inputs), strict=True))
    assert set(expected) == set(outputs)
    for name, found in outputs.items():
        assert found.shape == expected[name].shape
        assert expected[name].std() > 0
        assert torch.equal(found, expected[name])


def test_the_two_networks_of_dcgan_are_as_large_as_published():
    plan = plan_graph(document("dcgan").graph)
    sizes = {item.node.name: item.parameters for item in plan.nodes.values() if item.block}
    assert sizes == {"generator": 3_576_704, "discriminator": 2_765_568, "discriminator2": 0}


def test_every_published_network_is_compared():
    assert [each.name for each in NETWORKS] == [name for name, made in TEMPLATES.items() if made.group != "Start here"]


def _count(model: nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())


def _randomise(model: nn.Module) -> None:
    """Give normalisation a scale, a shift and averages of its own, so that one left out would show."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            for tensor in (module.weight, module.running_var):
                nn.init.uniform_(tensor, 0.5, 1.5)
            for tensor in (module.bias, module.running_mean):
                nn.init.uniform_(tensor, -0.1, 0.1)


def _copy(reference: nn.Module, model: nn.Module, names: Names | None) -> None:
    weights, own = _weights(reference), _weights(model)
    if names is None:
        assert [tensor.shape for tensor in weights.values()] == [tensor.shape for tensor in own.values()]
        weights = dict(zip(own, weights.values(), strict=True))
    else:
        weights = {_renamed(name, names): tensor for name, tensor in weights.items()}
    assert sorted(weights) == sorted(own)
    for name, tensor in weights.items():
        own[name].copy_(tensor)


def _weights(model: nn.Module) -> dict[str, Tensor]:
    """All parameters and buffers, each once: what is shared has one name."""
    return {name: tensor.data for name, tensor in (*model.named_parameters(), *model.named_buffers())}


def _renamed(name: str, names: Names) -> str:
    for pattern, replacement in names.items():
        name = re.sub(pattern, replacement, name)
    return name


def _drawn(name: str, flow: Flow) -> Tensor:
    size = [value(dim, LENGTHS) for dim in flow.shape]
    return torch.randn(size) if flow.dtype == "float32" else torch.randint(CHOICES.get(name, 1000), size)


@torch.no_grad()
def _outputs(model: nn.Module, inputs: Mapping[str, Tensor]) -> tuple[Tensor, ...]:
    torch.manual_seed(1)
    found = model(**inputs)
    return (found,) if isinstance(found, Tensor) else found
