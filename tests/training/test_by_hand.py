"""What documents train equals the loops that an expert would write for them, with the same seed."""

import numpy as np
import pytest
import torch
from tests.training.conftest import classifier, losses, of_type, weights
from torch import nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from netloom import templates
from netloom.compiler import plan_graph
from netloom.graph.edit import set_params
from netloom.training import network
from netloom.training.events import EpochEnded
from netloom.training.loop import train

CPU = torch.device("cpu")
STEPS = 200
CLOSE = 1e-6


def made(document):
    """The network of a document and its shuffled batches, as a run with that seed draws them."""
    found = network.build(plan_graph(document.graph), CPU, document.training.seed)
    order = torch.Generator().manual_seed(document.training.seed)
    rows = found.feed.splits["train"]

    def batches(epochs=document.training.epochs):
        for _ in range(epochs):
            yield from found.feed.batches(
                rows[torch.randperm(len(rows), generator=order)], document.training.batch_size
            )

    return found.compiled.model, batches


def trained(document, folder, **settings):
    """The events of a run that draws the same random numbers for evaluation as a loop without any."""
    return list(train(document, folder=folder, autotune=False, **settings))


def shortened(name, steps=STEPS):
    """A template in one long epoch, so that no evaluation draws random numbers in between."""
    document = templates.document(name)
    rows = 1438
    document.training = type(document.training)(epochs=1, batch_size=rows // steps, device="cpu")
    return document


def farthest(events, name, expected):
    """The largest difference between the losses of a run and those of a loop."""
    assert len(expected) >= STEPS
    return abs(losses(events, name)[: len(expected)] - np.array(expected, np.float32)).max()


def test_a_gan_from_two_optimizers_is_the_loop_that_alternates(tmp_path):
    document = shortened("digits-gan")
    events = trained(document, tmp_path)
    model, batches = made(document)
    judging = torch.optim.Adam(model.discriminator.parameters(), lr=0.0005, betas=(0.5, 0.999))
    forging = torch.optim.Adam(model.generator.parameters(), lr=0.0005, betas=(0.5, 0.999))
    seen = {"real_missed": [], "fake_believed": [], "fake_exposed": []}
    for (image,) in batches():
        fake = model.generator(torch.randn_like(image))
        real_missed = functional.softplus(-model.discriminator(image)).mean()
        fake_believed = functional.softplus(model.discriminator(fake.detach())).mean()
        judging.zero_grad()
        (real_missed + fake_believed).backward()
        judging.step()
        fake_exposed = functional.softplus(-model.discriminator(model.generator(torch.randn_like(image)))).mean()
        forging.zero_grad()
        fake_exposed.backward()
        forging.step()
        for name, value in (
            ("real_missed", real_missed),
            ("fake_believed", fake_believed),
            ("fake_exposed", fake_exposed),
        ):
            seen[name].append(value.item())
    for name, expected in seen.items():
        assert farthest(events, name, expected) < CLOSE


def test_a_variational_autoencoder_is_the_loop_by_hand(tmp_path):
    document = shortened("vae")
    events = trained(document, tmp_path)
    model, batches = made(document)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.002)
    expected = {"likeness": [], "spread": []}
    for image, *_ in batches():
        mean, log_variance = model.encoder(image)
        z = mean + (0.5 * log_variance).exp() * torch.randn_like(mean)
        likeness = functional.binary_cross_entropy_with_logits(model.decoder(z), image)
        spread = 0.5 * (mean.square() + log_variance.exp() - log_variance - 1).sum(-1).mean() / 64
        optimizer.zero_grad()
        (likeness + spread).backward()
        optimizer.step()
        expected["likeness"].append(likeness.item())
        expected["spread"].append(spread.item())
    for name, values in expected.items():
        assert farthest(events, name, values) < CLOSE


def long(**settings):
    """A classifier without chance inside, for a little more than 200 steps."""
    layers = (("Linear", {"out_features": 16}), ("Tanh", {}), ("Linear", {"out_features": 2}))
    optimizer = settings.pop("optimizer", ("Adam", {"lr": 0.01}))
    return classifier("moons", layers, data={"samples": 400}, epochs=21, batch_size=32, optimizer=optimizer, **settings)


def by_hand(document, act):
    """The losses of a loop in which `act(number, loss, optimizer, model)` does what follows the loss."""
    model, batches = made(document)
    plan = plan_graph(document.graph)
    (node,) = [item for item in plan.nodes.values() if item.node.name == "optimizer"]
    kind = getattr(torch.optim, node.node.kind)
    own = {name: node.node.params[name] for name in ("lr", "momentum", "weight_decay") if name in node.node.params}
    optimizer = kind(model.parameters(), **own)
    found = []
    for number, (x, label) in enumerate(batches(), 1):
        loss = functional.cross_entropy(model(x), label)
        found.append(loss.item())
        act(number, loss, optimizer, model)
    return found, model


