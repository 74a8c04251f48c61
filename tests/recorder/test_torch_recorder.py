"""PyTorch: what is recorded is what its optimizer did, whatever the loop; what cannot be is refused by name."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plain_training import half_circles

from backprop_anim import record
from backprop_anim.common.errors import RecordingError, UsageError

torch = pytest.importorskip("torch", reason="PyTorch is not installed (the extra frameworks)")
nn, functional = torch.nn, torch.nn.functional
prune = pytest.importorskip("torch.nn.utils.prune")

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

X, Y = half_circles(40)
XS, YS = torch.tensor(X, dtype=torch.float32), torch.tensor(Y)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    yield
    torch.set_num_threads(before)


def small(*more: Any) -> Any:
    return nn.Sequential(nn.Linear(2, 4), nn.Tanh(), *more, nn.Linear(4, 2))


def vectors(model: Any) -> list[float]:
    return [number for one in model.parameters() for number in one.detach().double().ravel().tolist()]


def stepper(model: Any, optimizer: Any, x: Any = XS, y: Any = YS) -> Callable[[], Any]:
    def closure() -> Any:
        optimizer.zero_grad()
        loss = functional.cross_entropy(model(x), y)
        loss.backward()
        return loss

    return closure


def of_recording(recording: Any, row: int, values: Any) -> list[float]:
    """Return a row in the order of PyTorch: weights and biases layer by layer, each whole."""
    arrays = recording.experiment.network.layout.arrays(values[row])
    return [number for name in recording.experiment.network.layout.names for number in arrays[name].ravel().tolist()]


OPTIMIZERS: dict[str, Callable[[Any], Any]] = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.5),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
    "adam": lambda p: torch.optim.Adam(p, lr=0.05),
    "rprop": torch.optim.Rprop,
    "lbfgs": lambda p: torch.optim.LBFGS(p, max_iter=4),
}


@pytest.mark.parametrize("named", [True, False], ids=["by its optimizer", "by any optimizer"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("word", OPTIMIZERS)
def test_every_state_is_that_of_the_model_after_so_many_steps(word: str, dtype: Any, named: bool) -> None:
    model = small().to(dtype)
    x = XS.to(dtype)
    optimizer = OPTIMIZERS[word](model.parameters())
    closure = stepper(model, optimizer, x)
    told = [vectors(model)]
    with record(model, x, YS, loss="cross_entropy", optimizer=optimizer if named else None) as recorder:
        for _ in range(7):
            if word == "lbfgs":
                optimizer.step(closure)
            else:
                closure()
                optimizer.step()
            told.append(vectors(model))
    recording = recorder.recording
    assert recording.steps.tolist() == list(range(8))
    for row in range(8):
        assert of_recording(recording, row, recording.parameters) == told[row]
    for row in range(7):
        difference = np.subtract(told[row + 1], told[row])
        assert np.abs(of_recording(recording, row, recording.updates) - difference).max() < 5e-7
    losses = functional.cross_entropy(model(x), YS).item()
    assert recording.snapshot_losses[-1] == pytest.approx(losses, rel=1e-5 if dtype == torch.float32 else 1e-12)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_gradients_over_all_data_are_those_of_autograd(dtype: Any) -> None:
    model, x = small().to(dtype), XS.to(dtype)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    closure = stepper(model, optimizer, x)
    told = []
    with record(model, x, YS, loss=nn.CrossEntropyLoss()) as recorder:
        for _ in range(5):
            closure()
            told.append([number for one in model.parameters() for number in one.grad.double().ravel().tolist()])
            optimizer.step()
    recording = recorder.recording
    for row in range(5):
        found = of_recording(recording, row, recording.gradients)
        assert np.abs(np.subtract(found, told[row])).max() < (1e-6 if dtype == torch.float32 else 1e-14)


def test_the_loop_is_left_alone() -> None:
    """The same losses and weights as without, random numbers of dropout and the mode of the model among them."""

    def trained(is_recorded: bool) -> tuple[list[float], bool]:
        torch.manual_seed(3)
        model = small(nn.Dropout(0.5))
        optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
        closure = stepper(model, optimizer)
        model.train()

        def loop() -> None:
            for _ in range(6):
                closure()
                optimizer.step()

        if is_recorded:
            with record(model, XS, YS, loss="cross_entropy"):
                loop()
        else:
            loop()
        return vectors(model), model.training

    assert trained(True) == trained(False)


def test_accumulation_and_batches_are_steps_of_the_optimizer() -> None:
    model = small()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, 2)
    with record(model, XS, YS, loss="cross_entropy", optimizer=optimizer, keep=[3]) as recorder:
        for place in range(8):
            part = slice(5 * place, 5 * place + 5)
            functional.cross_entropy(model(XS[part]), YS[part]).backward()
            if place % 2:
                optimizer.step()
                optimizer.zero_grad()
                schedule.step()
                model.eval()
                model(XS)
                model.train()
    assert recorder.recording.steps.tolist() == [0, 1, 2, 3, 4]


class Written(nn.Module):
    """A module whose activations are functions."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second, self.last = nn.Linear(2, 5), nn.Linear(5, 4), nn.Linear(4, 2)

    def forward(self, x: Any) -> Any:
        return self.last(torch.sigmoid(self.second(functional.relu(self.first(x)))))


