"""Encoders that fail in every way, and what is then left: an error with their last words, and nothing else."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from film_helpers import FILM, FILMS, draw, samples, write

from backprop_anim.common.errors import EncodingError, NotFoundError, OutputError
from backprop_anim.writers import FilmSpec, formats, open_writers
from backprop_anim.writers.encoder_pipe import EncoderPipe

Install = Callable[[str], Path]
VIDEO = ["mp4", "webm", "gif", "webp"]
LONG = FilmSpec(640, 360, 30, 200)  # more than the pipe and the ring can hold

FAILURES = {
    "at the start": ("echo 'Unknown encoder libx264' >&2; exit 1", "ended with status 1.*Unknown encoder libx264"),
    "in the middle": ("head -c 2000000 >/dev/null; echo 'boom' >&2; exit 3", "ended with status 3.*boom"),
    "at the end": ("cat >/dev/null; echo 'frame=200'>&2; echo 'muxing failed' >&2; exit 1", "status 1.*muxing failed"),
    "by a signal": ("head -c 2000000 >/dev/null; kill -9 $$", "was killed by SIGKILL"),
    "without a word": ("cat >/dev/null; exit 0", "encoded 0 of the 200 frames|left no file"),
    "before it reads": ("exit 0", "ended with status 0|left no file"),
}


@pytest.mark.parametrize("name", VIDEO)
@pytest.mark.parametrize("how", FAILURES)
def test_a_failing_encoder_is_an_error_with_its_last_words(
    name: str, how: str, fake_ffmpeg: Install, tmp_path: Path
) -> None:
    script, message = FAILURES[how]
    fake_ffmpeg(script)
    frame = np.zeros(LONG.shape, np.uint8)
    with (  # noqa: PT012
        pytest.raises(EncodingError, match=f"(?s)^{name}.*({message})"),
        open_writers({tmp_path / "film": formats[name]()}, LONG, [frame]) as writers,
    ):
        for _ in range(LONG.n_frames):
            writers.write(frame)
    assert list(tmp_path.iterdir()) == []


def test_frames_that_ffmpeg_lost_are_noticed(fake_ffmpeg: Install, tmp_path: Path) -> None:
    fake_ffmpeg('cat >/dev/null; for last; do :; done; echo video > "$last"; echo frame=7 >&2')
    with pytest.raises(EncodingError, match="ffmpeg encoded 7 of the 30 frames it was given"):
        write(tmp_path / "film.mp4", formats["mp4"]())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", VIDEO)
def test_a_success_without_a_file_is_noticed(name: str, fake_ffmpeg: Install, tmp_path: Path) -> None:
    fake_ffmpeg("cat >/dev/null; echo frame=30 >&2")
    with pytest.raises(EncodingError, match="reported success but left no file"):
        write(tmp_path / "film", formats[name]())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", ["No space left on device", "File too large", "Disk quota exceeded"])
def test_a_disk_that_ffmpeg_calls_full_is_not_an_encoding_error(
    words: str, fake_ffmpeg: Install, tmp_path: Path
) -> None:
    fake_ffmpeg(f"cat >/dev/null; echo 'av_interleaved_write_frame(): {words}' >&2; exit 228")
    with pytest.raises(OutputError, match=f"(?s)full.*{words}"):
        write(tmp_path / "film.mp4", formats["mp4"]())
    assert list(tmp_path.iterdir()) == []


def test_the_error_comes_with_one_of_the_next_frames(fake_ffmpeg: Install, tmp_path: Path) -> None:
    fake_ffmpeg("head -c 2000000 >/dev/null; exit 3")
    frame = np.zeros(LONG.shape, np.uint8)
    given = 0
    with pytest.raises(EncodingError), open_writers({tmp_path / "film": formats["mp4"]()}, LONG, []) as writers:  # noqa: PT012
        for _ in range(LONG.n_frames):
            writers.write(frame)
            given += 1
    assert given < 20


def test_one_failure_ends_the_others_too(tmp_path: Path) -> None:
    (tmp_path / "missing").touch()
    outputs = {
        tmp_path / "film.mp4": formats["mp4"](),
        tmp_path / "film.gif": formats["gif"](),
        tmp_path / "missing" / "film.png": formats["png"](),
    }
    with pytest.raises(OutputError, match=r"film\.png could not be written: Not a directory"):
        write_all(outputs)
    assert [file.name for file in tmp_path.iterdir()] == ["missing"]


def write_all(outputs: dict[Path, object]) -> None:
    with open_writers(outputs, FILM, samples(FILM)) as writers:  # type: ignore[arg-type]
        for index in range(FILM.n_frames):
            writers.write(draw(FILM, index))


def test_many_formats_take_one_drawing(tmp_path: Path) -> None:
    outputs = {tmp_path / f"film{formats[name].suffix}": formats[name]() for name in ("mp4", "gif", "png")}
    write_all(outputs)
    assert sorted(tmp_path.iterdir()) == sorted(outputs)


def test_no_formats_are_fine() -> None:
    write_all({})


@pytest.mark.parametrize("exe", ["/nowhere/ffmpeg", __file__])
@pytest.mark.parametrize("name", VIDEO)
def test_a_missing_ffmpeg_is_said_with_the_remedy(
    name: str, exe: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", exe)
    with pytest.raises(NotFoundError, match=r"(?s)ffmpeg could not be started.*pip install.*IMAGEIO_FFMPEG_EXE"):
        write(tmp_path / "film", formats[name]())
    assert list(tmp_path.iterdir()) == []


def test_no_ffmpeg_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import imageio_ffmpeg

    def none() -> str:
        raise RuntimeError("No ffmpeg exe could be found.")

    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", none)
    with pytest.raises(NotFoundError, match="No ffmpeg exe could be found"):
        formats["mp4"]().open(tmp_path / "film", FILM, [])


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, RuntimeError])
def test_an_interruption_leaves_nothing(interruption: type[BaseException], tmp_path: Path) -> None:
    outputs = {tmp_path / name: formats[name]() for name in FILMS}
    with pytest.raises(interruption), open_writers(outputs, FILM, samples(FILM)) as writers:  # noqa: PT012
        for index in range(10):
            writers.write(draw(FILM, index))
        raise interruption
    assert list(tmp_path.iterdir()) == []


def test_an_encoder_that_hangs_can_be_aborted(fake_ffmpeg: Install, tmp_path: Path) -> None:
    fake_ffmpeg("sleep 60")  # a child of the script, which must go too
    frame = np.zeros(LONG.shape, np.uint8)
    begin = time.monotonic()
    with (  # noqa: PT012
        pytest.raises(KeyboardInterrupt),
        open_writers({tmp_path / "film": formats["mp4"]()}, LONG, []) as writers,
    ):
        for _ in range(4):  # the ring is full, the thread waits for the pipe
            writers.write(frame)
        raise KeyboardInterrupt
    assert time.monotonic() - begin < 3
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", FILMS)
def test_abort_after_the_end_and_twice_is_fine(name: str, tmp_path: Path) -> None:
    film = replace(FILM, n_frames=1)
    writer = formats[name]().open(tmp_path / "film", film, samples(film))
    writer.write(draw(film, 0))
    writer.close()
    writer.abort()
    writer.abort()
    assert list(tmp_path.iterdir()) == []


def test_no_process_starts_after_a_kill(fake_ffmpeg: Install, tmp_path: Path) -> None:
    fake_ffmpeg(f"touch {tmp_path}/started; exit 0")
    ffmpeg = EncoderPipe("mp4")
    ffmpeg.kill()
    with pytest.raises(EncodingError, match="mp4: aborted"):
        ffmpeg.run("-version")
    assert list(tmp_path.iterdir()) == []


def test_nothing_works_after_an_abort(tmp_path: Path) -> None:
    writer = formats["mp4"]().open(tmp_path / "film", replace(FILM, n_frames=1), [])
    writer.abort()
    for attempt in (lambda: writer.write(draw(FILM, 0)), writer.close):
        with pytest.raises(EncodingError):
            attempt()
    assert list(tmp_path.iterdir()) == []


def test_a_killed_encoder_leaves_a_film_that_plays(tmp_path: Path) -> None:
    from film_helpers import decode

    film = replace(FILM, n_frames=400)
    writer = formats["mp4"]().open(tmp_path / "film.mp4", film, [])
    noise = np.random.default_rng(0).integers(0, 256, (8, *film.shape), dtype=np.uint8)
    for index in range(300):
        writer.write(noise[index % 8])
    writer.ffmpeg._process.kill()  # type: ignore[attr-defined]
    writer.ffmpeg._process.wait()  # type: ignore[attr-defined]
    (left,) = tmp_path.iterdir()
    assert len(decode(left)) > 60
    writer.abort()


FULL_DISK = """
import resource, signal, sys
import numpy as np
from pathlib import Path
from backprop_anim.common.errors import OutputError
from backprop_anim.writers import FilmSpec, formats, open_writers

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
folder, name = Path(sys.argv[1]), sys.argv[2]
film = FilmSpec(192, 108, 30, 40)
noise = np.random.default_rng(0).integers(0, 256, (40, *film.shape), dtype=np.uint8)
try:
    with open_writers({folder / "film": formats[name]()}, film, noise[:2]) as writers:
        for frame in noise:
            writers.write(frame)
except OutputError as error:
    print(error)
    sys.exit(50 if list(folder.iterdir()) == [] else 51)
"""


@pytest.mark.parametrize("name", FILMS)
def test_a_full_disk_is_said_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, tmp_path, name], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 50, done.stdout + done.stderr
    assert "File too large" in done.stdout or "full" in done.stdout
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 20_000
