"""The measurement of this machine's speed."""

import dataclasses
import time

import torch

from netloom.training.calibrate import measure


def test_a_machine_is_measured_quickly_and_leaves_no_trace():
    measure()
    before = torch.get_rng_state()
    began = time.perf_counter()
    found = dataclasses.asdict(measure())
    assert time.perf_counter() - began < 5
    assert torch.get_rng_state().equal(before)
    assert found["macs_per_second"] > 1e7
    assert found["convolved_per_second"] > 1e7
    assert found["bytes_per_second"] > 1e7
    assert 0 < found["seconds_per_call"] < found["seconds_per_step"] < 1
