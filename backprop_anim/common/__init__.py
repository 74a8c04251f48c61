"""What every room stands on: errors, progress, interruptions, registries of plug-ins, paths, markup, the version.

It knows nothing of networks or pictures, and prints nothing.
"""

from __future__ import annotations

from backprop_anim.common.errors import (
    BackpropAnimError,
    DivergedError,
    EncodingError,
    ExperimentError,
    GradientError,
    MissingError,
    OutputError,
    Problem,
    RecordingError,
    UsageError,
)
from backprop_anim.common.interruption import Interrupted, Interruption, deaf_children, listening, stopping
from backprop_anim.common.lazy_door import lazy_door
from backprop_anim.common.markup import Markup, element, markdown_text, plain, relative_url, url_name, url_prefix
from backprop_anim.common.paths import is_file, is_folder, is_link
from backprop_anim.common.progress import Progress, silent, steady
from backprop_anim.common.registry import Registry, did_you_mean, import_modules, load_plugins
from backprop_anim.common.version import __version__

__all__ = [
    "BackpropAnimError",
    "DivergedError",
    "EncodingError",
    "ExperimentError",
    "GradientError",
    "Interrupted",
    "Interruption",
    "Markup",
    "MissingError",
    "OutputError",
    "Problem",
    "Progress",
    "RecordingError",
    "Registry",
    "UsageError",
    "__version__",
    "deaf_children",
    "did_you_mean",
    "element",
    "import_modules",
    "is_file",
    "is_folder",
    "is_link",
    "lazy_door",
    "listening",
    "load_plugins",
    "markdown_text",
    "plain",
    "relative_url",
    "silent",
    "steady",
    "stopping",
    "url_name",
    "url_prefix",
]
