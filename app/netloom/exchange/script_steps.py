"""What a training script does with a batch: only the statements that the settings and the optimizers ask for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netloom.compiler import calls
from netloom.compiler.goals import OptimizerPlan
from netloom.compiler.source.lines import INDENT, Line
from netloom.errors import ExportError
from netloom.graph import Training

DEPTH = 3
"""How far the statements of a step are indented."""
WARMED = '''
def warmed_step(optimizer: torch.optim.Optimizer, share: float) -> None:
    """A step at a share of the learning rates."""
    rates = [group["lr"] for group in optimizer.param_groups]
    for group in optimizer.param_groups:
        group["lr"] *= share
    optimizer.step()
    for group, rate in zip(optimizer.param_groups, rates):
        group["lr"] = rate
'''


@dataclass(frozen=True, slots=True)
class Loop:
    """What the steps of a script follow from.

    `schedules` are the statements that change rates after a batch, with the number of their optimizer; `owned` is what
    hands the weights of an only optimizer to whoever keeps gradients within bounds.
    """

    training: Training
    optimizers: tuple[OptimizerPlan, ...]
    losses: int
    outputs: str
    schedules: tuple[tuple[int, str], ...] = ()
    owned: str = "model.parameters()"

    @property
    def searches(self) -> bool:
        """Whether an optimizer asks for the loss as often as it likes."""
        return any(each.target.endswith(".LBFGS") for each in self.optimizers)

    @property
    def counts(self) -> bool:
        """Whether steps are counted."""
        periods = any(each.period > 1 for each in self.optimizers)
        return self.training.accumulate > 1 or periods or len({each.order for each in self.optimizers}) > 1

    @property
    def is_staged(self) -> bool:
        """Whether several optimizers do not all take a step at each batch, from one look at the losses."""
        return len(self.optimizers) > 1 and self.counts


def refuse(loop: Loop, *, has_learning_losses: bool) -> None:
    """ExportError names what a script cannot do yet, and what to set instead."""
    training, several = loop.training, len(loop.optimizers) > 1
    warms = any(each.warmup_steps for each in loop.optimizers)
    half = training.precision == "float16"
    limits = (
        (training.precision == "auto", "precision auto, which depends on the machine; set it to float32 or bfloat16"),
        (several and loop.searches, "LBFGS beside another optimizer"),
        (several and training.accumulate > 1, "accumulate with several optimizers; set it to 1"),
        (loop.searches and training.accumulate > 1, "accumulate with LBFGS; set it to 1"),
        ((several or warms or loop.searches) and half, "precision float16 here; set it to float32 or bfloat16"),
        ((several or loop.searches) and warms, "warmup_steps here; set it to 0"),
        (loop.searches and any(each.period > 1 for each in loop.optimizers), "period with LBFGS; set it to 1"),
        (bool(training.ema_decay) and has_learning_losses, "ema_decay for losses that have weights; set it to 0"),
    )
    for holds, words in limits:
        if holds:
            raise ExportError(f"A script cannot train with {words}.")


def constants(loop: Loop) -> Iterator[str]:
    """The statements at the top that name what steps go by."""
    training, found = loop.training, loop.optimizers
    if training.accumulate > 1:
        yield f"ACCUMULATE = {training.accumulate}"
    if loop.is_staged:
        yield f"STAGES = {_stages(found)}"
        yield f"PERIODS = {[each.period for each in found]}"
    elif found[0].period > 1:
        yield f"PERIOD = {found[0].period}"
    if training.patience:
        yield f"PATIENCE = {training.patience}"


def _stages(optimizers: Sequence[OptimizerPlan]) -> list[list[int]]:
    """The numbers of optimizers, those of one order together."""
    orders = sorted({each.order for each in optimizers})
    return [[number for number, each in enumerate(optimizers) if each.order == order] for order in orders]


def before(loop: Loop) -> Iterator[str]:
    """The statements before the first epoch."""
    training = loop.training
    if training.ema_decay:
        yield f"average = get_ema_multi_avg_fn({calls.literal(training.ema_decay)})"
        yield "averaged = AveragedModel(model, multi_avg_fn=average)"
    if training.precision == "float16":
        yield f"scaler = torch.amp.GradScaler({_device(loop)})"
    if loop.counts:
        yield "step = 0"
    if any(each.warmup_steps for each in loop.optimizers):
        yield "warm = 0"


def step(loop: Loop) -> Iterator[Line]:
    """The statements for a batch of rows."""
    if loop.counts:
        yield from lines(DEPTH, "step += 1")
    if loop.searches:
        yield from _searching(loop)
    elif len(loop.optimizers) == 1:
        yield from _single(loop)
    elif loop.is_staged:
        yield from _staged(loop)
    else:
        yield from _together(loop)


def _forward(loop: Loop, depth: int) -> Iterator[Line]:
    """From the rows of a batch to the losses."""
    if loop.training.precision in ("bfloat16", "float16"):
        yield from lines(depth, f"with torch.autocast({_device(loop)}, torch.{loop.training.precision}):")
        depth += 1
    columns = "columns = [column[rows] for column in targets]"
    losses = "(loss,)" if loop.losses == 1 else "losses"
    yield from lines(depth, f"outputs = {loop.outputs}", columns, f"{losses} = objective(*outputs, *columns)")


def _device(loop: Loop) -> str:
    return "DEVICE" if ":" not in loop.training.device else calls.literal(loop.training.device.partition(":")[0])


def _summed(loop: Loop, found: OptimizerPlan) -> str:
    return "loss" if loop.losses == 1 else " + ".join(f"losses[{index}]" for index in found.losses)


def _single(loop: Loop) -> Iterator[Line]:
    """One optimizer: the loop that everybody writes, with what is asked for around it."""
    (found,), training = loop.optimizers, loop.training
    yield from _forward(loop, DEPTH)
    if loop.losses > 1:
        yield from lines(DEPTH, f"loss = {_summed(loop, found)}")
    depth = DEPTH
    if found.period > 1:
        cycle = "step % PERIOD == 0" if training.accumulate == 1 else "((step - 1) // ACCUMULATE + 1) % PERIOD == 0"
        yield from lines(depth, f"if {cycle}:")
        depth += 1
    loss = "loss" if training.accumulate == 1 else "(loss / ACCUMULATE)"
    scaled = f"scaler.scale({loss.strip('()')})" if training.precision == "float16" else loss
    if training.accumulate == 1:
        yield from lines(depth, "optimizer.zero_grad()")
    yield from lines(depth, f"{scaled}.backward()")
    if training.accumulate > 1:
        yield from lines(depth, "if step % ACCUMULATE == 0:")
        depth += 1
    yield from lines(depth, *_stepped(loop, found))
    if training.accumulate > 1:
        yield from lines(depth, "optimizer.zero_grad()")
    yield from lines(depth, *(text for _, text in loop.schedules), *_averaged(loop))


def _stepped(loop: Loop, found: OptimizerPlan) -> Iterator[str]:
    half = loop.training.precision == "float16"
    if half and (found.clip_norm or found.clip_value):
        yield "scaler.unscale_(optimizer)"
    yield from _clipped(found, loop.owned)
    if half:
        yield from ("scaler.step(optimizer)", "scaler.update()")
    elif found.warmup_steps:
        yield "warm += 1"
        yield f"warmed_step(optimizer, min(1.0, warm / {found.warmup_steps}))"
    else:
        yield "optimizer.step()"


def _clipped(found: OptimizerPlan, weights: str) -> Iterator[str]:
    if found.clip_value:
        yield f"nn.utils.clip_grad_value_({weights}, {calls.literal(found.clip_value)})"
    if found.clip_norm:
        yield f"nn.utils.clip_grad_norm_({weights}, {calls.literal(found.clip_norm)})"


def _averaged(loop: Loop) -> Iterator[str]:
    if loop.training.ema_decay:
        yield "averaged.update_parameters(model)"


def _searching(loop: Loop) -> Iterator[Line]:
    """An optimizer that asks for the loss as often as it likes."""
    (found,) = loop.optimizers
    yield from lines(0, "")
    yield from lines(DEPTH, "def closure(rows: Tensor = rows) -> Tensor:")
    yield from _forward(loop, DEPTH + 1)
    if loop.losses > 1:
        yield from lines(DEPTH + 1, f"loss = {_summed(loop, found)}")
    yield from lines(DEPTH + 1, "optimizer.zero_grad()", "loss.backward()", *_clipped(found, loop.owned), "return loss")
    yield from lines(0, "")
    yield from lines(DEPTH, "optimizer.step(closure)", *(text for _, text in loop.schedules), *_averaged(loop))


def _together(loop: Loop) -> Iterator[Line]:
    """Several optimizers that look at the losses together."""
    yield from _forward(loop, DEPTH)
    yield from lines(DEPTH, f"totals = [{', '.join(_summed(loop, each) for each in loop.optimizers)}]")
    yield from lines(DEPTH, "gradients = [")
    yield from lines(DEPTH + 1, "torch.autograd.grad(total, own, retain_graph=True, allow_unused=True)")
    yield from lines(DEPTH + 1, "for total, own in zip(totals, owned)")
    yield from lines(DEPTH, "]", "for optimizer, own, found in zip(optimizers, owned, gradients):")
    yield from lines(DEPTH + 1, "for weight, gradient in zip(own, found):")
    yield from lines(DEPTH + 2, "weight.grad = gradient")
    for bound in _bounds(loop):
        yield from lines(DEPTH, bound)
    yield from lines(DEPTH, "for optimizer in optimizers:") if any(_bounds(loop)) else ()
    yield from lines(DEPTH + 1, "optimizer.step()")
    yield from lines(DEPTH, *(text for _, text in loop.schedules), *_averaged(loop))


def _bounds(loop: Loop) -> Iterator[str]:
    for number, each in enumerate(loop.optimizers):
        yield from _clipped(each, f"owned[{number}]")


def _staged(loop: Loop) -> Iterator[Line]:
    """Several optimizers in their order, each at its batches; those of one order look at the losses together."""
    yield from lines(DEPTH, "for stage in STAGES:")
    yield from lines(DEPTH + 1, "due = [number for number in stage if step % PERIODS[number] == 0]")
    yield from lines(DEPTH + 1, "if not due and stage is not STAGES[0]:")
    yield from lines(DEPTH + 2, "continue")
    yield from _forward(loop, DEPTH + 1)
    yield from lines(DEPTH + 1, f"totals = [{', '.join(_summed(loop, each) for each in loop.optimizers)}]")
    yield from lines(DEPTH + 1, "gradients = [")
    call = "torch.autograd.grad("
    yield from lines(DEPTH + 2, call)
    yield from lines(DEPTH + 3, "totals[each], owned[each], retain_graph=True, allow_unused=True")
    yield from lines(DEPTH + 2, ")", "for each in due")
    yield from lines(DEPTH + 1, "]", "for number, found in zip(due, gradients):")
    yield from lines(DEPTH + 2, "for weight, gradient in zip(owned[number], found):")
    yield from lines(DEPTH + 3, "weight.grad = gradient")
    for number, each in enumerate(loop.optimizers):
        if bounds := list(_clipped(each, f"owned[{number}]")):
            yield from lines(DEPTH + 2, f"if number == {number}:")
            yield from lines(DEPTH + 3, *bounds)
    yield from lines(DEPTH + 2, "optimizers[number].step()")
    yield from _after_stages(loop)


def _after_stages(loop: Loop) -> Iterator[Line]:
    for number, text in loop.schedules:
        yield from lines(DEPTH, f"if step % PERIODS[{number}] == 0:")
        yield from lines(DEPTH + 1, text)
    if loop.training.ema_decay:
        yield from lines(DEPTH, "if any(step % period == 0 for period in PERIODS):")
        yield from lines(DEPTH + 1, *_averaged(loop))


def lines(depth: int, *texts: str) -> Iterator[Line]:
    """Statements that are indented so far."""
    return (Line(f"{INDENT * depth}{text}" if text else "") for text in texts)
