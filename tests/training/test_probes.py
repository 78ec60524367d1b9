import numpy as np
import pytest
import torch
from tests.training.conftest import classifier, losses, node_id, of_type, same, told, weights

from netloom import templates
from netloom.compiler import plan_graph
from netloom.errors import BuildError
from netloom.graph import edit
from netloom.training import network, previews
from netloom.training.events import ProbesRead, Watch
from netloom.training.loop import train
from netloom.training.probes import Probes, preview_once

NORMED = (
    ("Linear", {"out_features": 16}),
    ("BatchNorm1d", {}),
    ("ReLU", {}),
    ("Dropout", {"p": 0.3}),
    ("Linear", {"out_features": 2}),
)


@pytest.fixture
def digits():
    return templates.document("digits-cnn")


def all_nodes(document, mode="activations", focus=None):
    return Watch(tuple(document.graph.nodes), focus, mode)


@pytest.mark.parametrize("mode", ["activations", "gradients", "weights"])
def test_watching_changes_no_number(tmp_path, mode):
    document = classifier(layers=NORMED, epochs=3)
    wish = all_nodes(document, mode)
    plain = told(train(document, folder=tmp_path / "plain"), lambda event: None)
    watched = told(
        train(document, folder=tmp_path / "watched"), lambda event: None if isinstance(event, ProbesRead) else wish
    )
    assert len(of_type(ProbesRead, watched)) > 10
    assert same(weights(tmp_path / "plain"), weights(tmp_path / "watched"))
    assert np.array_equal(losses(plain), losses(watched))


def test_kinds_follow_the_shapes(digits):
    found = preview_once(digits, all_nodes(digits)).previews
    by_name = {digits.graph.node(key).name: item for key, item in found.items()}
    assert by_name["conv1"].kind == "maps"
    assert by_name["conv1"].data.shape == (16, 8, 8)
    assert by_name["conv2"].data.shape == (16, 4, 4)
    assert by_name["conv2"].shape == (32, 4, 4)
    assert (by_name["head"].kind, by_name["head"].data.shape) == ("vector", (10,))
    assert (by_name["flatten"].kind, by_name["flatten"].data.shape) == ("vector", (64,))
    assert (by_name["image"].kind, by_name["image"].data.shape) == ("maps", (1, 8, 8))
    assert (by_name["digits"].kind, by_name["digits"].data.shape) == ("maps", (25, 8, 8))
    assert not {"loss", "accuracy", "optimizer"} & by_name.keys()
    for item in found.values():
        assert item.counts.shape == (32,)
        assert item.counts.sum() > 0
        assert item.low <= item.mean <= item.high
        assert item.data.dtype == np.float32


def test_the_focus_is_read_at_full_size(digits):
    conv = node_id(digits, "conv2")
    found = preview_once(digits, Watch(focus=conv)).previews
    assert found.keys() == {conv}
    assert found[conv].data.shape == (32, 4, 4)


def test_only_watched_nodes_are_read(digits):
    conv = node_id(digits, "conv1")
    assert preview_once(digits, Watch((conv,))).previews.keys() == {conv}
    assert preview_once(digits, Watch((), mode="off")).previews == {}


def test_the_most_active_maps_are_shown_in_their_own_order(digits):
    conv = node_id(digits, "conv2")
    every = preview_once(digits, Watch((conv,), focus=conv)).previews[conv].data
    shown = preview_once(digits, Watch((conv,))).previews[conv].data
    chosen = np.sort(np.argsort(-np.abs(every).mean((1, 2)), kind="stable")[:16])
    assert np.array_equal(shown, every[chosen])


def test_weights_are_those_of_the_layer(digits):
    found = preview_once(digits, all_nodes(digits, "weights")).previews
    conv, head, norm = (found[node_id(digits, name)] for name in ("conv1", "head", "bn1"))
    assert (conv.kind, conv.data.shape, conv.shape) == ("maps", (16, 3, 3), (16, 1, 3, 3))
    assert (head.kind, head.data.shape) == ("grid", (10, 64))
    assert (norm.kind, norm.data.tolist()) == ("vector", [1.0] * 16)
    assert node_id(digits, "flatten") not in found


def test_gradients_equal_those_worked_out_by_hand():
    document = classifier(layers=(("Linear", {"out_features": 2}),))
    made = network.build(plan_graph(document.graph), torch.device("cpu"), 0)
    model, head = made.compiled.model, node_id(document, "linear")
    probes = Probes(made)
    shown = probes.watch(Watch((head,), mode="gradients"), 0).previews[head].data
    points, labels = probes._batch
    scores = model(points).detach()
    by_hand = (scores.softmax(1) - torch.nn.functional.one_hot(labels, 2)) / len(labels)
    np.testing.assert_allclose(shown, by_hand[0].numpy(), atol=1e-6)
    assert all(parameter.grad is None for parameter in model.parameters())