class Skipping(Written):
    def forward(self, x: Any) -> Any:
        first = torch.relu(self.first(x))
        second = self.second(first)
        return self.last(torch.tanh(second) + second)


class Deciding(Written):
    def forward(self, x: Any) -> Any:
        return super().forward(x) if x.sum() < 1e9 else x


MODELS: dict[str, tuple[Callable[[], Any], tuple[int, ...], list[str]]] = {
    "nested": (
        lambda: nn.Sequential(nn.Flatten(), nn.Sequential(nn.Linear(2, 3), nn.ELU()), nn.Identity(), nn.Linear(3, 2)),
        (2, 3, 2),
        ["ELU", "Softmax"],
    ),
    "functions": (Written, (2, 5, 4, 2), ["ReLU", "Sigmoid", "Softmax"]),
    "normalized": (
        lambda: nn.Sequential(nn.BatchNorm1d(2), nn.Linear(2, 3), nn.BatchNorm1d(3), nn.ReLU(), nn.Linear(3, 2)),
        (2, 3, 2),
        ["ReLU", "Softmax"],
    ),
    "normalized after": (
        lambda: nn.Sequential(nn.Linear(2, 3, bias=False), nn.SiLU(), nn.BatchNorm1d(3), nn.Linear(3, 2)),
        (2, 3, 2),
        ["Swish", "Softmax"],
    ),
    "others": (
        lambda: nn.Sequential(
            *(nn.Linear(2, 3), nn.LeakyReLU(0.2), nn.Linear(3, 3), nn.Softplus(), nn.Linear(3, 3), nn.Hardtanh()),
            *(nn.Linear(3, 3), nn.SELU(), nn.Linear(3, 3), nn.GELU(approximate="tanh"), nn.Linear(3, 2)),
        ),
        (2, 3, 3, 3, 3, 3, 2),
        ["LeakyReLU", "Softplus", "HardTanh", "SELU", "GELU", "Softmax"],
    ),
    "one layer": (lambda: nn.Linear(2, 2), (2, 2), ["Softmax"]),
    "no biases": (
        lambda: nn.Sequential(nn.Linear(2, 3, False), nn.Tanh(), nn.Linear(3, 2, False)),
        (2, 3, 2),
        ["Tanh", "Softmax"],
    ),
}


@pytest.mark.parametrize("word", MODELS)
def test_a_line_of_layers_is_read_whoever_wrote_it(word: str) -> None:
    """What is read answers as the model does, which `record` itself holds it to before and after."""
    make, sizes, names = MODELS[word]
    model = make()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    closure = stepper(model, optimizer)
    with record(model, XS, YS, loss="cross_entropy") as recorder:
        for _ in range(4):
            closure()
            optimizer.step()
    experiment = recorder.recording.experiment
    assert experiment.network.sizes == sizes
    assert [type(one).__name__ for one in experiment.network.activations] == names
    model.eval()
    theirs = torch.softmax(model(XS), dim=1).detach().numpy()
    assert np.abs(recorder.predict(X).outputs - theirs).max() < 1e-5


def test_what_cannot_be_traced_is_read_by_a_list() -> None:
    with pytest.raises(UsageError, match=r"what Deciding does cannot be followed .* record\(…, activations="):
        record(Deciding(), XS, YS, loss="cross_entropy")
    with record(Deciding(), XS, YS, loss="cross_entropy", activations=["relu", "sigmoid", "linear"]) as recorder:
        recorder.capture()
    assert recorder.recording.experiment.network.sizes == (2, 5, 4, 2)
    recorder = record(Deciding(), XS, YS, loss="cross_entropy", activations=["relu", "relu", "linear"])
    with pytest.raises(
        RecordingError, match=r"before the first step, PyTorch .* answers .* it does more than its layers"
    ):
        recorder.__enter__()


LINE = "what can be recorded is a line of linear"


def tied() -> Any:
    model = nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 2))
    model[2].weight = model[0].weight
    return model


