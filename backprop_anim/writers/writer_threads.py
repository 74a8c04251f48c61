"""Hands every frame of a film to several writers at once, each in a thread of its own; it encodes nothing."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from backprop_anim.common import EncodingError
from backprop_anim.writers.formats import FilmSpec, Format, Pixels, Writer

__all__ = ["Writers", "open_writers"]

RING_FRAMES = 4
"""How far the drawing may run ahead of the slowest encoder; each is one frame of memory."""


class SharedFrame:
    """A copy of one frame that goes back to its ring when the last reader has released it."""

    def __init__(self, pixels: Pixels, n_readers: int, ring: queue.SimpleQueue[Pixels]) -> None:
        self.pixels = pixels
        self._readers = n_readers
        self._on_timer = ring
        self._lock = threading.Lock()

    def release(self) -> None:
        """Say that one reader needs this frame no longer."""
        with self._lock:
            self._readers -= 1
            if self._readers == 0:
                self._on_timer.put(self.pixels)


class WriterThread:
    """One writer and the thread that feeds it."""

    def __init__(self, path: Path, writer: Writer) -> None:
        self.path = path
        self.error: BaseException | None = None
        self.left_file = False
        self._writer = writer
        self._ended = False
        self._jobs: queue.SimpleQueue[SharedFrame | str] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=f"writer of {path.name}", daemon=True)
        self._thread.start()

    def put(self, frame: SharedFrame) -> None:
        """Queue one frame."""
        self._jobs.put(frame)

    def end(self, how: str) -> None:
        """Queue the end, ``"close"``, ``"finish_early"`` or ``"abort"``; nothing may be put after it."""
        if not self._ended:
            self._ended = True
            self._jobs.put(how)

    def join(self) -> None:
        """Wait until the writer has done all that was queued."""
        self._thread.join()

    def abort(self) -> None:
        """Stop at once and remove what was written."""
        self._writer.abort()  # from here: it wakes a thread that waits for its encoder
        self.end("abort")
        self.join()
        self._writer.abort()  # again, now that nobody writes

    def _work(self) -> None:
        while isinstance(job := self._jobs.get(), SharedFrame):
            try:
                if self.error is None:
                    self._writer.write(job.pixels)
            except BaseException as error:  # noqa: BLE001  # raised again in the drawing thread
                self.error = error
            finally:
                job.release()  # even after a failure, or the drawing thread would wait for ever
        try:
            if self.error is None and job == "close":
                self._writer.close()
                self.left_file = True
            elif self.error is None and job == "finish_early":
                self.left_file = self._writer.finish_early()
        except BaseException as error:  # noqa: BLE001  # as above
            self.error = error


class Writers:
    """The writers of one film, used as one.

    Parameters
    ----------
    film : FilmSpec
        What is coming.
    threads : sequence of WriterThread
        One for each file.
    """

    def __init__(self, film: FilmSpec, threads: Sequence[WriterThread]) -> None:
        self.film = film
        self.n_given = 0
        self._threads = threads
        self._free: queue.SimpleQueue[Pixels] = queue.SimpleQueue()
        for _ in range(RING_FRAMES):
            self._free.put(np.empty(film.shape, np.uint8))

    def write(self, pixels: Pixels) -> None:
        """Hand the next frame, (height, width, 4) RGBA, to every writer; the array may be changed afterwards.

        Waits only while the slowest encoder is `RING_FRAMES` frames behind.

        Raises
        ------
        EncodingError, OutputError
            If one of the writers has failed, or this frame is not one of the film.
        """
        if pixels.shape != self.film.shape or pixels.dtype != np.uint8:
            raise EncodingError(
                f"frame {self.n_given} is {pixels.shape} {pixels.dtype}, "
                f"but the film's frames are {self.film.shape} uint8"
            )
        if not self._threads:
            return
        copy = self._free.get()  # never for long after a failure: see WriterThread._work
        self._raise_first()
        np.copyto(copy, pixels)
        frame = SharedFrame(copy, len(self._threads), self._free)
        for thread in self._threads:
            thread.put(frame)
        self.n_given += 1

    def close(self) -> None:
        """Finish every file, all at the same time; `open_writers` does this at its end.

        Raises
        ------
        EncodingError, OutputError
            If one of the writers fails.
        """
        self._end("close")
        self._raise_first()

    def finish_early(self) -> list[Path]:
        """End the film here, for example because the user interrupts it; return the files that this leaves."""
        self._end("finish_early")
        return [thread.path for thread in self._threads if thread.left_file]

    def abort(self) -> None:
        """Stop every encoder and remove what was not finished by `finish_early`."""
        for thread in self._threads:
            thread.abort()

    def _end(self, how: str) -> None:
        for thread in self._threads:
            thread.end(how)
        for thread in self._threads:
            thread.join()

    def _raise_first(self) -> None:
        for thread in self._threads:
            if thread.error is not None:
                raise thread.error


@contextmanager
def open_writers(outputs: Mapping[Path, Format], film: FilmSpec, samples: Sequence[Pixels]) -> Iterator[Writers]:
    """Open a writer for every path, close them all at the end, or abort them all on an exception.

    Parameters
    ----------
    outputs : mapping of Path to Format
        Where each file is written while it is not whole; renaming it is the caller's business.
    film : FilmSpec
        What is coming.
    samples : sequence of (height, width, 4) uint8
        A few frames drawn beforehand, for a palette.

    Raises
    ------
    NotFoundError
        If there is no ffmpeg.
    EncodingError, OutputError
        If one of the writers fails.
    """
    threads: list[WriterThread] = []
    try:
        for path, file_format in outputs.items():
            threads.append(WriterThread(path, file_format.open(path, film, samples)))
        writers = Writers(film, threads)
        yield writers
        writers.close()
    except BaseException:  # KeyboardInterrupt too: no encoder outlives the film
        for thread in threads:
            thread.abort()
        raise