def test_gradient_norms_are_those_of_the_last_step(tmp_path):
    document = classifier(layers=(("Linear", {"out_features": 2}),), optimizer=("SGD", {"lr": 1.0}), epochs=1)
    linear = node_id(document, "linear")
    events = told(
        train(document, folder=tmp_path), lambda event: None if isinstance(event, ProbesRead) else Watch((linear,))
    )
    read = of_type(ProbesRead, events)
    assert read[0].gradient_norms == {}
    assert read[-1].gradient_norms[linear] > 0


def test_looking_leaves_mode_randomness_and_statistics():
    document = classifier(layers=NORMED)
    made = network.build(plan_graph(document.graph), torch.device("cpu"), 0)
    before = {name: value.clone() for name, value in made.compiled.model.state_dict().items()}
    state = torch.get_rng_state()
    for mode in ("activations", "gradients", "weights"):
        Probes(made).watch(all_nodes(document, mode), 0)
    assert torch.get_rng_state().equal(state)
    assert same(before, made.compiled.model.state_dict())
    assert made.compiled.model.training


def test_the_boundary_of_a_classifier_of_points():
    document = templates.document("moons-mlp")
    boundary = preview_once(document, all_nodes(document)).boundary
    assert boundary.values.shape == boundary.certainty.shape == (64, 64)
    assert set(np.unique(boundary.values)) <= {0, 1}
    assert 0.5 <= boundary.certainty.min() <= boundary.certainty.max() <= 1
    assert boundary.points.shape == (len(boundary.labels), 2)
    left, right, bottom, top = boundary.extent
    assert left < boundary.points[:, 0].min() <= boundary.points[:, 0].max() < right
    assert bottom < boundary.points[:, 1].min() <= boundary.points[:, 1].max() < top


def test_the_boundary_separates_trained_points(tmp_path):
    document = templates.document("moons-mlp")
    list(train(document, folder=tmp_path, epochs=100, device="cpu"))
    boundary = preview_once(document, all_nodes(document), tmp_path / "last.safetensors").boundary
    left, right, bottom, top = boundary.extent
    columns = ((boundary.points[:, 0] - left) / (right - left) * 63).round().astype(int)
    rows = ((boundary.points[:, 1] - bottom) / (top - bottom) * 63).round().astype(int)
    assert np.mean(boundary.values[rows, columns] == boundary.labels) > 0.9


def test_a_document_without_training_can_be_looked_at(digits):
    gone = [node_id(digits, name) for name in ("loss", "optimizer", "accuracy")]
    digits.apply(edit.remove(digits, gone))
    assert node_id(digits, "conv1") in preview_once(digits, all_nodes(digits)).previews


def test_a_document_with_errors_says_so(digits):
    digits.apply(edit.set_params(digits.graph, node_id(digits, "conv2"), {"kernel_size": 99, "padding": 0}))
    with pytest.raises(BuildError):
        preview_once(digits, all_nodes(digits))


def test_probing_keeps_to_its_share_of_time():
    made = network.build(plan_graph(classifier().graph), torch.device("cpu"), 0)
    probes = Probes(made)
    assert not probes.is_due()
    probes.watch(Watch(tuple(made.compiled.plan.order)), 0)
    assert not probes.is_due()
    probes._due = 0.0
    assert probes.is_due()


def test_values_that_are_not_finite_can_be_shown():
    values = torch.tensor([[1.0, float("nan"), float("inf")]])
    shown = previews.of_output(values)
    assert (shown.low, shown.high, shown.counts.sum()) == (1.0, 1.0, 1.0)
    assert previews.of_output(torch.full((2, 3), float("nan"))).counts.sum() == 0


@pytest.mark.parametrize(
    ("shape", "kind", "drawn"),
    [
        ((4, 2000, 300), "grid", (64, 64)),
        ((4, 3, 200, 100), "maps", (3, 64, 64)),
        ((4, 5, 6), "grid", (5, 6)),
        ((4,), "vector", (1,)),
        ((4, 1000), "vector", (64,)),
        ((2, 3, 4, 5, 6), "maps", (12, 5, 6)),
    ],
)
def test_previews_are_small(shape, kind, drawn):
    shown = previews.of_output(torch.randn(shape))
    assert (shown.kind, shown.data.shape, shown.shape) == (kind, drawn, shape[1:])


@pytest.mark.parametrize(
    ("values", "largest"),
    [([[3 + 4j, 0]], 5.0), ([[True, False]], 1.0), ([[5, 0]], 5.0), ([[-2.0, 5.0]], 5.0)],
)
def test_numbers_of_every_type_can_be_drawn(values, largest):
    values = torch.tensor(values)
    for preview in (previews.of_output(values), previews.of_weight(values), previews.of_column(values)):
        assert preview.high == largest
        assert preview.low == (-2.0 if values.is_floating_point() else 0.0)
