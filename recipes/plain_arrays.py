"""NumPy alone: backpropagation by hand in fifteen lines, each state handed over as it is.

python recipes/plain_arrays.py [FOLDER] [--quick]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from backprop_anim import Recorder

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("folder", nargs="?", default="outputs", help="where the film goes")
parser.add_argument("--quick", action="store_true", help="a short training and a small film")
asked = parser.parse_args()
small = {"size": "320x180", "fps": 10, "seconds": 1} if asked.quick else {}

rng = np.random.default_rng(3)
x = np.linspace(-1, 1, 40)[:, np.newaxis]
y = np.sin(4 * x) * np.exp(-x) / 2 + rng.normal(0, 0.05, x.shape)

W1, b1 = rng.normal(0, 2, (12, 1)), rng.normal(0, 1, 12)  # a row is a neuron
W2, b2 = rng.normal(0, 0.3, (1, 12)), np.zeros(1)

given = {"activations": ["tanh", "linear"], "loss": "mse", "by": "NumPy"}
names = {"inputs": ["t"], "outputs": ["displacement"]}
recording = Recorder(x, y, **given, name="damped_wave", names=names)
for _ in range(51 if asked.quick else 3_001):  # the first state has no step behind it
    hidden = np.tanh(x @ W1.T + b1)
    error = hidden @ W2.T + b2 - y
    recording.capture([W1, W2], [b1, b2], loss=float(np.mean(error**2)))

    d2 = 2 * error / len(x)  # the slope of the mean squared error at what the last layer sums
    d1 = (d2 @ W2) * (1 - hidden**2)
    W2, b2 = W2 - 0.05 * d2.T @ hidden, b2 - 0.05 * d2.sum(axis=0)
    W1, b1 = W1 - 0.05 * d1.T @ x, b1 - 0.05 * d1.sum(axis=0)

print(recording.film(asked.folder, formats=["mp4"], **small))

# Weights alone, from wherever they come, are one state: a picture, and a page that trains on from there.
one_state = Recorder(x, y, **given, name="trained_weights", names=names)
one_state.capture([W1, W2], [b1, b2])
print(one_state.still(0, Path(asked.folder) / "trained_weights.png", **small))
print(one_state.page(asked.folder))
