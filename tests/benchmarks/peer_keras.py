"""The networks of the engine's benchmark in Keras, with the weights of the torch ones, which they must agree with."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import keras
import torch
from engine_cases import CASES, CLASSES
from keras import layers
from torch import Tensor, nn

keras.config.set_image_data_format("channels_first")  # what torch computes with: nothing is turned around

HEADS = 4
TOLERANCE = 1e-3


def twin(name: str, model: nn.Module, samples: Tensor) -> Any:
    """Return the Keras model; AssertionError where it does not compute what the torch model does."""
    inputs = keras.Input(CASES[name].shape)
    found = keras.Model(inputs, NETWORKS[name](inputs))
    carriers = sorted((layer for layer in found.layers if layer.weights), key=made)
    sources = sorted(given(model), key=lambda pair: pair[0])
    for layer, (_, weights) in zip(carriers, sources, strict=True):
        layer.set_weights([each.detach().numpy() for each in weights])
    with torch.no_grad():
        apart = (found(samples, training=False) - model.eval()(samples)).abs().max()
    model.train()
    assert float(apart) < TOLERANCE, f"{name}: Keras and torch are {float(apart)} apart"
    trained = sum(int(each.numel()) for each in model.parameters())
    assert sum(int(each.value.numel()) for each in found.trainable_weights) == trained
    return found


# Layers are made in the order of the torch modules: by their order they are matched.
def mlp(x: Any) -> Any:
    x = layers.Dense(256, activation="relu")(x)
    return layers.Dense(CLASSES)(x)


def lenet(x: Any) -> Any:
    x = layers.Conv2D(6, 5, padding="same", activation="relu")(x)
    x = layers.Conv2D(16, 5, activation="relu")(layers.MaxPooling2D()(x))
    x = layers.Reshape((-1,))(layers.MaxPooling2D()(x))  # Flatten would put the channels last
    x = layers.Dense(120, activation="relu")(x)
    x = layers.Dense(84, activation="relu")(x)
    return layers.Dense(CLASSES)(x)


def transformer(x: Any) -> Any:
    for _ in range(2):
        y = layers.MultiHeadAttention(HEADS, x.shape[-1] // HEADS)(x, x)
        x = layers.LayerNormalization(epsilon=1e-5)(layers.Add()([x, y]))
        y = layers.Dense(512, activation="relu")(x)
        y = layers.Dense(x.shape[-1])(y)
        x = layers.LayerNormalization(epsilon=1e-5)(layers.Add()([x, y]))
    return layers.Dense(CLASSES)(layers.GlobalAveragePooling1D(data_format="channels_last")(x))


def conv_norm(x: Any, channels: int, kernel: int, stride: int = 1) -> Any:
    x = layers.ZeroPadding2D(kernel // 2)(x) if kernel > 1 and stride > 1 else x
    padding = "same" if stride == 1 else "valid"
    x = layers.Conv2D(channels, kernel, stride, padding=padding, use_bias=False)(x)
    return layers.BatchNormalization(axis=1, momentum=0.9, epsilon=1e-5)(x)


def residual(x: Any, channels: int, stride: int = 1) -> Any:
    y = layers.ReLU()(conv_norm(x, channels, 3, stride))
    y = conv_norm(y, channels, 3)
    x = conv_norm(x, channels, 1, stride) if stride > 1 else x
    return layers.ReLU()(layers.Add()([y, x]))


def resnet(x: Any) -> Any:
    x = layers.ReLU()(conv_norm(x, 64, 7, 2))
    x = layers.MaxPooling2D(3, 2)(layers.ZeroPadding2D(1)(x))  # what comes in is never negative
    for channels, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
        x = residual(residual(x, channels, stride), channels)
    return layers.Dense(CLASSES)(layers.GlobalAveragePooling2D()(x))


def given(model: nn.Module) -> Iterator[tuple[str, list[Tensor]]]:
    """The kind of layer that Keras has for each torch layer, and the weights in the form in which it holds them."""
    for module in model.modules():
        if type(module) is nn.Linear:
            yield "Dense", [module.weight.T, module.bias]
        elif isinstance(module, nn.Conv2d):
            yield "Conv2D", [module.weight.permute(2, 3, 1, 0), *([] if module.bias is None else [module.bias])]
        elif isinstance(module, nn.BatchNorm2d):
            yield "BatchNormalization", [module.weight, module.bias, module.running_mean, module.running_var]
        elif isinstance(module, nn.LayerNorm):
            yield "LayerNormalization", [module.weight, module.bias]
        elif isinstance(module, nn.MultiheadAttention):
            yield "MultiHeadAttention", list(attention(module))


def attention(module: nn.MultiheadAttention) -> Iterator[Tensor]:
    width = module.embed_dim
    weights, biases = module.in_proj_weight.chunk(3), module.in_proj_bias.chunk(3)
    for weight, bias in zip(weights, biases, strict=True):
        yield weight.T.reshape(width, HEADS, -1)
        yield bias.reshape(HEADS, -1)
    yield module.out_proj.weight.T.reshape(HEADS, -1, width)
    yield module.out_proj.bias


def made(layer: Any) -> tuple[str, int]:
    """The kind of a layer, and the how manieth of that kind it was, which Keras has in its name."""
    number = layer.name.rpartition("_")[2]
    return type(layer).__name__, int(number) if number.isdigit() else 0


NETWORKS: Mapping[str, Callable[[Any], Any]] = {
    "mlp": mlp,
    "lenet": lenet,
    "transformer": transformer,
    "resnet": resnet,
}
