"""The recipes are run as a user runs them, made small, and leave films that play."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from imageio_ffmpeg import count_frames_and_secs

RECIPES = Path(__file__).parents[2] / "recipes"
PACKAGES = {"torch": "PyTorch", "keras": "Keras", "jax": "JAX", "sklearn": "scikit-learn"}

SCRIPTS: dict[str, tuple[list[str], list[str]]] = {
    "jax_curve": (["jax"], ["closed_curve/closed_curve.mp4"]),
    "keras_moons": (["keras"], ["Keras_moons/Keras_moons.mp4", "Keras_moons-step-0/Keras_moons-step-0.mp4"]),
    "plain_arrays": ([], ["damped_wave/damped_wave.mp4", "trained_weights.png", "trained_weights.html"]),
    "pytorch_head": (["torch", "sklearn"], ["PyTorch_digits/PyTorch_digits.mp4"]),
    "pytorch_moons": (["torch"], ["PyTorch_moons/PyTorch_moons.mp4", "PyTorch_moons.html"]),
    "sklearn_iris": (["sklearn"], ["iris/iris.mp4"]),
    "three_frameworks": (["torch", "keras", "sklearn"], ["three-frameworks/three-frameworks.mp4"]),
}


def test_every_recipe_is_run_here_and_told_in_the_table() -> None:
    assert {path.stem for path in RECIPES.glob("*.py")} == set(SCRIPTS)
    table = (RECIPES / "README.md").read_text(encoding="utf-8")
    assert all(f"[{path.name}]({path.name})" in table for path in [*RECIPES.glob("*.py"), *RECIPES.glob("*.ipynb")])


@pytest.mark.parametrize(
    "script",
    [pytest.param(name, marks=[pytest.mark.frameworks] if needed else []) for name, (needed, _) in SCRIPTS.items()],
)
def test_a_recipe_makes_what_it_says(script: str, tmp_path: Path) -> None:
    needed, files = SCRIPTS[script]
    if missing := [PACKAGES[package] for package in needed if find_spec(package) is None]:
        pytest.skip(f"missing: {', '.join(missing)} (the extra frameworks)")
    keras_backend = os.environ.get("KERAS_BACKEND", "torch" if find_spec("torch") else "jax")
    done = subprocess.run(
        [sys.executable, RECIPES / f"{script}.py", tmp_path / "made", "--quick"],
        cwd=tmp_path,
        env=os.environ | {"KERAS_BACKEND": keras_backend, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for file in files:
        path = tmp_path / "made" / file
        assert path.stat().st_size > 1000
        assert str(path) in done.stdout, "each says where what it made lies"
        if path.suffix == ".mp4":
            n_frames, seconds = count_frames_and_secs(path)
            assert n_frames >= 10
            assert seconds > 1
    assert {path.name for path in tmp_path.iterdir()} == {"made"}, "nothing lies elsewhere"
