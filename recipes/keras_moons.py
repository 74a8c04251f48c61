"""Keras: a callback records what `fit` trains, and takes loss, optimizer and validation data from the compiled model.

KERAS_BACKEND=jax python recipes/keras_moons.py [FOLDER] [--quick]
"""

from __future__ import annotations

import argparse

import keras
import numpy as np
from keras import layers

from backprop_anim import RecorderCallback

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("folder", nargs="?", default="outputs", help="where the film goes")
parser.add_argument("--quick", action="store_true", help="a short training and a small film")
asked = parser.parse_args()
small = {"size": "320x180", "fps": 10, "seconds": 1} if asked.quick else {}


def moons(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Two half circles that reach into each other, and which of them each point is of."""
    rng = np.random.default_rng(seed)
    turn, moon = rng.uniform(0, np.pi, n), np.arange(n) % 2
    points = np.column_stack([np.cos(turn) + moon - 0.5, (1 - 2 * moon) * (np.sin(turn) - 0.25)])
    return (points + rng.normal(0, 0.15, (n, 2))).astype(np.float32), moon


x, y = moons(200, seed=1)

keras.utils.set_random_seed(0)
model = keras.Sequential([keras.Input((2,)), layers.Dense(10, "relu"), layers.Dense(1, "sigmoid")])
model.compile(optimizer=keras.optimizers.Adam(0.02), loss="binary_crossentropy")

recording = RecorderCallback(x, y, name="Keras_moons", names={"inputs": ["x", "y"], "classes": ["upper", "lower"]})
model.fit(
    x,
    y,
    batch_size=20,
    epochs=5 if asked.quick else 60,
    validation_data=moons(100, seed=2),
    callbacks=[recording],
    verbose=0,
)

print(recording.film(asked.folder, formats=["mp4"], **small))
print(recording.explain(0, asked.folder, formats=["mp4"], **small))  # the first step, told in slow motion
