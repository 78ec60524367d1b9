import os

import pytest
import torch
from torch import nn

from netloom.errors import TrainingError
from netloom.training import checkpoint, randomness
from netloom.training.checkpoint import Parts, Place

SCORES = {"train": {"loss": 0.25}, "val": {"loss": float("inf")}}
PLACE = Place(epoch=2, position=16, step=41, seconds=1.5, best=(0.9, -0.3), losses=SCORES)


def parts(model, optimizers):
    return Parts(model, nn.MSELoss(), optimizers)


@pytest.fixture
def trained():
    """A model and optimizers whose state has tensors and plain numbers."""

    def make(seed=0):
        torch.manual_seed(seed)
        model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 1))
        optimizers = [torch.optim.AdamW(model[0].parameters(), fused=True), torch.optim.Rprop(model[2].parameters())]
        for _ in range(3):
            model(torch.randn(5, 3)).sum().backward()
            for optimizer in optimizers:
                optimizer.step()
        return model, optimizers

    return make


def test_a_state_comes_back_to_the_last_bit(trained, tmp_path):
    model, optimizers = trained(1)
    drawn = randomness.state(torch.device("cpu"))
    checkpoint.save(tmp_path, parts(model, optimizers), drawn, PLACE)
    other, others = trained(2)
    place, states = checkpoint.load(tmp_path, parts(other, others))
    assert place == PLACE
    randomness.restore(states, torch.device("cpu"))
    assert torch.get_rng_state().equal(drawn["cpu"])
    assert all(a.equal(b) for a, b in zip(model.state_dict().values(), other.state_dict().values(), strict=True))
    for one, two in zip(optimizers, others, strict=True):
        torch.testing.assert_close(two.state_dict(), one.state_dict(), rtol=0, atol=0)


def test_nothing_is_written_half(trained, tmp_path, monkeypatch):
    model, optimizers = trained()
    checkpoint.save(tmp_path, parts(model, optimizers), randomness.state(torch.device("cpu")), PLACE)
    before = (tmp_path / checkpoint.STATE).read_bytes()

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        checkpoint.save(tmp_path, parts(model, optimizers), randomness.state(torch.device("cpu")), Place())
    assert [path.name for path in tmp_path.iterdir()] == [checkpoint.STATE]
    assert (tmp_path / checkpoint.STATE).read_bytes() == before


@pytest.mark.parametrize("damage", [b"", b"not weights at all", b"\xff" * 64])
def test_a_damaged_file_is_named(tmp_path, damage):
    (tmp_path / "last.safetensors").write_bytes(damage)
    with pytest.raises(TrainingError, match=r"last\.safetensors cannot be read"):
        checkpoint.load_weights(tmp_path / "last.safetensors", nn.Linear(1, 1))


def test_weights_of_another_network_are_refused(tmp_path):
    path = tmp_path / "last.safetensors"
    checkpoint.save_weights(path, nn.Linear(2, 3).state_dict(), {})
    with pytest.raises(TrainingError, match="belongs to another network: weight"):
        checkpoint.load_weights(path, nn.Linear(4, 3))
    with pytest.raises(TrainingError, match="belongs to another network"):
        checkpoint.load_weights(path, nn.Linear(2, 3, bias=False))


def test_weights_that_are_no_state_are_refused(trained, tmp_path):
    model, optimizers = trained()
    checkpoint.save_weights(tmp_path / checkpoint.STATE, model.state_dict(), {})
    with pytest.raises(TrainingError, match="not the state of a run"):
        checkpoint.load(tmp_path, parts(model, optimizers))


def test_shared_weights_can_be_saved(tmp_path):
    first = nn.Linear(2, 2)
    model = nn.ModuleDict({"a": first, "b": first})
    path = tmp_path / "shared.safetensors"
    checkpoint.save_weights(path, model.state_dict(), {"step": "1"})
    with torch.no_grad():
        kept = first.weight.clone()
        first.weight.zero_()
    checkpoint.load_weights(path, model)
    assert model["a"].weight.equal(kept)
    assert model["b"].weight is model["a"].weight
