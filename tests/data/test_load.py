import pytest
import torch

from netloom.data import load, sources
from netloom.errors import DataError

TABLES = ("iris", "wine", "breast_cancer", "diabetes")
TOYS = ("moons", "circles", "spirals", "blobs")


@pytest.mark.parametrize("source", sources.names())
def test_columns_are_what_the_catalogue_declares(source):
    from netloom.layers import datasets

    data = load({"source": source})
    columns = datasets.columns_for({"source": source})
    assert [column.name for column in columns] == list(data.columns)
    for column in columns:
        values = data.columns[column.name]
        assert tuple(values.shape[1:]) == column.shape
        assert str(values.dtype) == f"torch.{column.dtype}"
        assert tuple(column.classes) == tuple(data.classes.get(column.name, ()))


def test_every_declared_dataset_can_be_loaded():
    from netloom.layers import datasets

    assert set(datasets.DATASETS) == set(sources.names())


@pytest.mark.parametrize("source", sources.names())
def test_splits_cover_all_rows_and_share_none(source):
    data = load({"source": source, "validation": 0.25})
    train, val = set(data.splits["train"].tolist()), set(data.splits["val"].tolist())
    assert not train & val
    assert train | val == set(range(data.rows))
    assert len(val) == round(data.rows * 0.25)


@pytest.mark.parametrize("source", [name for name in sources.names() if name != "diabetes"])
def test_splits_keep_the_share_of_each_label(source):
    data = load({"source": source})
    labels = data.columns["label"]
    whole = labels.bincount()
    held = labels[data.splits["val"]].bincount(minlength=len(whole))
    assert (held - whole * 0.2).abs().max() <= 1.0


def test_the_seed_decides_the_split():
    first, again, other = (load({"split_seed": seed}).splits["val"] for seed in (3, 3, 4))
    assert first.equal(again)
    assert not first.equal(other)


@pytest.mark.parametrize("source", TABLES)
def test_tables_are_standardised_by_the_training_split_alone(source):
    data = load({"source": source})
    raw = load({"source": source, "standardize": False}).columns["features"]
    train = data.splits["train"]
    scaled = data.columns["features"]
    assert scaled[train].mean(0).abs().max() < 1e-4
    assert (scaled[train].std(0, correction=0) - 1).abs().max() < 1e-4
    expected = (raw - raw[train].mean(0)) / raw[train].std(0, correction=0)
    torch.testing.assert_close(scaled, expected, rtol=1e-3, atol=1e-3)


def test_images_lie_between_nought_and_one():
    images = load({"source": "digits"}).columns["image"]
    assert images.min() == 0
    assert images.max() == 1


@pytest.mark.parametrize("source", TOYS)
def test_toy_sets_take_samples_and_noise(source):
    data = load({"source": source, "samples": 90, "noise": 0.0})
    assert data.columns["point"].shape == (90, 2)
    noisy = load({"source": source, "samples": 90, "noise": 0.3})
    assert not data.columns["point"].equal(noisy.columns["point"])


def test_loading_gives_a_copy_of_its_own():
    load({"source": "iris", "standardize": False}).columns["features"].zero_()
    assert load({"source": "iris", "standardize": False}).columns["features"].abs().sum() > 0


def test_nothing_held_out_means_everything_trains():
    data = load({"source": "iris", "validation": 0})
    assert len(data.splits["val"]) == 0
    assert len(data.splits["train"]) == 150


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"source": "mnist"}, "no built-in dataset called 'mnist'"),
        ({"source": "moons", "samples": 1}, "moons: samples is 1"),
        ({"source": "moons", "samples": "many"}, "moons: samples is 'many'"),
        ({"source": "moons", "noise": -1}, "moons: noise is -1"),
        ({"source": "blobs", "split_seed": -1}, "blobs: split_seed is -1"),
        ({"validation": 1.0}, "held out for validation is 1.0"),
        ({"validation": "half"}, "validation is 'half'"),
    ],
)
def test_what_cannot_be_read_is_named(arguments, words):
    with pytest.raises(DataError, match=words):
        load(arguments)
