"""Operations."""

import torch
from tests.compiler.battery.case import BATCH, IMAGE, SEQUENCE, Case

CASES = [
    Case("Reshape", [IMAGE], {"shape": [8, -1]}, lambda x: x.reshape(BATCH, 8, -1)),
    Case("Reshape", [IMAGE], {"shape": [2, 3, 72]}, lambda x: x.reshape(BATCH, 2, 3, 72)),
    Case("Permute", [IMAGE], {"dims": [0, 2, 3, 1]}, lambda x: x.permute(0, 2, 3, 1)),
    Case("Mean", [IMAGE], {"dim": [2, 3]}, lambda x: x.mean(dim=[2, 3])),
    Case("Mean", [IMAGE], {"dim": [-1], "keepdim": True}, lambda x: x.mean(dim=[-1], keepdim=True)),
    Case("Cast", [IMAGE], {"dtype": "int64"}, lambda x: x.to(torch.int64), gradient=False),
    Case("Add", [IMAGE, IMAGE], {}, lambda *found: sum(found[1:], found[0])),
    Case("Add", [IMAGE, [6, 1, 1], [6, 9, 1]], {}, lambda *found: sum(found[1:], found[0])),
    Case("Multiply", [IMAGE, [1, 9, 8]], {}, lambda x, y: x * y),
    Case("Concatenate", [IMAGE, [2, 9, 8], IMAGE], {"dim": 1}, lambda *found: torch.cat(found, dim=1)),
    Case("Concatenate", [SEQUENCE, SEQUENCE], {"dim": -1}, lambda *found: torch.cat(found, dim=-1)),
]
