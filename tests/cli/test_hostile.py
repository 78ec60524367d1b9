"""Documents as an enemy would write them, given to the commands: an exit code and a line, never a traceback."""

import random
from pathlib import Path

import pytest
from tests.compiler.hostile import mutated

COMMANDS = (("check",), ("check", "--json"), ("code",), ("code", "--script"), ("export", "-o", "m.safetensors"))


@pytest.mark.parametrize("part", range(5))
@pytest.mark.filterwarnings("ignore")
def test_a_mutated_file_is_done_or_refused_in_words(run, part: int) -> None:
    codes = set()
    for seed in range(part * 30, part * 30 + 30):
        Path("a.loom").write_bytes(mutated(random.Random(seed)))
        for command, *rest in COMMANDS:
            done = run(command, "a.loom", *rest)
            codes.add(done.code)
            assert done.code in (0, 1), seed
            assert "Traceback" not in done.out + done.err, seed
            assert "unexpected error" not in done.err, seed
            assert done.err.replace("\n", "").isprintable(), seed
            assert done.err.count("\n") <= 2, seed
    assert codes == {0, 1}