def pruned() -> Any:
    model = small()
    prune.l1_unstructured(model[0], "weight", amount=2)
    return model


@pytest.mark.parametrize(
    ("make", "options", "said"),
    [
        (lambda: nn.Sequential(nn.Conv1d(1, 2, 2), nn.Linear(2, 2)), {}, rf"0 \(Conv1d\) cannot be recorded; {LINE}"),
        (lambda: nn.LSTM(2, 2), {}, "cannot be"),
        (Skipping, {}, f"takes .*: what skips layers is not recorded; {LINE}"),
        (lambda: nn.Sequential(nn.Linear(2, 2), nn.LayerNorm(2)), {}, r"1 \(LayerNorm\) cannot be recorded"),
        (lambda: nn.Sequential(nn.Linear(2, 2), nn.GELU()), {}, r'GELU\(approximate="tanh"\) can be'),
        (lambda: nn.Sequential(nn.Tanh()), {}, "the model has no parameters"),
        (lambda: nn.Sequential(nn.Tanh(), nn.Linear(2, 2)), {}, r"0 \(Tanh\) acts on the inputs"),
        (lambda: nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.BatchNorm1d(2)), {}, "comes after the last activation"),
        (tied, {}, "2.weight and 0.weight are one parameter; shared parameters cannot be recorded"),
        (lambda: small().half(), {}, r"0.weight is of torch.float16; recorded are .* \(model.float\(\)\)"),
        (lambda: small(nn.Linear(4, 4, dtype=torch.complex64)), {}, "2.weight is of torch.complex64"),
        (lambda: small().to("meta"), {}, "0.weight lies on the device meta, which holds no numbers"),
        (lambda: nn.Sequential(nn.Linear(2, 3), nn.Linear(4, 2)), {}, r"1 \(Linear\) takes 4 numbers, and is given 3"),
        (lambda: small(nn.Tanh()), {}, r"2 \(Tanh\) comes after another activation"),
        (small, {"loss": nn.CTCLoss()}, "the loss CTCLoss is not known; name one"),
        (small, {"loss": nn.CrossEntropyLoss(label_smoothing=0.1)}, "smooths its labels"),
        (small, {"loss": nn.CrossEntropyLoss(weight=torch.ones(2))}, "weighs its classes"),
        (lambda: nn.Sequential(small(), nn.Softmax(1)), {"loss": nn.CrossEntropyLoss()}, "the model ends in softmax"),
        (small, {"loss": nn.NLLLoss()}, r"takes logarithms of probabilities \(LogSoftmax\)"),
        (small, {"optimizer": torch.optim.SGD([torch.zeros(1)], lr=1.0)}, "holds none of the model's parameters"),
        (pruned, {}, r"0 \(Linear\) has weights that are worked out from others"),
        (small, {"loss": nn.CrossEntropyLoss(reduction="none")}, "has reduction='none', one loss for each sample"),
        (small, {"x": XS.bfloat16()}, "x holds torch.bfloat16, in half precision"),
        (lambda: "model", {}, r"record takes a model of PyTorch \(torch.nn.Module\), not a str"),
        (small, {"x": XS[:, :1]}, "the first layer has 2; the task has 1 input"),
        (small, {"y": YS + 5}, "y holds class 6; the network tells 2 apart"),
    ],
)  # fmt: skip
def test_what_cannot_be_recorded_is_said(make: Callable[[], Any], options: dict[str, Any], said: str) -> None:
    given = {"x": XS, "y": YS, "loss": "cross_entropy"} | options
    with pytest.raises(UsageError, match=said):  # noqa: SIM117
        with record(make(), given.pop("x"), given.pop("y"), **given):
            pass


def test_an_exception_goes_on_its_way_and_what_came_before_is_kept(tmp_path: Path) -> None:
    model = small()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    closure = stepper(model, optimizer)
    recorder = record(model, XS, YS, loss="cross_entropy")

    def loop() -> None:
        with recorder:
            for _ in range(4):
                closure()
                optimizer.step()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loop()
    assert recorder.recording.steps.tolist() == [0, 1, 2, 3, 4]
    assert recorder.film(tmp_path, formats=["png"], size="320x180").film.is_file()
    closure()
    optimizer.step()  # nobody looks any more
    assert recorder.recording.steps[-1] == 4


def test_one_recorder_at_a_time_and_each_once() -> None:
    model = small()
    first = record(model, XS, YS, loss="cross_entropy")
    with first:
        first.capture()
        with pytest.raises(UsageError, match="this model is being recorded already"):
            record(model, XS, YS, loss="cross_entropy").__enter__()
    with pytest.raises(UsageError, match="this recorder has recorded already"):
        first.__enter__()
    with pytest.raises(UsageError, match="capture is for the inside of the with block"):
        first.capture()


