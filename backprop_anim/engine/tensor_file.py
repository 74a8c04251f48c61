"""Arrays out of .safetensors files, as PyTorch and others write them; their reader is a package of its own."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backprop_anim.common import NotFoundError, RecordingError
from backprop_anim.engine.npz_file import DAMAGE

__all__ = ["TENSOR_SUFFIX", "read_tensors"]

TENSOR_SUFFIX = ".safetensors"

NUMBERS = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1"}
NUMBERS |= {"U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1"}


def read_tensors(path: Path, what: str, most_bytes: int) -> dict[str, NDArray[Any]]:
    """Return the arrays of a .safetensors file by name; bfloat16 becomes float32, which holds it exactly.

    Parameters
    ----------
    path : Path
    what : str
        What the file should be, as a message calls it.
    most_bytes : int
        A larger file is not read.

    Raises
    ------
    NotFoundError
        If the package that reads such files is missing.
    RecordingError
        If there is no such file, or it holds anything but arrays of numbers.
    """
    try:
        from safetensors import SafetensorError, deserialize
    except ImportError:
        raise NotFoundError(f"{path.name} needs safetensors: pip install 'backprop-anim[safetensors]'") from None
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > most_bytes:
            raise RecordingError(f"{path} is not {what}: it is no file, or has more than {most_bytes:,} bytes")
        return {name: _array(path, name, tensor) for name, tensor in deserialize(path.read_bytes())}
    except FileNotFoundError:
        raise RecordingError(f"there is no file {path}") from None
    except (SafetensorError, *DAMAGE) as error:
        raise RecordingError(f"{path} is not {what} ({str(error) or type(error).__name__})") from None


def _array(path: Path, name: str, tensor: dict[str, Any]) -> NDArray[Any]:
    kind, data, shape = tensor["dtype"], tensor["data"], tuple(tensor["shape"])
    if kind == "BF16":  # the upper half of a float32
        return (np.frombuffer(data, "<u2").astype(np.uint32) << 16).view(np.float32).reshape(shape)
    if kind not in NUMBERS:
        raise RecordingError(f"{path}: {name} holds {kind}; save it as float32, as with model.float()")
    return np.frombuffer(data, NUMBERS[kind]).reshape(shape)
