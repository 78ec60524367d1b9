import os

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


@pytest.mark.parametrize(
    ("macs", "wanted", "cores", "count"),
    [(1000, 8, 8, 1), (10**12, 8, 8, 7), (10**12, 4, 8, 4), (10**12, 1, 8, 1), (10**12, 2, 2, 1), (10**12, 1, 1, 1)],
)
def test_small_steps_take_one_thread_and_large_ones_leave_a_core(monkeypatch, macs, wanted, cores, count):
    monkeypatch.setattr(devices, "cores", lambda: cores)
    with devices.threads(wanted):
        assert devices.thread_count(macs) == count


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system pins no process")
def test_cores_are_those_that_the_process_may_use():
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert devices.cores() == 1
    finally:
        os.sched_setaffinity(0, before)
    assert devices.available()[-1] == ("cpu", f"CPU, {len(before)} cores")


def test_threads_are_given_back():
    before = torch.get_num_threads()
    with devices.threads(before + 1):
        assert torch.get_num_threads() == before + 1
    assert torch.get_num_threads() == before