def test_an_optimizer_that_takes_anothers_place_is_seen() -> None:
    model = small()
    with record(model, XS, YS, loss="cross_entropy", optimizer=torch.optim.SGD(model.parameters(), lr=0.1)) as recorder:
        for rate in (0.1, 0.01):
            optimizer = torch.optim.SGD(model.parameters(), lr=rate)
            closure = stepper(model, optimizer)
            for _ in range(3):
                closure()
                optimizer.step()
    assert recorder.recording.steps.tolist() == list(range(7))
    assert of_recording(recorder.recording, 6, recorder.recording.parameters) == vectors(model)


def test_a_change_that_no_optimizer_made_is_said() -> None:
    model = small()
    with pytest.warns(UserWarning, match=r"no optimizer of PyTorch made a step, though the parameters changed"):  # noqa: SIM117
        with record(model, XS, YS, loss="cross_entropy"), torch.no_grad():
            model[0].weight.mul_(2)


def test_softmax_before_a_loss_that_takes_logits_is_said() -> None:
    with pytest.warns(UserWarning, match="the model ends in softmax; PyTorch's cross_entropy takes logits"):
        record(nn.Sequential(small(), nn.Softmax(1)), XS, YS, loss="cross_entropy")


def test_no_step_is_said() -> None:
    with pytest.warns(UserWarning, match="no step was taken while it was recorded"):  # noqa: SIM117
        with record(small(), XS, YS, loss="cross_entropy") as recorder:
            pass
    with pytest.raises(RecordingError, match="no step was recorded"):
        recorder.film()


@pytest.mark.parametrize(
    ("loss", "n_out", "said"),
    [
        (nn.MSELoss(), 2, "0.5 times it: theirs is another mean or sum"),
        (nn.MSELoss(), 1, ""),
        (nn.MSELoss(reduction="sum"), 2, ""),
        (nn.L1Loss(), 1, ""),
        (nn.HuberLoss(delta=0.3), 1, ""),
    ],
)
def test_another_mean_is_said_once(loss: Any, n_out: int, said: str) -> None:
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, n_out))
    y = torch.tensor(np.column_stack([X[:, 0], X[:, 1] ** 2])[:, :n_out], dtype=torch.float32)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        with record(model, XS, y, loss=loss):
            for _ in range(3):
                optimizer.zero_grad()
                loss(model(XS), y).backward()
                optimizer.step()
    messages = [str(one.message) for one in caught if one.category is UserWarning]
    assert len(messages) == (1 if said else 0)
    assert all(said in message for message in messages)


def test_the_rule_is_known_to_the_page_and_frozen_arrays_stay_so() -> None:
    model = small()
    model[0].weight.requires_grad_(False)
    optimizer = torch.optim.Adam((p for p in model.parameters() if p.requires_grad), lr=0.02, betas=(0.8, 0.99))
    with record(model, XS, YS, loss="cross_entropy", optimizer=optimizer) as recorder:
        recorder.capture()
    training = recorder.recording.experiment.training
    assert (training.aggression, training.optimizer.beta1) == (0.02, 0.8)  # type: ignore[attr-defined]
    assert training.by.startswith("torch ")
    assert recorder.recording.experiment.network.frozen == ("W1",)


def test_a_million_steps_are_few_states() -> None:
    model = nn.Linear(2, 2)
    with record(model, XS, YS, loss="cross_entropy", count=10, keep=[77_777]) as recorder:
        for _ in range(100_000):
            recorder.capture()
    steps = recorder.recording.steps.tolist()
    assert {0, 77_777, 100_000} <= set(steps)
    assert len(steps) <= 11


def test_weights_that_are_loaded_are_a_step() -> None:
    """As those of the best epoch are, before the block ends."""
    model = small()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
    closure = stepper(model, optimizer)
    best = {name: one.clone() for name, one in model.state_dict().items()}
    with record(model, XS, YS, loss="cross_entropy") as recorder:
        for _ in range(5):
            closure()
            optimizer.step()
        model.load_state_dict(best)
    assert recorder.recording.steps[-1] == 6
    assert recorder.weights()["W1"].tolist() == best["0.weight"].double().tolist()
    assert recorder.notes == ["weights were loaded after step 5, which is shown as a step"]


def test_a_data_frame_is_taken_with_its_names() -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pandas.DataFrame(X.astype(np.float32), columns=["east", "north"])
    model = small()
    with record(model, frame, pandas.Series(Y), loss=nn.CrossEntropyLoss()) as recorder:
        recorder.capture()
    assert recorder.recording.experiment.dataset.input_names == ("east", "north")
