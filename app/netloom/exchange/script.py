"""A document as one file of Python that reads its data, makes its model, trains it and saves the weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from netloom.compiler import calls, module, naming, plan_graph, untrainable
from netloom.compiler.goals import OptimizerPlan, goals
from netloom.compiler.plan import NodePlan, Plan
from netloom.compiler.source import Place, Source, column_places, loss_places, model_interface, training_lines
from netloom.compiler.source.lines import INDENT, Line, imports, joined
from netloom.errors import ExportError
from netloom.exchange import script_best, script_data, script_goals, script_steps, script_weights
from netloom.exchange.script_steps import Loop
from netloom.graph import Document, Training
from netloom.graph.model import Value

_OWN = """
main evaluate batches split standardised save_file torchmetrics np train held_out model objective inputs targets rows
optimizer optimizers owned own gradients found totals closure parts state key name metrics shuffle epoch order scores
outputs columns losses loss total step warm average averaged scaler stage due number group groups layers each best
waited rank warmed_step AveragedModel get_ema_multi_avg_fn ACCUMULATE STAGES PERIODS PERIOD PATIENCE
EPOCHS BATCH_SIZE SEED DEVICE LOSSES WEIGHTS
"""
NAMES = frozenset(_OWN.split())
"""What the script calls its own."""

BATCHES = '''
def batches(rows: Tensor) -> list[Tensor]:
    """Rows in batches; a single one that is left over joins the batch before it."""
    found = list(rows.split(BATCH_SIZE))
    if len(found) > 1 and len(found[-1]) == 1:
        found[-2:] = [torch.cat(found[-2:])]
    return found
'''


PRINTED = """\
                shown = ", ".join(f"{key} {value:.4f}" for key, value in scores.items())
                print(f"epoch {epoch}, {name}: {shown}")"""
SAVED = """\
state = MODEL.state_dict()
save_file({key: each.contiguous() for key, each in state.items()}, WEIGHTS)"""
ENDED = """\
    print(f"weights: {WEIGHTS}")


