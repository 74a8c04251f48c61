"""JAX: a network and its training by hand, recorded by handing over the arrays of each state.

python recipes/jax_curve.py [FOLDER] [--quick]
"""

from __future__ import annotations

import argparse

import jax
import jax.numpy as jnp

from backprop_anim import Recorder

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("folder", nargs="?", default="outputs", help="where the film goes")
parser.add_argument("--quick", action="store_true", help="a short training and a small film")
asked = parser.parse_args()
small = {"size": "320x180", "fps": 10, "seconds": 1} if asked.quick else {}

jax.config.update("jax_enable_x64", True)

t = jnp.linspace(-1, 1, 100)[:, jnp.newaxis]
turn = jnp.pi * t
curve = 0.7 * jnp.hstack([jnp.sin(turn), jnp.sin(2 * turn)])  # a closed curve: it ends where it begins

keys = jax.random.split(jax.random.key(0), 4)
parameters = {
    "W1": 2 * jax.random.normal(keys[0], (16, 1)),  # a row is a neuron, as in a film
    "b1": jax.random.normal(keys[1], (16,)),
    "W2": 0.1 * jax.random.normal(keys[2], (2, 16)),
    "b2": jnp.zeros(2),
}


def network(p: dict[str, jax.Array], inputs: jax.Array) -> jax.Array:
    """Return the points of the curve at `inputs`, shape (N, 2)."""
    return jnp.tanh(inputs @ p["W1"].T + p["b1"]) @ p["W2"].T + p["b2"]


def loss_of(p: dict[str, jax.Array]) -> jax.Array:
    """Return the squared error, summed over both coordinates and averaged over the points."""
    return jnp.mean(jnp.sum((network(p, t) - curve) ** 2, axis=1))


@jax.jit
def updated(p: dict[str, jax.Array], rate: float) -> tuple[jax.Array, dict[str, jax.Array]]:
    """Return the loss before a step of plain gradient descent, and the parameters after it."""
    loss, slopes = jax.value_and_grad(loss_of)(p)
    return loss, {name: array - rate * slopes[name] for name, array in p.items()}


names = {"inputs": ["t"], "outputs": ["x", "y"]}
recording = Recorder(t, curve, activations="tanh", loss="mse", by="JAX", name="closed_curve", names=names)
for _ in range(51 if asked.quick else 20_001):  # the first state has no step behind it
    p = parameters
    loss, parameters = updated(p, 0.1)
    recording.capture([p["W1"], p["W2"]], [p["b1"], p["b2"]], loss=float(loss))

print(recording.film(asked.folder, formats=["mp4"], **small))
