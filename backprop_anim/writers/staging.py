"""Keeps files under temporary names until the whole set is ready; it never looks into them."""

from __future__ import annotations

import contextlib
import importlib.util
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from backprop_anim.common import OutputError

__all__ = ["Staging", "partial_name"]

PREFIX = ".unfinished-"
LOCK, ALONE = ".lock", ".lock-alone"
EMPTY_NS = 60 * 10**9
"""A hidden folder that is empty for longer has no lock still to come."""


def partial_name(name: str) -> str:
    """Return what the unfinished file `name` is called: ``heart.mp4`` → ``heart.partial.mp4``."""
    path = Path(name)
    return f"{path.stem}.partial{path.suffix}"


class Staging:
    """A hidden folder inside an output folder, from which finished files move to their names.

    It goes when the ``with`` block ends, however that ends; what a killed process left goes at the next start.

    Parameters
    ----------
    folder : Path
        Where the files will be; it is made if it is not there.
    alone : bool
        Whether nobody else may put files together there at the same time: those of two runs would be mixed.

    Raises
    ------
    OutputError
        On entry, if nothing can be written there, or somebody else is at it.

    Examples
    --------
    >>> with Staging(folder) as staging:
    ...     with staging.writing("heart.mp4") as path:
    ...         path.write_bytes(film)
    ...     staging.commit()
    """

    def __init__(self, folder: Path, alone: bool = False) -> None:
        self.folder = folder
        self._alone, self._is_new = alone, False
        self._hidden = folder
        self._lock: IO[bytes] | None = None
        self._names: dict[str, Path] = {}

    def __enter__(self) -> Self:
        try:
            with _refused(self.folder):
                self._is_new = not self.folder.exists()
                self.folder.mkdir(parents=True, exist_ok=True)
                _remove_stale(self.folder)
                # In the same folder, and so on the same disk: there a rename is one step.
                self._hidden = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{time.time_ns()}-", dir=self.folder))
                self._lock = (self._hidden / (ALONE if self._alone else LOCK)).open("wb")
                _try_lock(self._lock)
            if self._alone:
                self._acquire_lock()
        except BaseException:  # an interruption too
            self.__exit__(None, None, None)
            raise
        return self

    def _acquire_lock(self) -> None:
        """Give way to a run into the same folder that began before; the hidden folders' names hold the times."""
        for other in self.folder.glob(f"{PREFIX}*/{ALONE}"):
            with contextlib.suppress(FileNotFoundError), other.open("rb") as file:
                if other.parent.name < self._hidden.name and _is_locked(file):
                    raise OutputError(
                        f"another run is being written to {self.folder}: wait for it, or use another folder"
                    )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._lock is not None:
            self._lock.close()
        if self._hidden != self.folder:
            shutil.rmtree(self._hidden, ignore_errors=True)
        if self._is_new:
            with contextlib.suppress(OSError):
                self.folder.rmdir()  # which it does only if nothing came into it

    def path(self, final_name: str) -> Path:
        """Return where to write the file, or the folder, that will be called `final_name`."""
        return self._names.setdefault(final_name, self._hidden / final_name)

    @contextmanager
    def writing(self, final_name: str) -> Iterator[Path]:
        """Give `path` for a while in which whatever the disk refuses is an `OutputError` that names the file."""
        with _refused(self.folder / final_name):
            yield self.path(final_name)

    def current_path(self, final_name: str) -> Path:
        """Return where a file stands now: among those to be moved, or already in its place."""
        return self._names.get(final_name, self.folder / final_name)

    def commit(self) -> list[Path]:
        """Give every file its final name and return these; each is the old file or the whole new one.

        Raises
        ------
        OutputError
            If a file was not written, or cannot be put in its place.
        """
        for name, path in self._names.items():
            if not path.exists():
                raise OutputError(f"cannot write {self.folder / name}: it was not made")
        moved = [self._move(path, name) for name, path in self._names.items()]
        self._names.clear()
        return moved

    def keep_partial(self, final_name: str) -> Path | None:
        """Keep an unfinished file as ``<stem>.partial<suffix>``; return that, or None if there is no such file."""
        path = self._hidden / final_name
        self._names.pop(final_name, None)
        return self._move(path, partial_name(final_name)) if path.exists() else None

    def _move(self, path: Path, name: str) -> Path:
        final = self.folder / name
        with _refused(final):
            if final.is_dir() and not final.is_symlink():
                _replace_folder(path, final, self._hidden / f"{name}.old")
            else:
                path.replace(final)
        return final


def _replace_folder(path: Path, final: Path, aside: Path) -> None:
    """Rename `path` to `final`, a folder that is there: no system does that in one step."""
    final.rename(aside)
    try:
        path.replace(final)
    except BaseException:  # an interruption too
        if not final.exists():
            aside.rename(final)
        raise


def _try_lock(file: IO[bytes]) -> bool:
    """Return whether this process has locked `file`; the lock goes with the process."""
    with contextlib.suppress(ImportError, OSError):
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _is_locked(file: IO[bytes]) -> bool:
    """Return whether another process has locked `file`; where files cannot be locked, nobody has."""
    return importlib.util.find_spec("fcntl") is not None and not _try_lock(file)


def _remove_stale(folder: Path) -> None:
    """Remove the hidden folders of processes that are no more."""
    for left in folder.glob(f"{PREFIX}*/{LOCK}*"):
        with contextlib.suppress(OSError), left.open("rb") as file:
            if _try_lock(file):
                shutil.rmtree(left.parent, ignore_errors=True)
    for left in folder.glob(f"{PREFIX}*"):
        began_ns = left.name.removeprefix(PREFIX).partition("-")[0]
        if began_ns.isdecimal() and time.time_ns() - int(began_ns) > EMPTY_NS:
            with contextlib.suppress(OSError):
                left.rmdir()  # only an empty one goes: `folder` could not be written when its process ended


@contextmanager
def _refused(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error
