"""PyTorch, Keras and scikit-learn train the same network on the same data, and one film shows them side by side.

All three go by plain gradient descent over all data, with the same rate, and have one output, the probability of the
second class, as scikit-learn has it for two. What differs is where they start: each draws first weights in its own way.

KERAS_BACKEND=torch python recipes/three_frameworks.py [FOLDER] [--quick]
"""

from __future__ import annotations

import argparse

import keras
import numpy as np
import torch
from keras import layers
from sklearn.neural_network import MLPClassifier
from torch import nn

from backprop_anim import RecorderCallback, compare, record, record_fit

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("folder", nargs="?", default="outputs", help="where the film goes")
parser.add_argument("--quick", action="store_true", help="a short training and a small film")
asked = parser.parse_args()
small = {"size": "480x270", "fps": 10, "seconds": 1} if asked.quick else {}
n_steps, rate = 20 if asked.quick else 1_000, 0.5

torch.set_num_threads(1)  # faster for so small a network
rng = np.random.default_rng(1)
turn, moon = rng.uniform(0, np.pi, 150), np.arange(150) % 2
x = np.column_stack([np.cos(turn) + moon - 0.5, (1 - 2 * moon) * (np.sin(turn) - 0.25)])
x = (x + rng.normal(0, 0.15, x.shape)).astype(np.float32)
names = {"inputs": ["x", "y"], "classes": ["upper", "lower"]}


def by_pytorch():
    """Its own loop: each call of `optimizer.step` is a step."""
    torch.manual_seed(0)
    inputs, targets = torch.tensor(x), torch.tensor(moon[:, np.newaxis], dtype=torch.float32)
    model = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    loss_of = nn.BCEWithLogitsLoss()
    with record(model, inputs, targets, loss=loss_of, optimizer=optimizer, name="PyTorch", names=names) as recording:
        for _ in range(n_steps):
            optimizer.zero_grad()
            loss_of(model(inputs), targets).backward()
            optimizer.step()
    return recording


def by_keras():
    """Here a batch is all data, so each epoch is a step."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((2,)), layers.Dense(8, "tanh"), layers.Dense(1, "sigmoid")])
    model.compile(optimizer=keras.optimizers.SGD(rate), loss="binary_crossentropy")
    recording = RecorderCallback(x, moon, name="Keras", names=names)
    model.fit(x, moon, batch_size=len(x), epochs=n_steps, callbacks=[recording], verbose=0)
    return recording


def by_sklearn():
    """Its `fit` without momentum, decay and an early end; it warns of having made all steps."""
    network = MLPClassifier((8,), activation="tanh", solver="sgd", momentum=0, alpha=0, batch_size=len(x))
    network.set_params(learning_rate_init=rate, max_iter=n_steps, n_iter_no_change=n_steps, random_state=0)
    return record_fit(network, x, moon, name="scikit-learn", names=names)


three = [by_pytorch(), by_keras(), by_sklearn()]
print(compare(three, name="three-frameworks", folder=asked.folder, formats=["mp4"], **small))
