"""PyTorch: a loop of one's own with mini-batches and Adam, recorded by the two lines around it.

python recipes/pytorch_moons.py [FOLDER] [--quick]
"""

from __future__ import annotations

import argparse

import numpy as np
import torch
from torch import nn

from backprop_anim import record

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("folder", nargs="?", default="outputs", help="where the film goes")
parser.add_argument("--quick", action="store_true", help="a short training and a small film")
asked = parser.parse_args()
small = {"size": "320x180", "fps": 10, "seconds": 1} if asked.quick else {}


def moons(n: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Two half circles that reach into each other, and which of them each point is of."""
    rng = np.random.default_rng(seed)
    turn, moon = rng.uniform(0, np.pi, n), np.arange(n) % 2
    points = np.column_stack([np.cos(turn) + moon - 0.5, (1 - 2 * moon) * (np.sin(turn) - 0.25)])
    return torch.tensor(points + rng.normal(0, 0.15, (n, 2)), dtype=torch.float32), torch.tensor(moon)


x, y = moons(200, seed=1)
x_test, y_test = moons(100, seed=2)  # never trained on: its loss and its accuracy are in the film too

torch.set_num_threads(1)  # faster for so small a network
torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 2))
loss_of = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

recording = record(
    model,
    x,
    y,
    loss=loss_of,
    optimizer=optimizer,
    x_test=x_test,
    y_test=y_test,
    name="PyTorch_moons",
    names={"inputs": ["x", "y"], "classes": ["upper", "lower"]},
)
with recording:
    for _ in range(5 if asked.quick else 100):
        for rows in torch.randperm(len(x)).split(20):
            optimizer.zero_grad()
            loss_of(model(x[rows]), y[rows]).backward()
            optimizer.step()

print(recording.film(asked.folder, formats=["mp4"], **small))
print(recording.page(asked.folder))
