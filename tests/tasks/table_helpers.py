"""Data sets from tables, and what is said where there is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from backprop_anim.tasks import Dataset, TaskError
from backprop_anim.tasks.table import TableTask


def build(**options: Any) -> Dataset:
    return TableTask(**options).build(np.random.default_rng(0))


def refused(**options: Any) -> TaskError:
    with pytest.raises(TaskError) as caught:
        build(**options)
    return caught.value
