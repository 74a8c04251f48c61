"""The families of data sets, one file each; a task knows nothing of networks or pictures."""

from __future__ import annotations

from backprop_anim.common import import_modules
from backprop_anim.tasks.dataset import Dataset, DatasetKind, Names, Task, TaskError, files_of, tasks
from backprop_anim.tasks.naming import renamed

__all__ = ["Dataset", "DatasetKind", "Names", "Task", "TaskError", "files_of", "renamed", "tasks"]

import_modules(__name__)
