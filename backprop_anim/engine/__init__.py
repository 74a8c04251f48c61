"""Networks, losses, optimizers and their gradients, in NumPy alone; it knows neither experiments nor pictures."""

from __future__ import annotations

import backprop_anim.engine.rectifiers
import backprop_anim.engine.robust_losses  # noqa: F401 - it registers mae and huber
from backprop_anim.engine.activations import Activation, Elementwise, activations
from backprop_anim.engine.backprop import Backprop
from backprop_anim.engine.batches import BatchOrder, BatchStream, Cyclic, batch_orders
from backprop_anim.engine.gradcheck import TOLERANCE, GradientCheck, check_gradients
from backprop_anim.engine.initializers import FromFile, Given, Initializer, Xavier, initializers
from backprop_anim.engine.loss_telling import LossTelling
from backprop_anim.engine.losses import Loss, MeanSquaredError, losses
from backprop_anim.engine.network import Network, decided_classes
from backprop_anim.engine.npz_file import DAMAGE, read_arrays
from backprop_anim.engine.optimizers import GradientDescent, Optimizer, optimizers
from backprop_anim.engine.parameters import Layout
from backprop_anim.engine.penalty import Penalty
from backprop_anim.engine.schedules import Constant, LearningRateSchedule, learning_rate_schedules
from backprop_anim.engine.types import Array, Rows
from backprop_anim.engine.weights import read_weights, write_weights

__all__ = [
    "DAMAGE",
    "TOLERANCE",
    "Activation",
    "Array",
    "Backprop",
    "BatchOrder",
    "BatchStream",
    "Constant",
    "Cyclic",
    "Elementwise",
    "FromFile",
    "Given",
    "GradientCheck",
    "GradientDescent",
    "Initializer",
    "Layout",
    "LearningRateSchedule",
    "Loss",
    "LossTelling",
    "MeanSquaredError",
    "Network",
    "Optimizer",
    "Penalty",
    "Rows",
    "Xavier",
    "activations",
    "batch_orders",
    "check_gradients",
    "decided_classes",
    "initializers",
    "learning_rate_schedules",
    "losses",
    "optimizers",
    "read_arrays",
    "read_weights",
    "write_weights",
]
