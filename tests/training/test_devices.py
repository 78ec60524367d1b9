import pytest
import torch

from netloom.errors import TrainingError
from netloom.training import devices


def test_auto_takes_the_best_and_says_why():
    device, reason = devices.choose("auto")
    assert device.type == devices.available()[0][0].split(":")[0]
    assert reason.startswith(device.type)
    if device.type == "cpu":
        assert reason == "cpu: no GPU was found"


def test_a_chosen_device_is_taken():
    assert devices.choose("cpu") == (torch.device("cpu"), "cpu: chosen in the settings")


def test_an_unknown_device_is_refused_with_those_there_are():
    with pytest.raises(TrainingError, match=r"no device 'abacus'. It has .*cpu"):
        devices.choose("abacus")


def test_small_steps_take_one_thread():
    assert devices.thread_count(1000) == 1
    assert devices.thread_count(10**12) >= 1


def test_threads_are_given_back():
    before = torch.get_num_threads()
    with devices.threads(before + 1):
        assert torch.get_num_threads() == before + 1
    assert torch.get_num_threads() == before
