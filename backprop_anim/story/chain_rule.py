"""The formulas of one training step with its numbers put in, as lines of mathtext; it never draws.

Numbers are shown with as many digits as it takes for the shown factors to give the shown result; where even
seven do not, the result stands behind ≈.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from backprop_anim.engine import activations, losses, optimizers
from backprop_anim.experiment import Experiment
from backprop_anim.story.step_values import StepValues
from backprop_anim.story.timeline import Phase

__all__ = ["DerivationStep", "derivation_steps", "general_formulas", "worked_formula"]

MOST_TERMS = 3
MOST_DIGITS, MOST_DECIMALS = 7, 7
Written = Callable[[float], str]
Rounded = Callable[[float], float]
SYMBOLS = {"sigmoid": r"\sigma", "linear": r"\mathrm{id}"}


@dataclass(frozen=True)
class DerivationStep:
    """What is said of a step at a time: a sentence, and the formulas below it.

    Attributes
    ----------
    sentence : str
    lines : tuple of str
        Mathtext.
    """

    sentence: str
    lines: tuple[str, ...]


def derivation_steps(experiment: Experiment, numbers: StepValues) -> dict[Phase, tuple[DerivationStep, ...]]:
    """Return the passages of each phase, to be shown one after another."""
    teller = _FormulaWriter(experiment, numbers)
    return {
        "forward": teller.forward(),
        "loss": (teller.loss(),),
        "backward": teller.backward(),
        "update": (teller.update(),),
    }


def general_formulas(experiment: Experiment) -> DerivationStep:
    """Return the formulas of every step, without numbers."""
    fused = experiment.training.loss.output is not None
    error = r"\hat y − y" if fused else r"\partial L/\partial \hat y \cdot f'(z^{(L)})"
    noise = r"\,(1 + \mathit{noise} \cdot z)" if experiment.training.noise else ""
    name = optimizers.name_of(experiment.training.optimizer)
    rule = (
        rf"−\eta \,\partial L/\partial W{noise}"
        if name == "sgd"
        else rf"\mathrm{{{name}}}(\partial L/\partial W{noise})"
    )
    return DerivationStep(
        "Every step: forward, loss, backward, update",
        (
            r"z^{(l)} = W^{(l)} a^{(l−1)}"
            + (r" + b^{(l)}" if experiment.network.bias else "")
            + r",\quad a^{(l)} = f(z^{(l)})",
            rf"\delta^{{(L)}} = {error},\quad \delta^{{(l)}} = W^{{(l+1)\top}} \delta^{{(l+1)}} \cdot f'(z^{{(l)}})",
            rf"\partial L/\partial W^{{(l)}} = \delta^{{(l)}} a^{{(l−1)\top}},\quad \Delta W = {rule}",
        ),
    )


def worked_formula(
    write: Callable[[Written], str],
    result: float,
    again: Callable[[Rounded], float],
    signed: bool = True,
    digits_shown: int = 3,
) -> str:
    """Return ``numbers = result`` with the fewest digits for which the numbers shown give the result shown.

    Parameters
    ----------
    write : callable
        Given how a number is written, returns the right side with its numbers.
    result : float
        The unrounded result.
    again : callable
        Given how a number is rounded, computes the result from the rounded numbers.
    signed : bool, optional
        Whether a positive result has a plus sign.
    digits_shown : int, optional
        Significant digits of the result.
    """
    show = _signed if signed else _plain
    shown = show(result, digits_shown)
    for digits in range(digits_shown, MOST_DIGITS + 1):
        if show(again(lambda value, d=digits: _rounded(value, d)), digits_shown) == shown:  # type: ignore[misc]
            return f"{write(lambda value, d=digits: _plain(value, d))} = {shown}"  # type: ignore[misc]
    return rf"{write(lambda value: _plain(value, MOST_DIGITS))} \approx {shown}"


def _plain(value: float, digits: int) -> str:
    """Return a number with so many significant digits, a true minus sign, and no more digits than it has."""
    if value == 0 or not np.isfinite(value):
        return "0" if value == 0 else r"\infty"
    decimals = digits - 1 - int(np.floor(np.log10(abs(value))))
    if decimals > MOST_DECIMALS:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        return rf"{mantissa} \cdot 10^{{{int(exponent)}}}".replace("-", "−")
    text = f"{value:.{max(decimals, 0)}f}"
    short = f"{value:.{max(decimals, 0)}g}"
    return (short if "e" not in short and float(short) == value else text).replace("-", "−")


def _rounded(value: float, digits: int) -> float:
    """Return the number that `_plain` shows."""
    if value == 0 or not np.isfinite(value):
        return value
    return round(float(value), digits - 1 - int(np.floor(np.log10(abs(value)))))  # NumPy's own fails near 1e-308


def _signed(value: float, digits: int) -> str:
    text = _plain(value, digits)
    return text if text.startswith("−") else f"+{text}"


class _FormulaWriter:
    """Chooses the neurons that a step is told by, and puts their numbers into the formulas."""

    def __init__(self, experiment: Experiment, numbers: StepValues) -> None:
        self.numbers, self.last = numbers, len(numbers.z)
        names = [activations.name_of(activation) for activation in experiment.network.activations]
        self.names = names
        self.functions = [SYMBOLS.get(name, rf"\mathrm{{{name.replace('_', ' ')}}}") for name in names]
        self.loss_name = losses.name_of(experiment.training.loss)
        self.optimizer = optimizers.name_of(experiment.training.optimizer)
        self.noise, self.bias = experiment.training.noise, experiment.network.bias
        # The output with the largest delta, the neuron before it that has most to do with it, and what feeds that.
        self.k = int(np.argmax(np.abs(numbers.delta[-1])))
        into = np.abs(numbers.weights[f"W{self.last}"][self.k])
        self.j = int(np.argmax(into * np.abs(numbers.a[-2])))
        self.i = int(np.argmax(np.abs(numbers.a[-3]))) if self.last > 1 else 0

    def forward(self) -> tuple[DerivationStep, ...]:
        found = []
        chosen = [(1, self.j if self.last == 2 else 0), (self.last, self.k)] if self.last > 1 else [(1, self.k)]
        for layer, unit in chosen:
            what = "output" if layer == self.last else f"hidden neuron {unit + 1}"
            z, a = self._z(layer, unit), self._a(layer, unit)
            line = worked_formula(*self._weighted_sum(layer, unit))
            function = self.functions[layer - 1]
            value, z_value = float(self.numbers.a[layer][unit]), float(self.numbers.z[layer - 1][unit])
            second = rf"{a} = {function}({z}) = {function}({_plain(z_value, 4)}) = {_plain(value, 4)}"
            if self.names[layer - 1] == "softmax":
                second = rf"{a} = e^{{{z}}} / \sum e^z = {_plain(value, 4)}"
            found.append(DerivationStep(f"The {what} adds up what it is given", (rf"{z} = {line}", second)))
        return tuple(found)

    def loss(self) -> DerivationStep:
        outputs, target = self.numbers.a[-1], self.numbers.target
        shown = self.numbers.loss
        if self.loss_name in ("mse", "sse"):
            if len(outputs) == 1:
                write = lambda w: f"({w(outputs[0])} − {w(target[0])})^2"  # noqa: E731
                again = lambda r: (r(outputs[0]) - r(target[0])) ** 2  # noqa: E731
                line = rf"L = (\hat y − y)^2 = {worked_formula(write, shown, again, signed=False)}"
            elif len(outputs) <= MOST_TERMS:
                write = lambda w: " + ".join(f"({w(a)} − {w(y)})^2" for a, y in zip(outputs, target, strict=True))  # noqa: E731
                again = lambda r: sum((r(a) - r(y)) ** 2 for a, y in zip(outputs, target, strict=True))  # noqa: E731
                line = rf"L = \sum (\hat y_k − y_k)^2 = {worked_formula(write, shown, again, signed=False)}"
            else:
                line = rf"L = \sum_{{k=1}}^{{{len(outputs)}}} (\hat y_k − y_k)^2 = {_plain(shown, 4)}"
        else:
            right = int(np.argmax(target)) if len(outputs) > 1 else 0
            p = float(outputs[right] if len(outputs) > 1 or target[0] >= 0.5 else 1 - outputs[0])
            name = (
                rf"\hat y_{{{right + 1}}}" if len(outputs) > 1 else (r"\hat y" if target[0] >= 0.5 else r"(1 − \hat y)")
            )
            told = worked_formula(lambda w: rf"−\log {w(p)}", shown, lambda r: -float(np.log(r(p))), signed=False)
            line = rf"L = −\log {name} = {told}"
        return DerivationStep("How wrong is the answer?", (line, self._about_batch()))

    def backward(self) -> tuple[DerivationStep, ...]:
        first = DerivationStep(
            "The error flows back through the output weights",
            (self._output_delta(), self._product(self.last, self.k, self.j)),
        )
        if self.last == 1:
            return (first,)
        second = DerivationStep(
            "and on to the layer before, by the chain rule",
            (self._hidden_delta(), self._product(self.last - 1, self.j, self.i)),
        )
        return (first, second)

    def update(self) -> DerivationStep:
        numbers, name = self.numbers, f"W{self.last}"
        weight = float(numbers.weights[name][self.k, self.j])
        change, gradient = (
            float(numbers.update[name][self.k, self.j]),
            float(numbers.batch_gradient[name][self.k, self.j]),
        )
        noise = float(numbers.trace.noise[(self.last - 1) * (2 if self.bias else 1)])
        w = self._w(self.last, self.k, self.j)
        lines = []
        if numbers.n_batch > 1:
            lines.append(
                rf"\partial L/\partial {w} = {_signed(gradient, 4)}\ \ \mathrm{{over\ all\ {numbers.n_batch}\ samples}}"
            )
        rate = numbers.trace.rate
        if self.optimizer == "sgd" and not self.noise:
            told = worked_formula(
                lambda w: f"−{w(rate)} \\times {_bracketed(w(gradient))}", change, lambda r: -r(rate) * r(gradient)
            )
            lines.append(rf"\Delta {w} = −\eta \,\partial L/\partial {w} = {told}")
        elif self.optimizer == "sgd":
            told = worked_formula(
                lambda w: f"−{w(rate)} \\times {_bracketed(w(gradient))} \\times {_bracketed(w(noise))}",
                change,
                lambda r: -r(rate) * r(gradient) * r(noise),
            )
            lines.append(rf"\Delta {w} = −\eta \,\partial L/\partial {w}\,(1 + \mathit{{noise}} \cdot z) = {told}")
        else:
            lines.append(rf"\Delta {w} = \mathrm{{{self.optimizer}}}(\eta = {_plain(rate, 3)}) = {_signed(change, 4)}")
        told = worked_formula(
            lambda w: f"{w(weight)} {'+' if change >= 0 else '−'} {w(abs(change))}",
            weight + change,
            lambda r: r(weight) + r(change),
            signed=False,
            digits_shown=5,
        )
        lines.append(rf"{w} \leftarrow {told}")
        before, after = _plain(numbers.loss, 4), _plain(numbers.loss_after, 4)
        lines.append(rf"\mathrm{{this\ sample\ again:}}\ \ L = {after},\ \ \mathrm{{before\ it\ was\ }} {before}")
        return DerivationStep("Every weight takes a small step", tuple(lines))

    def _about_batch(self) -> str:
        if self.numbers.n_batch == 1:
            return ""
        return rf"\mathrm{{for\ sample\ {self.numbers.sample}\ alone;\ the\ step\ sees\ {self.numbers.n_batch}}}"

    def _output_delta(self) -> str:
        numbers, k, layer = self.numbers, self.k, self.last
        a, y = float(numbers.a[-1][k]), float(numbers.target[k])
        delta, output, z = self._delta(layer, k), self._a(layer, k), self._z(layer, k)
        if self.loss_name not in ("mse", "sse"):
            told = worked_formula(lambda w: f"{w(a)} − {w(y)}", float(numbers.delta[-1][k]), lambda r: r(a) - r(y))
            return rf"{delta} = {output} − {self._y(k)} = {told}"
        if self.names[-1] == "softmax":
            value = _signed(float(numbers.delta[-1][k]), 4)
            return rf"{delta} = \sum_m 2(\hat y_m − y_m)\,\partial \hat y_m/\partial {z} = {value}"
        slope = float(numbers.slope[-1][k])
        told = worked_formula(
            lambda w: f"2({w(a)} − {w(y)}) \\times {_bracketed(w(slope))}",
            float(numbers.delta[-1][k]),
            lambda r: 2 * (r(a) - r(y)) * r(slope),
        )
        return rf"{delta} = 2({output} − {self._y(k)})\,{self.functions[-1]}'({z}) = {told}"

    def _hidden_delta(self) -> str:
        numbers, layer, j = self.numbers, self.last - 1, self.j
        weights, after = numbers.weights[f"W{self.last}"][:, j], numbers.delta[-1]
        slope, value = float(numbers.slope[layer - 1][j]), float(numbers.delta[layer - 1][j])
        delta, z = self._delta(layer, j), self._z(layer, j)
        function = self.functions[layer - 1]
        if len(after) == 1:
            w, d = float(weights[0]), float(after[0])
            told = worked_formula(
                lambda write: f"{write(d)} \\times {_bracketed(write(w))} \\times {_bracketed(write(slope))}",
                value,
                lambda r: r(d) * r(w) * r(slope),
            )
            return rf"{delta} = {self._delta(self.last, 0)}\,{self._w(self.last, 0, j)}\,{function}'({z}) = {told}"
        if len(after) > MOST_TERMS:
            total = float(weights @ after)
            told = worked_formula(
                lambda write: f"{_bracketed(write(total))} \\times {_bracketed(write(slope))}",
                value,
                lambda r: r(total) * r(slope),
            )
        else:
            told = worked_formula(
                lambda write: (
                    "("
                    + " + ".join(
                        f"{_bracketed(write(d))} \\times {_bracketed(write(w))}"
                        for d, w in zip(after, weights, strict=True)
                    )
                    + f") \\times {_bracketed(write(slope))}"
                ),
                value,
                lambda r: sum(r(d) * r(w) for d, w in zip(after, weights, strict=True)) * r(slope),
            )
        symbols = rf"\left(\sum_k \delta_k^{{({self.last})}} w_{{k{j + 1}}}^{{({self.last})}}\right)"
        return rf"{delta} = {symbols}\,{function}'({z}) = {told}"

    def _product(self, layer: int, unit: int, source: int) -> str:
        """Return the gradient of one weight: the delta behind it times the activation before it."""
        numbers = self.numbers
        delta, before = float(numbers.delta[layer - 1][unit]), float(numbers.a[layer - 1][source])
        value = float(numbers.gradient[f"W{layer}"][unit, source])
        told = worked_formula(
            lambda w: f"{w(delta)} \\times {_bracketed(w(before))}", value, lambda r: r(delta) * r(before)
        )
        symbols = rf"{self._delta(layer, unit)}\,{self._a(layer - 1, source)}"
        return rf"\partial L/\partial {self._w(layer, unit, source)} = {symbols} = {told}"

    def _weighted_sum(
        self, layer: int, unit: int
    ) -> tuple[Callable[[Written], str], float, Callable[[Rounded], float]]:
        numbers = self.numbers
        weights, before = numbers.weights[f"W{layer}"][unit], numbers.a[layer - 1]
        shown = list(range(len(weights)))[: MOST_TERMS if len(weights) > MOST_TERMS + 1 else None]
        rest = float(weights[len(shown) :] @ before[len(shown) :])
        bias = float(numbers.weights[f"b{layer}"][unit]) if self.bias else None

        def write(w: Written) -> str:
            terms = [f"{_bracketed(w(weights[m]))} \\cdot {_bracketed(w(before[m]))}" for m in shown]
            terms += [f"… {_bracketed(w(rest))}"] if len(shown) < len(weights) else []
            terms += [_bracketed(w(bias))] if bias is not None else []
            return " + ".join(terms)

        def again(r: Rounded) -> float:
            total = sum(r(weights[m]) * r(before[m]) for m in shown)
            return total + (r(rest) if len(shown) < len(weights) else 0.0) + (r(bias) if bias is not None else 0.0)

        return write, float(numbers.z[layer - 1][unit]), again

    def _only(self, layer: int) -> bool:
        return len(self.numbers.a[layer]) == 1

    def _z(self, layer: int, unit: int) -> str:
        return rf"z{'' if self._only(layer) else f'_{{{unit + 1}}}'}^{{({layer})}}"

    def _a(self, layer: int, unit: int) -> str:
        index = "" if self._only(layer) else f"_{{{unit + 1}}}"
        if layer == 0:
            return rf"x{index}"
        return rf"\hat y{index}" if layer == self.last else rf"a{index}^{{({layer})}}"

    def _y(self, unit: int) -> str:
        return "y" if self._only(self.last) else f"y_{{{unit + 1}}}"

    def _delta(self, layer: int, unit: int) -> str:
        return rf"\delta{'' if self._only(layer) else f'_{{{unit + 1}}}'}^{{({layer})}}"

    def _w(self, layer: int, unit: int, source: int) -> str:
        index = (
            f"{source + 1}" if self._only(layer) else f"{unit + 1}{'' if source < 9 and unit < 9 else ','}{source + 1}"
        )
        return rf"w_{{{index}}}^{{({layer})}}"


def _bracketed(text: str) -> str:
    """Put a negative number in brackets, for the place behind a sign."""
    return f"({text})" if text.startswith("−") else text
