"""What every room stands on: errors, progress, interruptions, registries of plug-ins, paths, markup, the version.

It knows nothing of networks or pictures, and prints nothing.
"""

from __future__ import annotations

from backprop_anim.common.beside import do_beside, portable_error
from backprop_anim.common.errors import (
    BackpropAnimError,
    DivergedError,
    EncodingError,
    ExperimentError,
    GradientError,
    NotFoundError,
    OutputError,
    Problem,
    RecordingError,
    UsageError,
)
from backprop_anim.common.interruption import (
    Interrupted,
    Interruption,
    children_ignoring_signals,
    ending_on_signal,
    interruptible,
)
from backprop_anim.common.lazy_door import lazy_door
from backprop_anim.common.markup import (
    Markup,
    element,
    markdown_text,
    plain_text,
    policy_hash,
    relative_url,
    url_name,
    url_prefix,
)
from backprop_anim.common.notebook import in_notebook
from backprop_anim.common.numbers import (
    INDICES,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    counted,
    number_in_file,
    number_text,
    size_text,
)
from backprop_anim.common.paths import IN_MEMORY, is_file, is_folder, is_link
from backprop_anim.common.plugin_file import (
    PLUGIN_HINT,
    PluginFile,
    load_plugin_file,
    loaded_plugins,
    use_plugin,
)
from backprop_anim.common.progress import Progress, silent, throttled
from backprop_anim.common.registry import Registry, did_you_mean, import_modules, load_plugins
from backprop_anim.common.stage_bars import StageBars
from backprop_anim.common.version import __version__

__all__ = [
    "INDICES",
    "IN_MEMORY",
    "PLUGIN_HINT",
    "SUBSCRIPTS",
    "SUPERSCRIPTS",
    "BackpropAnimError",
    "DivergedError",
    "EncodingError",
    "ExperimentError",
    "GradientError",
    "Interrupted",
    "Interruption",
    "Markup",
    "NotFoundError",
    "OutputError",
    "PluginFile",
    "Problem",
    "Progress",
    "RecordingError",
    "Registry",
    "StageBars",
    "UsageError",
    "__version__",
    "children_ignoring_signals",
    "counted",
    "did_you_mean",
    "do_beside",
    "element",
    "ending_on_signal",
    "import_modules",
    "in_notebook",
    "interruptible",
    "is_file",
    "is_folder",
    "is_link",
    "lazy_door",
    "load_plugin_file",
    "load_plugins",
    "loaded_plugins",
    "markdown_text",
    "number_in_file",
    "number_text",
    "plain_text",
    "policy_hash",
    "portable_error",
    "relative_url",
    "silent",
    "size_text",
    "throttled",
    "url_name",
    "url_prefix",
    "use_plugin",
]
