"""Two towers for recommending, after Covington, Adams and Sargin (2016) and Yi and others (2019)."""

from torch import Tensor, nn


class Tower(nn.Sequential):
    def __init__(self, count: int) -> None:
        super().__init__(nn.Embedding(count, 64), nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 32))


class TwoTower(nn.Module):
    def __init__(self, users: int = 6040, items: int = 3706) -> None:
        super().__init__()
        self.user_tower = Tower(users)
        self.item_tower = Tower(items)

    def forward(self, user: Tensor, item: Tensor) -> Tensor:
        return (self.user_tower(user) * self.item_tower(item)).sum(-1)
