"""One training step told phase by phase, in sentences and in formulas with its numbers; it never draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from backprop_anim.engine import activations, losses, optimizers
from backprop_anim.experiment import Experiment
from backprop_anim.story.moment import Phase
from backprop_anim.story.notation import Notation, function_symbol
from backprop_anim.story.step_values import StepValues
from backprop_anim.story.worked_formula import Rounded, Written, bracketed, plain_number, signed_number, worked_formula

__all__ = ["DerivationStep", "derivation_steps", "general_formulas"]

MOST_TERMS = 3


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


class _FormulaWriter:
    """Chooses the neurons that a step is told by, and puts their numbers into the formulas."""

    def __init__(self, experiment: Experiment, numbers: StepValues) -> None:
        self.numbers, self.last = numbers, len(numbers.z)
        self.symbols = Notation([len(a) for a in numbers.a])
        names = [activations.name_of(activation) for activation in experiment.network.activations]
        self.names = names
        self.functions = [function_symbol(name) for name in names]
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
            z, a = self.symbols.z(layer, unit), self.symbols.a(layer, unit)
            line = worked_formula(*self._weighted_sum(layer, unit))
            function = self.functions[layer - 1]
            value, z_value = float(self.numbers.a[layer][unit]), float(self.numbers.z[layer - 1][unit])
            second = rf"{a} = {function}({z}) = {function}({plain_number(z_value, 4)}) = {plain_number(value, 4)}"
            if self.names[layer - 1] == "softmax":
                second = rf"{a} = e^{{{z}}} / \sum e^z = {plain_number(value, 4)}"
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
                line = rf"L = \sum_{{k=1}}^{{{len(outputs)}}} (\hat y_k − y_k)^2 = {plain_number(shown, 4)}"
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
        w = self.symbols.w(self.last, self.k, self.j)
        lines = []
        if numbers.n_batch > 1:
            over = rf"\mathrm{{over\ all\ {numbers.n_batch}\ samples}}"
            lines.append(rf"\partial L/\partial {w} = {signed_number(gradient, 4)}\ \ {over}")
        rate = numbers.trace.rate
        if self.optimizer == "sgd" and not self.noise:
            told = worked_formula(
                lambda w: f"−{w(rate)} \\times {bracketed(w(gradient))}", change, lambda r: -r(rate) * r(gradient)
            )
            lines.append(rf"\Delta {w} = −\eta \,\partial L/\partial {w} = {told}")
        elif self.optimizer == "sgd":
            told = worked_formula(
                lambda w: f"−{w(rate)} \\times {bracketed(w(gradient))} \\times {bracketed(w(noise))}",
                change,
                lambda r: -r(rate) * r(gradient) * r(noise),
            )
            lines.append(rf"\Delta {w} = −\eta \,\partial L/\partial {w}\,(1 + \mathit{{noise}} \cdot z) = {told}")
        else:
            rule = rf"\mathrm{{{self.optimizer}}}(\eta = {plain_number(rate, 3)})"
            lines.append(rf"\Delta {w} = {rule} = {signed_number(change, 4)}")
        told = worked_formula(
            lambda w: f"{w(weight)} {'+' if change >= 0 else '−'} {w(abs(change))}",
            weight + change,
            lambda r: r(weight) + r(change),
            signed=False,
            digits_shown=5,
        )
        lines.append(rf"{w} \leftarrow {told}")
        before, after = plain_number(numbers.loss, 4), plain_number(numbers.loss_after, 4)
        lines.append(rf"\mathrm{{this\ sample\ again:}}\ \ L = {after},\ \ \mathrm{{before\ it\ was\ }} {before}")
        return DerivationStep("Every weight takes a small step", tuple(lines))

    def _about_batch(self) -> str:
        if self.numbers.n_batch == 1:
            return ""
        return rf"\mathrm{{for\ sample\ {self.numbers.sample}\ alone;\ the\ step\ sees\ {self.numbers.n_batch}}}"

    def _output_delta(self) -> str:
        numbers, k, layer = self.numbers, self.k, self.last
        a, y = float(numbers.a[-1][k]), float(numbers.target[k])
        delta, output, z = self.symbols.delta(layer, k), self.symbols.a(layer, k), self.symbols.z(layer, k)
        if self.loss_name not in ("mse", "sse"):
            told = worked_formula(lambda w: f"{w(a)} − {w(y)}", float(numbers.delta[-1][k]), lambda r: r(a) - r(y))
            return rf"{delta} = {output} − {self.symbols.y(k)} = {told}"
        if self.names[-1] == "softmax":
            value = signed_number(float(numbers.delta[-1][k]), 4)
            return rf"{delta} = \sum_m 2(\hat y_m − y_m)\,\partial \hat y_m/\partial {z} = {value}"
        slope = float(numbers.slope[-1][k])
        told = worked_formula(
            lambda w: f"2({w(a)} − {w(y)}) \\times {bracketed(w(slope))}",
            float(numbers.delta[-1][k]),
            lambda r: 2 * (r(a) - r(y)) * r(slope),
        )
        return rf"{delta} = 2({output} − {self.symbols.y(k)})\,{self.functions[-1]}'({z}) = {told}"

    def _hidden_delta(self) -> str:
        numbers, layer, j = self.numbers, self.last - 1, self.j
        weights, after = numbers.weights[f"W{self.last}"][:, j], numbers.delta[-1]
        slope, value = float(numbers.slope[layer - 1][j]), float(numbers.delta[layer - 1][j])
        delta, z = self.symbols.delta(layer, j), self.symbols.z(layer, j)
        function = self.functions[layer - 1]
        if len(after) == 1:
            w, d = float(weights[0]), float(after[0])
            told = worked_formula(
                lambda write: f"{write(d)} \\times {bracketed(write(w))} \\times {bracketed(write(slope))}",
                value,
                lambda r: r(d) * r(w) * r(slope),
            )
            behind = rf"{self.symbols.delta(self.last, 0)}\,{self.symbols.w(self.last, 0, j)}"
            return rf"{delta} = {behind}\,{function}'({z}) = {told}"
        if len(after) > MOST_TERMS:
            total = float(weights @ after)
            told = worked_formula(
                lambda write: f"{bracketed(write(total))} \\times {bracketed(write(slope))}",
                value,
                lambda r: r(total) * r(slope),
            )
        else:
            told = worked_formula(
                lambda write: (
                    "("
                    + " + ".join(
                        f"{bracketed(write(d))} \\times {bracketed(write(w))}"
                        for d, w in zip(after, weights, strict=True)
                    )
                    + f") \\times {bracketed(write(slope))}"
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
            lambda w: f"{w(delta)} \\times {bracketed(w(before))}", value, lambda r: r(delta) * r(before)
        )
        symbols = rf"{self.symbols.delta(layer, unit)}\,{self.symbols.a(layer - 1, source)}"
        return rf"\partial L/\partial {self.symbols.w(layer, unit, source)} = {symbols} = {told}"

    def _weighted_sum(
        self, layer: int, unit: int
    ) -> tuple[Callable[[Written], str], float, Callable[[Rounded], float]]:
        numbers = self.numbers
        weights, before = numbers.weights[f"W{layer}"][unit], numbers.a[layer - 1]
        shown = list(range(len(weights)))[: MOST_TERMS if len(weights) > MOST_TERMS + 1 else None]
        rest = float(weights[len(shown) :] @ before[len(shown) :])
        bias = float(numbers.weights[f"b{layer}"][unit]) if self.bias else None

        def write(w: Written) -> str:
            terms = [f"{bracketed(w(weights[m]))} \\cdot {bracketed(w(before[m]))}" for m in shown]
            terms += [f"… {bracketed(w(rest))}"] if len(shown) < len(weights) else []
            terms += [bracketed(w(bias))] if bias is not None else []
            return " + ".join(terms)

        def again(r: Rounded) -> float:
            total = sum(r(weights[m]) * r(before[m]) for m in shown)
            return total + (r(rest) if len(shown) < len(weights) else 0.0) + (r(bias) if bias is not None else 0.0)

        return write, float(numbers.z[layer - 1][unit]), again
