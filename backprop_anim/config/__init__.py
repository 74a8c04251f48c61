"""From YAML to a checked experiment, with the place of every mistake; after it nothing reads YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_anim.common import lazy_door

if TYPE_CHECKING:
    from backprop_anim.config.csv_config import NoTargetError, is_table, table_experiment, table_lines
    from backprop_anim.config.dump import dump_experiment, step_settings
    from backprop_anim.config.examples import example_names, example_summary, find_config
    from backprop_anim.config.load import config_text, experiment_from_mapping, load_experiment, read_experiment, revise
    from backprop_anim.config.overrides import Override
    from backprop_anim.config.overview import advice, describe, differences, plugin_label
    from backprop_anim.config.run_names import is_run_name, title_from
    from backprop_anim.config.schema import experiment_schema
    from backprop_anim.config.sweep import Variant, load_variants, read_variants
    from backprop_anim.config.yaml_reader import MAX_BYTES, read_yaml
else:
    __getattr__ = lazy_door(
        __name__,
        {
            "dump": "dump_experiment step_settings",
            "examples": "example_names example_summary find_config",
            "load": "config_text experiment_from_mapping load_experiment read_experiment revise",
            "overrides": "Override",
            "run_names": "is_run_name title_from",
            "overview": "advice describe differences plugin_label",
            "yaml_reader": "MAX_BYTES read_yaml",
            "schema": "experiment_schema",
            "sweep": "Variant load_variants read_variants",
            "csv_config": "NoTargetError is_table table_experiment table_lines",
        },
    )

__all__ = [
    "MAX_BYTES",
    "NoTargetError",
    "Override",
    "Variant",
    "advice",
    "config_text",
    "describe",
    "differences",
    "dump_experiment",
    "example_names",
    "example_summary",
    "experiment_from_mapping",
    "experiment_schema",
    "find_config",
    "is_run_name",
    "is_table",
    "load_experiment",
    "load_variants",
    "plugin_label",
    "read_experiment",
    "read_variants",
    "read_yaml",
    "revise",
    "step_settings",
    "table_experiment",
    "table_lines",
    "title_from",
]
