import pytest
import torch

from netloom.errors import TrainingError
from netloom.graph import Document
from netloom.layers.authoring import Graph
from netloom.training import feed
from netloom.training.feed import Feed, batch_sizes
from netloom.training.loop import train


@pytest.mark.parametrize(
    ("rows", "size", "sizes"),
    [
        (10, 4, [4, 4, 2]),
        (9, 4, [4, 5]),
        (8, 4, [4, 4]),
        (1, 4, [1]),
        (3, 1, [1, 1, 1]),
        (3, 8, [3]),
        (0, 4, []),
    ],
)
def test_no_sample_is_left_alone(rows, size, sizes):
    assert batch_sizes(rows, size) == sizes


@pytest.mark.parametrize("gathered", [1, 300, 1 << 20])
def test_batches_follow_the_order(monkeypatch, gathered):
    monkeypatch.setattr(feed, "GATHERED_BYTES", gathered)
    columns = (torch.arange(50.0)[:, None], torch.arange(50))
    order = torch.randperm(50)[:33]
    batches = list(Feed(1, torch.device("cpu"), columns, {}, ((), ()), {}).batches(order, 8))
    assert [len(one) for one, _ in batches] == [8, 8, 8, 9]
    for column, parts in zip(columns, zip(*batches, strict=True), strict=True):
        assert torch.cat(parts).equal(column[order])


def test_datasets_of_unequal_length_are_refused(tmp_path):
    graph = Graph()
    answers = []
    for source in ("iris", "wine"):
        data, place = graph.add("Dataset", source, source=source), graph.add("Input", f"x_{source}")
        layer = graph.add("Linear", out_features=3)
        for start, end in ((data, place), (place, layer)):
            graph.connect(start, end)
        answers.append(layer)
    both, answer, loss = graph.add("Add"), graph.add("Output", "y"), graph.add("CrossEntropyLoss")
    for start, end in (*((layer, both) for layer in answers), (both, answer), (answer, loss)):
        graph.connect(start, end)
    graph.connect(graph.named("iris").id, loss)
    graph.connect(loss, graph.add("SGD"))
    with pytest.raises(TrainingError, match="iris has 150 rows and wine has 178"):
        next(train(Document(graph), folder=tmp_path))


def test_data_that_stays_behind_is_sent_a_batch_ahead():
    columns = (torch.arange(20.0)[:, None], torch.arange(20))
    away = Feed(1, torch.device("meta"), columns, {}, ((), ()), {})
    batches = list(away.batches(torch.arange(20), 8))
    assert [len(batch[0]) for batch in batches] == [8, 8, 4]
    assert all(value.device.type == "meta" for batch in batches for value in batch)
