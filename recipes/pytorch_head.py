"""PyTorch: a small convolutional net on handwritten digits, of which the dense layers at its end are recorded.

Only lines of dense layers can be recorded, so what is recorded is the head, with the numbers that it is given. Those
must stay the same from step to step, or the film would show answers to inputs that the head no longer gets. So the net
is trained whole first, which nobody records; then its convolutions are frozen, their features are worked out once, and
a new head learns from them while it is recorded.

python recipes/pytorch_head.py [FOLDER] [--quick]
"""

from __future__ import annotations

import argparse

import torch
from sklearn.datasets import load_digits
from torch import nn

from backprop_anim import record

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("folder", nargs="?", default="outputs", help="where the film goes")
parser.add_argument("--quick", action="store_true", help="a short training and a small film")
asked = parser.parse_args()
small = {"size": "320x180", "fps": 10, "seconds": 1} if asked.quick else {}


class Reader(nn.Module):
    """Two convolutions find six features of a digit, and the head says which digit has them."""

    def __init__(self) -> None:
        super().__init__()
        maps = [nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Conv2d(8, 6, 3), nn.ReLU()]
        self.features = nn.Sequential(*maps, nn.AvgPool2d(4), nn.Flatten())
        self.head = nn.Sequential(nn.Linear(6, 10), nn.Tanh(), nn.Linear(10, 3))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return a number for each digit, images (N, 1, 8, 8)."""
        return self.head(self.features(images))


def train(part: nn.Module, inputs: torch.Tensor, rate: float, n_steps: int) -> None:
    """Train what `part` holds, on all rows at once."""
    optimizer = torch.optim.Adam(part.parameters(), lr=rate)
    for _ in range(n_steps):
        optimizer.zero_grad()
        nn.functional.cross_entropy(part(inputs), digits).backward()
        optimizer.step()


pixels, labels = load_digits(n_class=3, return_X_y=True)
images = torch.tensor(pixels[:200] / 16, dtype=torch.float32).reshape(-1, 1, 8, 8)
digits = torch.tensor(labels[:200])

torch.set_num_threads(1)  # faster for so small a network
torch.manual_seed(0)
model = Reader()
train(model, images, 0.01, 10 if asked.quick else 200)

model.features.requires_grad_(False)
features = model.features(images)  # what the head is given from now on, for each image the same at every step
for layer in (model.head[0], model.head[2]):
    layer.reset_parameters()

names = {"inputs": [f"map {k}" for k in range(1, 7)], "classes": ["zero", "one", "two"]}
with record(model.head, features, digits, loss="cross_entropy", name="PyTorch_digits", names=names) as recording:
    train(model.head, features, 0.02, 20 if asked.quick else 200)

print(recording.film(asked.folder, formats=["mp4"], **small))
