"""Why a run failed, in words that name the node and the next step."""

from dataclasses import dataclass

import torch
from torch import Tensor

from netloom.compiler.module import Compiled
from netloom.errors import NetloomError
from netloom.graph import Training
from netloom.training import remedies
from netloom.training.devices import is_out_of_memory
from netloom.training.evaluate import several
from netloom.training.events import Remedy
from netloom.training.network import Network


class Diverged(Exception):  # noqa: N818  (it is no error of the program, and never leaves this package)
    """A loss that is not finite was read: at which step, which loss, and whether it is infinite or NaN."""

    def __init__(self, step: int, loss: str, value: float) -> None:
        super().__init__(f"{loss} is {value} at step {step}")
        self.step = step
        self.loss = loss
        self.word = "NaN" if value != value else "infinite"


@dataclass(frozen=True, slots=True)
class Failure:
    """What to tell the person, which node to point at, and settings with which the run can go on."""

    message: str
    node: str | None = None
    remedies: tuple[Remedy, ...] = ()


def plain(error: Exception) -> str:
    """The first line of what an exception says."""
    return str(error).strip().split("\n")[0] or type(error).__name__


def not_finite(network: Network, inputs: tuple[Tensor, ...]) -> str | None:
    """The first node that puts out a value that is not finite or holds such a weight; None where all are finite."""
    bad = [
        node
        for node, held in network.weights.by_node.items()
        if not all(bool(parameter.isfinite().all()) for parameter in held)
    ]
    found: list[str] = []

    def see(node: str, value: Tensor) -> None:
        if not found and (node in bad or not bool(value.isfinite().all())):
            found.append(node)

    with torch.no_grad():
        several(network.compiled.watch(inputs, see))
    return next(iter(found), None)


def of_divergence(error: Diverged, compiled: Compiled, node: str | None, *, has_best: bool) -> Failure:
    """The loss is no number any more. `node` is where that began; without one it is the loss itself."""
    alone = len(compiled.losses) == 1
    nodes = {item.node.name: key for key, item in compiled.plan.nodes.items()}
    blamed = node or nodes[error.loss]
    place = compiled.plan.nodes[blamed].node.name
    rates = " and ".join(plan.name for plan in compiled.optimizers)
    back = ", or go back to the best checkpoint" if has_best else ""
    what = "Loss" if alone else error.loss
    text = f"{what} became {error.word} at step {error.step}, in {place}. Lower the learning rate of {rates}{back}."
    return Failure(text, blamed)


def of_exception(error: Exception, network: Network, step: int, settings: Training) -> Failure:
    """Whatever a step raised."""
    compiled = network.compiled
    node = compiled.node_at(error.__traceback__)
    place = f", in {compiled.plan.nodes[node].node.name}" if node else ""
    if isinstance(error, NetloomError):
        return Failure(str(error), error.node or node)
    if is_out_of_memory(error):
        found = remedies.of_memory(network, settings)
        sizes = [remedy.settings["batch_size"] for remedy in found if "batch_size" in remedy.settings]
        words = f"a batch size of {sizes[0]}" if sizes else "a smaller network"
        size = settings.batch_size
        return Failure(
            f"Out of memory at step {step}{place}: a batch of {size} does not fit. Try {words}.", node, found
        )
    if type(error).__module__.startswith(("torch._dynamo", "torch._inductor")):
        return Failure(
            "torch.compile cannot translate this network on this machine. Train it without.",
            node,
            (Remedy("Without compile", {"compile": "off"}),),
        )
    text = plain(error)
    if "does not require grad" in text:
        text = "the loss does not depend on any weight that an optimizer updates. Look for a StopGradient on the way."
    return Failure(f"Step {step} failed{place}: {text}", node)
