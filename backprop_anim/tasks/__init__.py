"""The families of data sets, one file each; a task knows nothing of networks or pictures."""

from __future__ import annotations

from backprop_anim.common import import_modules
from backprop_anim.tasks.array_file import ArrayTask, check_samples, rewritten, write_arrays
from backprop_anim.tasks.dataset import (
    Dataset,
    DatasetKind,
    Names,
    Task,
    TaskError,
    file_options,
    files_of,
    pixel_middles,
    tasks,
)
from backprop_anim.tasks.dataset_building import build_dataset
from backprop_anim.tasks.features import Features
from backprop_anim.tasks.input_columns import InputColumn
from backprop_anim.tasks.naming import renamed
from backprop_anim.tasks.normalizing import GivenUnits
from backprop_anim.tasks.raw_table import RawTable
from backprop_anim.tasks.table_cells import date_text
from backprop_anim.tasks.table_column import Column, DataSource
from backprop_anim.tasks.table_dialect import ReadOptions
from backprop_anim.tasks.table_reading import file_table
from backprop_anim.tasks.table_report import ColumnReport, ColumnSummary, table_report
from backprop_anim.tasks.units import Units

__all__ = [
    "ArrayTask",
    "Column",
    "ColumnReport",
    "ColumnSummary",
    "DataSource",
    "Dataset",
    "DatasetKind",
    "Features",
    "GivenUnits",
    "InputColumn",
    "Names",
    "RawTable",
    "ReadOptions",
    "Task",
    "TaskError",
    "Units",
    "build_dataset",
    "check_samples",
    "date_text",
    "file_options",
    "file_table",
    "files_of",
    "pixel_middles",
    "renamed",
    "rewritten",
    "table_report",
    "tasks",
    "write_arrays",
]

import_modules(__name__)