if __name__ == "__main__":
    main()"""


def script(document: Document) -> str:
    """The training script of a document; BuildError or ExportError say what keeps it from being trained."""
    return planned_script(plan_graph(document.graph), document.training).text


def planned_script(plan: Plan, training: Training) -> Source:
    """The same from a plan that is there already, and which node each line speaks of."""
    module.expect_buildable(plan)
    if missing := untrainable(plan):
        raise ExportError(missing)
    return joined(_Script(plan, training).lines())


class _Script:
    """The parts of one script."""

    def __init__(self, plan: Plan, training: Training) -> None:
        self.plan = plan
        self.training = training
        self.fed = tuple((wire.source, wire.output) for item in self._inputs() for wire in item.wires)
        self.columns = column_places(plan)
        self.goals = goals(plan, self.columns)
        self.losses = [plan.nodes[node].node.name for node, _ in loss_places(plan)]
        self.several = len(model_interface(plan).results) > 1
        self.own, self.classes = training_lines(plan)
        if taken := NAMES & self.own.reserved:
            raise ExportError(f"The code of a node defines {min(taken)}, which the script has a use for; rename it.")
        self.datasets = self._datasets()
        several = len(self.goals.optimizers) > 1
        self.held = [
            script_weights.of(plan, each, str(number) if several else "")
            for number, each in enumerate(self.goals.optimizers, start=1)
        ]
        self.loop = self._loop()
        self.judged = script_best.judged(training, self.goals, self.losses)

    def _loop(self) -> Loop:
        held = self.held[0]
        owned = "model.parameters()" if held.held == "model.parameters()" else script_weights.owned("optimizer")
        moves = tuple(self._moves("batch"))
        loop = Loop(self.training, self.goals.optimizers, len(self.losses), self._outputs("rows"), moves, owned)
        learning = any(item.part == "objective" and item.parameters for item in self.plan.nodes.values())
        script_steps.refuse(loop, has_learning_losses=learning)
        return loop

    def _inputs(self) -> list[NodePlan]:
        items = {item.node.name: item for item in self.plan.nodes.values() if item.node.kind == "Input"}
        return [items[name] for name in self.plan.inputs]

    def _datasets(self) -> dict[str, tuple[str, dict[str, Value]]]:
        """The variable and the settings of each dataset that is read."""
        found: dict[str, tuple[str, dict[str, Value]]] = {}
        taken = {*NAMES, *self.own.reserved}
        for node, _ in (*self.fed, *self.columns):
            if node not in found:
                item = self.plan.nodes[node]
                name = naming.argument(item.node.name, taken)
                taken.add(name)
                found[node] = (name, script_data.settings(item.arguments))
        return found

    def lines(self) -> list[Line]:
        """All lines in order."""
        body = [*self.own.lines, *self.classes, *self._functions(), *self._evaluate(), *self._main()]
        return [*_text(self._about()), *self._imports(body), Line(""), *self._settings(), *body]

    def _about(self) -> str:
        entering = ", ".join(f"{name} {flow}" for name, flow in self.plan.inputs.items())
        leaving = ", ".join(f"{name} {flow}" for name, flow in self.plan.outputs.items())
        about = f"Train a network: {entering} to {leaving}."
        needs = "torch, scikit-learn, safetensors" + (", torchmetrics" if self.goals.metrics else "")
        return f'"""{about}\n\nThis script needs {needs}.\n"""\n'

    def _imports(self, body: Sequence[Line]) -> list[Line]:
        sources = sorted({str(found["source"]) for _, found in self.datasets.values()})
        more = ["import numpy as np"] if {"spirals", "blobs"} & {*sources} else []
        more += ["import torchmetrics"] if self.goals.metrics else []
        more += ["from safetensors.torch import save_file"]
        more += (
            ["from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn"] if self.training.ema_decay else []
        )
        names = [{"moons": "make_moons", "circles": "make_circles"}.get(name, f"load_{name}") for name in sources]
        loads = [name for name in names if name not in ("load_spirals", "load_blobs")]
        more += [f"from sklearn.datasets import {', '.join(sorted(loads))}"] if loads else []
        return imports([Line("torch.save"), *body], [*more, *self.own.imports])

    def _settings(self) -> list[Line]:
        device = self.training.device
        chosen = '"cuda" if torch.cuda.is_available() else "cpu"' if device == "auto" else calls.literal(device)
        return [
            Line(f"EPOCHS = {self.training.epochs}"),
            Line(f"BATCH_SIZE = {self.training.batch_size}"),
            Line(f"SEED = {self.training.seed}"),
            Line(f"DEVICE = {chosen}"),
            Line(f"LOSSES = {calls.tuple_of([calls.literal(name) for name in self.losses])}"),
            Line('WEIGHTS = "model.safetensors"'),
            *map(Line, script_steps.constants(self.loop)),
        ]

    def _functions(self) -> Iterator[Line]:
        if any(each.warmup_steps for each in self.goals.optimizers):
            yield from _text(f"\n{script_steps.WARMED}".rstrip("\n"))
        settings = [found for _, found in self.datasets.values()]
        for source in dict.fromkeys(str(found["source"]) for found in settings):
            yield from _text(f"\n{script_data.reader(source)}")
        yield from _text(f"\n{script_data.SPLIT}".rstrip("\n"))
        if any(_scaled(found) for found in settings):
            yield from _text(f"\n{script_data.STANDARDISED}".rstrip("\n"))
        yield from _text(f"\n{BATCHES}".rstrip("\n"))

    def _outputs(self, rows: str) -> str:
        call = f"model(*(column[{rows}] for column in inputs))"
        return call if self.several else f"({call},)"

    def _evaluate(self) -> Iterator[Line]:
        """The function that measures, in the mode in which the model is used."""
        takes_metrics = ", metrics: dict[str, torchmetrics.Metric]" if self.goals.metrics else ""
        columns = "inputs: list[Tensor], targets: list[Tensor], rows: Tensor"
        head = f"model: nn.Module, objective: nn.Module{takes_metrics}, {columns}"
        yield from _lines(0, "", "", "@torch.no_grad()", f"def evaluate({head}) -> dict[str, float]:")
        yield from _text('    """The losses and metrics over these rows."""')
        yield from _lines(1, "model.eval()", "totals = [0.0] * len(LOSSES)")
        if self.goals.metrics:
            yield from _lines(1, "for metric in metrics.values():")
            yield from _lines(2, "metric.reset()")
        yield from _lines(1, "for batch in rows.split(4 * BATCH_SIZE):")
        yield from _lines(2, f"outputs = {self._outputs('batch')}", "columns = [column[batch] for column in targets]")
        yield from _lines(2, "for number, loss in enumerate(objective(*outputs, *columns)):")
        yield from _lines(3, "totals[number] += loss.item() * len(batch)")
        yield from _lines(2, *self._updates())
        yield from _lines(1, "scores = {name: total / len(rows) for name, total in zip(LOSSES, totals)}")
        if self.goals.metrics:
            yield from _text("    scores |= {name: metric.compute().item() for name, metric in metrics.items()}")
        yield from _lines(1, "return scores")

    def _updates(self) -> list[str]:
        return [
            f"metrics[{calls.literal(each.name)}].update(outputs[{each.output}], columns[{each.column}])"
            for each in self.goals.metrics
        ]

    def _main(self) -> Iterator[Line]:
        yield from _lines(0, "", "", "def main() -> None:")
        yield from _lines(1, *self._reading(), *self._making(), *self._optimizers(), *self._schedules())
        yield from _lines(1, *script_steps.before(self.loop), *script_best.before(self.judged))
        yield from _lines(1, "shuffle = torch.Generator().manual_seed(SEED)", "for epoch in range(1, EPOCHS + 1):")
        yield from _lines(2, "model.train()", "order = train[torch.randperm(len(train), generator=shuffle)]")
        yield from _lines(2, "for rows in batches(order):")
        yield from script_steps.step(self.loop)
        yield from self._judging()
        yield from _text(ENDED)

    def _judging(self) -> Iterator[Line]:
        """What is done after an epoch, and with the weights at the end."""
        metrics = "metrics, " if self.goals.metrics else ""
        model = "averaged" if self.training.ema_decay else "model"
        saved = SAVED.replace("MODEL", "averaged.module" if self.training.ema_decay else "model").split("\n")
        yield from _lines(2, 'parts = {"train": train, "held out": held_out}', "for name, rows in parts.items():")
        yield from _lines(3, "if len(rows):")
        yield from _lines(4, f"scores = evaluate({model}, objective, {metrics}inputs, targets, rows)")
        yield from _text(PRINTED)
        yield from _lines(2, *(text for _, text in self._moves("epoch")))
        yield from script_best.after_epoch(self.judged, saved)
        if self.judged is None:
            yield from _text("\n".join(f"{INDENT}{line}" for line in saved))

    def _reading(self) -> Iterator[str]:
        rows = "train, held_out"
        for name, found in self.datasets.values():
            yield f"{name} = {script_data.reading(found)}"
            if rows == "train, held_out" or _scaled(found):
                yield f"{rows} = {script_data.splitting(name, found)}"
            for column in _scaled(found):
                values = f"{name}[{calls.literal(column)}]"
                yield f"{values} = standardised({values}, {rows.partition(',')[0]})"
            rows = "rows, _"

    def _making(self) -> Iterator[str]:
        if self.training.deterministic:
            yield "torch.use_deterministic_algorithms(True)"
        yield "torch.manual_seed(SEED)"
        yield "model = Model().to(DEVICE)"
        yield "objective = Objective().to(DEVICE)"
        if self.training.compile == "on":
            yield "model.compile()"
        yield f"inputs = [{', '.join(map(self._column, self.fed))}]"
        yield f"targets = [{', '.join(map(self._column, self.columns))}]"
        if self.goals.metrics:
            made = (
                f"{calls.literal(each.name)}: {script_goals.metric(each, self._kind(each.node))}"
                for each in self.goals.metrics
            )
            yield "metrics = {}"
            yield from (f"metrics[{text.replace(': ', '] = ', 1)}" for text in made)

    def _column(self, place: Place) -> str:
        return f"{self.datasets[place[0]][0]}[{calls.literal(place[1])}].to(DEVICE)"

    def _kind(self, node: str) -> str:
        return self.plan.nodes[node].node.kind

    def _optimizers(self) -> Iterator[str]:
        yield from script_weights.frozen(self.plan)
        if len(self.goals.optimizers) == 1:
            (found,), (held,) = self.goals.optimizers, self.held
            yield from held.before
            yield f"optimizer = {script_goals.optimizer(found, self._kind(found.node), held.held)}"
            return
        yield "owned = []"
        yield "optimizers = []"
        for number, (each, held) in enumerate(zip(self.goals.optimizers, self.held, strict=True)):
            yield from held.before
            if held.is_grouped:
                yield f"optimizers.append({script_goals.optimizer(each, self._kind(each.node), held.held)})"
                yield f"owned.append({script_weights.owned(f'optimizers[{number}]')})"
                continue
            yield f"owned.append({held.held if held.held.startswith('[') else f'[*{held.held}]'})"
            yield f"optimizers.append({script_goals.optimizer(each, self._kind(each.node), f'owned[{number}]')})"

    def _schedules(self) -> Iterator[str]:
        """The statements that make all schedules."""
        for number, each in enumerate(self.goals.optimizers):
            if each.schedule is None:
                continue
            owner = f"optimizers[{number}]" if len(self.goals.optimizers) > 1 else "optimizer"
            factors = self.held[number].factors
            made = script_goals.schedule(self.plan, each.schedule, owner, self._length(each), factors)
            yield f"{self._schedule(number)} = {made}"

    def _length(self, found: OptimizerPlan) -> str:
        """How many steps the schedule of an optimizer takes in the whole run."""
        every = self.training.accumulate * found.period
        if found.schedule is None or found.schedule.step != "batch":
            return "EPOCHS"
        batches = "EPOCHS * len(batches(train))"
        return batches if every == 1 else f"max(1, {batches} // {every})"

    def _schedule(self, number: int) -> str:
        return f"schedule{number + 1}" if len(self.goals.optimizers) > 1 else "schedule"

    def _moves(self, step: str) -> Iterator[tuple[int, str]]:
        """The statements that take a step of each schedule that goes by epochs or batches, with its optimizer."""
        for number, each in enumerate(self.goals.optimizers):
            if each.schedule is not None and each.schedule.step == step:
                watches = each.schedule.target.endswith("ReduceLROnPlateau")
                watched = "sum(scores[name] for name in LOSSES)" if watches else ""
                yield number, f"{self._schedule(number)}.step({watched})"


def _lines(depth: int, *texts: str) -> list[Line]:
    return [Line(f"{INDENT * depth}{text}" if text else "") for text in texts]


def _text(text: str) -> list[Line]:
    return [Line(line, as_is=True) for line in text.split("\n")]


def _scaled(found: Mapping[str, Value]) -> Sequence[str]:
    return script_data.SCALED.get(str(found["source"]), ()) if found["standardize"] else ()