def test_accumulated_gradients_are_those_of_the_loop_by_hand(tmp_path):
    document = long(accumulate=3)

    def act(number, loss, optimizer, model):
        (loss / 3).backward()
        if number % 3 == 0:
            optimizer.step()
            optimizer.zero_grad()

    expected, _ = by_hand(document, act)
    assert farthest(trained(document, tmp_path), "loss", expected) < CLOSE


def test_averaged_weights_are_those_of_torch(tmp_path):
    document = long(ema_decay=0.98)
    averages = []

    def act(number, loss, optimizer, model):
        if not averages:
            averages.append(AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.98)))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        averages[0].update_parameters(model)

    expected, _ = by_hand(document, act)
    events = trained(document, tmp_path)
    assert farthest(events, "loss", expected) < CLOSE
    kept, theirs = weights(tmp_path), averages[0].module.state_dict()
    assert all(torch.allclose(kept[name], theirs[name], atol=1e-6) for name in theirs)
    feed = network.build(plan_graph(document.graph), CPU, 0).feed
    x, label = feed.columns_of(feed.splits["val"])
    judged = functional.cross_entropy(averages[0].module(x), label).item()
    assert of_type(EpochEnded, events)[-1].losses["val"]["loss"] == pytest.approx(judged, abs=1e-6)


def test_clipping_and_warm_up_are_those_of_the_loop_by_hand(tmp_path):
    params = {"lr": 0.05, "momentum": 0.9, "clip_norm": 0.2, "clip_value": 0.1, "warmup_steps": 50}
    document = long(optimizer=("SGD", params))

    def act(number, loss, optimizer, model):
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_value_(model.parameters(), 0.1)
        nn.utils.clip_grad_norm_(model.parameters(), 0.2)
        optimizer.param_groups[0]["lr"] = 0.05 * min(1, number / 50)
        optimizer.step()

    expected, _ = by_hand(document, act)
    assert farthest(trained(document, tmp_path), "loss", expected) < CLOSE


def test_half_precision_is_autocast(tmp_path):
    document = long(precision="bfloat16")
    model, batches = made(document)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    expected = []
    for x, label in batches():
        with torch.autocast("cpu", torch.bfloat16):
            loss = functional.cross_entropy(model(x), label)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        expected.append(loss.item())
    assert farthest(trained(document, tmp_path), "loss", expected) < CLOSE


def test_scaled_half_precision_is_the_loop_with_a_scaler(tmp_path):
    document = long(precision="float16", accumulate=2)
    model, batches = made(document)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    scaler = torch.amp.GradScaler("cpu")
    expected = []
    for number, (x, label) in enumerate(batches(), 1):
        with torch.autocast("cpu", torch.float16):
            loss = functional.cross_entropy(model(x), label)
        scaler.scale(loss / 2).backward()
        expected.append(loss.item())
        if number % 2 == 0:
            scaler.step(optimizer)
            scaler.update()
            optimizer.zero_grad()
    assert farthest(trained(document, tmp_path), "loss", expected) < CLOSE


def test_a_critic_steps_more_often_than_its_generator(tmp_path):
    """With the same kernel as the run, since roundings grow fast while the generator stands still."""
    document = shortened("digits-gan", steps=STEPS)
    graph = document.graph
    graph.apply(set_params(graph, graph.named("forging").id, {"period": 5}).changes)
    events = trained(document, tmp_path)
    model, batches = made(document)
    judging = torch.optim.Adam(model.discriminator.parameters(), lr=0.0005, betas=(0.5, 0.999), fused=True)
    forging = torch.optim.Adam(model.generator.parameters(), lr=0.0005, betas=(0.5, 0.999), fused=True)
    expected = []
    for number, (image,) in enumerate(batches(), 1):
        fake = model.generator(torch.randn_like(image))
        lost = (
            functional.softplus(-model.discriminator(image)).mean()
            + functional.softplus(model.discriminator(fake.detach())).mean()
        )
        exposed = functional.softplus(-model.discriminator(fake)).mean()
        judging.zero_grad()
        lost.backward(retain_graph=True)
        judging.step()
        if number % 5 == 0:
            exposed = functional.softplus(-model.discriminator(model.generator(torch.randn_like(image)))).mean()
            forging.zero_grad()
            exposed.backward()
            forging.step()
        expected.append(exposed.item())
    assert farthest(events, "fake_exposed", expected) < CLOSE
