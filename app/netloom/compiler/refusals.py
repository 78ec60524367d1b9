"""What no node can know alone and no run could do: errors about a graph as a whole."""

from collections.abc import Iterable, Iterator, Mapping

from netloom.compiler.goals import updated, with_role
from netloom.compiler.plan import Fix, NodePlan, Plan, Problem
from netloom.compiler.problems import used_again
from netloom.graph import edit
from netloom.graph.model import Graph, Value
from netloom.layers.custom import KINDS

BIASED = frozenset(
    {
        "AdaptiveLogSoftmaxWithLoss",
        "Embedding",
        "EmbeddingBag",
        "GRU",
        "GRUCell",
        "LSTM",
        "LSTMCell",
        "Linear",
        "LinearCrossEntropyLoss",
        "MultiheadAttention",
        "RNN",
        "RNNCell",
    }
)
"""Kinds whose weights are matrices, but for their biases."""
BIASES = ("bias", "head_bias", "add_bias_kv")
SHAPED: Mapping[str, str] = {"LayerNorm": "normalized_shape", "RMSNorm": "normalized_shape", "Parameter": "shape"}
"""Kinds whose weights have the shape of a parameter."""

TABLES = ("Embedding", "EmbeddingBag")
TAKE_SPARSE = ("SGD", "Adagrad", "SparseAdam")


def refusals(graph: Graph, plan: Plan) -> Iterator[Problem]:
    """Errors about the whole of a graph; those about training only where its nodes have none."""
    yield from _parted(plan)
    for item in with_role(plan, "metric"):
        yield from _unmeasured(plan, item)
    if plan.is_valid:
        for item in with_role(plan, "optimizer"):
            yield from _unfit(graph, plan, item)
            yield from _idle(graph, plan, item)
            yield from _frozen(graph, plan, item)


def _parted(plan: Plan) -> Iterator[Problem]:
    """Weights belong to the model or to its losses."""
    for item in plan.working:
        owner = plan.nodes.get(item.weights) if item.weights else None
        if owner is not None and owner.part != item.part:
            text = f"{item.node.name} uses the weights of {owner.node.name}, but an Output stands between them."
            yield Problem(item.node.id, None, "error", text)


def _unmeasured(plan: Plan, item: NodePlan) -> Iterator[Problem]:
    """A run hands a metric what an Output gives, and a column of a dataset."""
    for wire in item.wires:
        source = plan.nodes.get(wire.source)
        if source is None or (source.part == "model" and source.node.kind != "Output"):
            continue
        if wire.input == "preds" and source.node.kind != "Output":
            text = f"{item.node.name} measures what an Output gives; wire one into preds."
            yield Problem(item.node.id, "preds", "error", text)
        if wire.input == "target" and source.part != "data":
            text = f"{item.node.name} compares with a column of a dataset; wire one into target."
            yield Problem(item.node.id, "target", "error", text)


def _unfit(graph: Graph, plan: Plan, optimizer: NodePlan) -> Iterator[Problem]:
    """An algorithm that cannot update one of the weights that it should."""
    kind, chosen = optimizer.node.kind, updated(plan, optimizer)
    held = {key: list(_leaves([plan.nodes[key]])) for key in plan.order if key in chosen}
    wrong = [(leaf, text) for leaves in held.values() for leaf in leaves if (text := _unfit_text(kind, leaf))]
    if not wrong:
        return
    leaf, text = wrong[0]
    fixes = []
    if _is_sparse(leaf):
        fixes.append(Fix("Set sparse to false", edit.set_params(graph, leaf.node.id, {"sparse": False})))
    fitting: list[Value] = [
        key for key, leaves in held.items() if leaves and not any(_unfit_text(kind, each) for each in leaves)
    ]
    if fitting:
        patch = edit.set_params(graph, optimizer.node.id, {"updates": fitting})
        fixes.append(Fix(f"Let {optimizer.node.name} update only what it can", patch))
    yield Problem(optimizer.node.id, None, "error", f"{optimizer.node.name} cannot train this: {text}", tuple(fixes))


def _idle(graph: Graph, plan: Plan, optimizer: NodePlan) -> Iterator[Problem]:
    """An optimizer that is to update bypassed nodes alone."""
    named = optimizer.arguments.get("updates")
    nodes = [graph.nodes[key] for key in named if key in graph.nodes] if isinstance(named, list) else []
    bypassed = [node for node in nodes if node.bypassed]
    if not bypassed or updated(plan, optimizer):
        return
    every = edit.set_params(graph, optimizer.node.id, {}, ("updates",))
    text = f"{optimizer.node.name} updates {bypassed[0].name} and nothing else that has weights, and that is bypassed."
    fixes = (*(used_again(node) for node in bypassed[:3]), Fix("Update all layers", every))
    yield Problem(optimizer.node.id, None, "error", text, fixes)


def _frozen(graph: Graph, plan: Plan, optimizer: NodePlan) -> Iterator[Problem]:
    """An optimizer of which all layers are frozen."""
    chosen = updated(plan, optimizer)
    held = [plan.nodes[key] for key in plan.order if key in chosen and plan.nodes[key].parameters]
    if not held or not all(map(is_frozen, held)):
        return
    thawed = [item.node for item in held if item.node.frozen]
    fixes = [Fix(f"Unfreeze {node.name}", edit.freeze(graph, [node.id], frozen=False)) for node in thawed[-3:]]
    if len(thawed) > 1:
        fixes.append(Fix("Unfreeze all", edit.freeze(graph, [node.id for node in thawed], frozen=False)))
    text = f"{optimizer.node.name} has nothing to train: all layers that it updates are frozen."
    yield Problem(optimizer.node.id, None, "error", text, tuple(fixes))


def is_frozen(item: NodePlan) -> bool:
    """Whether no weight of a node learns: it is frozen, or all that its block holds."""
    if item.node.frozen or item.block is None:
        return item.node.frozen
    return all(is_frozen(each) for each in item.block.working if each.parameters)


def _leaves(items: Iterable[NodePlan]) -> Iterator[NodePlan]:
    """The layers with weights of their own, however deep in blocks."""
    for item in items:
        if item.block is not None:
            yield from _leaves(item.block.working)
        elif item.parameters:
            yield item


def _unfit_text(kind: str, leaf: NodePlan) -> str:
    """Why an algorithm cannot update the weights of a layer; "" where it can, and where code of the user holds them."""
    name = leaf.node.name
    if leaf.node.kind in KINDS:
        return ""
    if kind == "Muon" and not only_matrices(leaf):
        return f"Muon updates matrices alone, and {name} has other weights. Leave these to another optimizer."
    if kind == "SparseAdam" and not _is_sparse(leaf):
        return f"SparseAdam updates tables of embeddings that are set to sparse, and {name} is none."
    if kind not in TAKE_SPARSE and _is_sparse(leaf):
        return f"{kind} cannot follow the sparse gradients of {name}. Switch sparse off, or use SparseAdam."
    return ""


def only_matrices(leaf: NodePlan) -> bool:
    """Whether all weights of a layer have two dimensions."""
    kind, arguments = leaf.node.kind, leaf.arguments
    shape = arguments.get(SHAPED.get(kind, ""))
    shaped = kind in BIASED or (isinstance(shape, list) and len(shape) == 2)
    return shaped and not any(arguments.get(name) for name in BIASES)


def _is_sparse(leaf: NodePlan) -> bool:
    return leaf.node.kind in TABLES and leaf.arguments.get("sparse") is True
