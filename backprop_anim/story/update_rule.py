"""The update of one weight or bias, told with its numbers and with what the optimizer remembers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backprop_anim.engine import Array, Penalty
from backprop_anim.experiment import Followed
from backprop_anim.story.formula_tints import sign_tint, tinted
from backprop_anim.story.passage_numbers import PassageNumbers
from backprop_anim.story.passages import DerivationStep, Edge
from backprop_anim.story.worked_formula import (
    Worked,
    bracketed,
    decimals_of_sum,
    fixed_number,
    signed_number,
    worked_formula,
)

__all__ = ["update_passages"]

REMEMBERED = {
    "momentum": "Momentum adds the new gradient to a velocity",
    "nesterov": "Momentum adds the new gradient to a velocity",
    "rmsprop": "RMSProp remembers how large gradients have been",
    "adam": "Adam remembers the gradient's mean and that of its square",
}


@dataclass(frozen=True)
class _Parameter:
    """One number of the network and what the step does with it."""

    symbol: str
    weight: float
    penalty: float  # its gradient
    batch_gradient: float  # that of loss and penalty
    gradient: float  # with noise
    change: float
    before: tuple[float, ...]
    after: tuple[float, ...]

    @property
    def slope(self) -> str:
        """The symbol of the batch's gradient: J is the loss L and the penalty together."""
        return rf"\partial {'J' if self.penalty else 'L'}/\partial {self.symbol}"


def update_passages(told: PassageNumbers) -> tuple[DerivationStep, ...]:
    """Return what is said of each weight and bias that is told."""
    found: list[DerivationStep] = []
    for subject in told.subjects.updated:
        parameter = _parameter(told, subject)
        if (array := _array_of(subject)) in told.experiment.network.frozen:
            _mark(told, subject, parameter)
            still = (*_gradient_lines(told, parameter), rf"\Delta {parameter.symbol} = 0")
            sentence = f"{array} is held still, whatever its gradient is"
            found.append(told.passage(sentence, still, "", subject.layer, subject.unit, "update"))
            continue
        digits, step_lines = _step(told, parameter)
        memory_lines = _memory(told, parameter, digits)
        gradient_lines = _gradient_lines(told, parameter)
        costs = "J is the loss and what the weights cost, together" if parameter.penalty else ""
        if memory_lines:
            _mark(told, subject, parameter)
            note = told.once(_symbols(told.optimizer), costs)
            lines = (*gradient_lines, *memory_lines)
            found.append(told.passage(REMEMBERED[told.optimizer], lines, note, subject.layer, subject.unit, "update"))
            gradient_lines = ()
        _mark(told, subject, parameter)
        lines = (*gradient_lines, *step_lines)
        drawn = "ξ is a random number, one for each array" if told.noise else ""
        note = told.once("η, the aggression, is how far a step goes", drawn, costs)
        sentence = "Every weight takes a small step downhill"
        found.append(told.passage(sentence, lines, note, subject.layer, subject.unit, "update"))
    return tuple(found)


def _array_of(subject: Followed) -> str:
    """Return the name of the array that a weight or bias is in."""
    return f"{'b' if subject.kind == 'bias' else 'W'}{subject.layer}"


def _parameter(told: PassageNumbers, subject: Followed) -> _Parameter:
    numbers, layout, layer = told.numbers, told.experiment.network.layout, subject.layer
    name, place = _array_of(subject), (subject.unit, subject.source)
    symbol = told.symbols.w(layer, *place)
    if subject.kind == "bias":
        place = (subject.unit,)  # type: ignore[assignment]
        symbol = told.symbols.b(layer, subject.unit)

    def of(arrays: dict[str, Array]) -> float:
        return float(arrays[name][place])

    def remembered(memory: Array) -> tuple[float, ...]:
        return tuple(of(layout.arrays(row)) for row in memory)

    batch_gradient = of(numbers.batch_gradient)
    penalty = told.experiment.training.penalty.gradient(layout, layout.pack(numbers.weights))
    noise = float(numbers.trace.noise[layout.names.index(name)])
    return _Parameter(
        symbol,
        of(numbers.weights),
        of(layout.arrays(penalty)),
        batch_gradient,
        batch_gradient * noise,
        of(numbers.update),
        remembered(numbers.trace.memory_before),
        remembered(numbers.trace.memory_after),
    )


def _mark(told: PassageNumbers, subject: Followed, parameter: _Parameter) -> None:
    """Let the weight stand on its line, or the bias beside its neuron."""
    decimals = decimals_of_sum(parameter.weight, parameter.change)
    if subject.kind == "bias":
        told.bias_of(lambda value: fixed_number(value, decimals), subject.layer, subject.unit)
        return
    told.weight(lambda value: fixed_number(value, decimals), subject.layer, subject.unit, subject.source)
    told.show_edges(Edge(subject.layer, subject.unit, subject.source))


def _gradient_lines(told: PassageNumbers, one: _Parameter) -> tuple[str, ...]:
    """Return where the gradient comes from that the rule takes: all samples of the batch, and noise."""
    lines = []
    of_data = one.batch_gradient - one.penalty
    if told.numbers.n_batch > 1:
        over = rf"\mathrm{{over\ all\ {told.numbers.n_batch}\ samples}}"
        lines.append(rf"\partial L/\partial {one.symbol} = {signed_number(of_data, 3)}\ \ {over}")
    if one.penalty:
        lines.append(_penalty_line(told.experiment.training.penalty, one, of_data))
    if told.noise and told.optimizer != "sgd" and one.batch_gradient:
        noise = one.gradient / one.batch_gradient
        line = worked_formula(
            lambda w: rf"{bracketed(w(one.batch_gradient))} \times {bracketed(w(noise))}",
            one.gradient,
            lambda r: r(one.batch_gradient) * r(noise),
        )
        lines.append(rf"g = {one.slope}\,(1 + \mathit{{noise}} \cdot \xi) = {line.text}")
    return tuple(lines)


def _penalty_line(penalty: Penalty, one: _Parameter, of_data: float) -> str:
    """Return how the penalty on a weight joins the gradient of the data."""
    decay, l1, sign = penalty.weight_decay, penalty.l1, float(np.sign(one.weight))
    line = worked_formula(
        lambda w: (
            bracketed(w(of_data))
            + (rf" + {w(decay)} \cdot {bracketed(w(one.weight))}" if decay else "")
            + (rf" {'+' if sign > 0 else '−'} {w(l1)}" if l1 else "")
        ),
        one.batch_gradient,
        lambda r: r(of_data) + r(decay) * r(one.weight) + r(l1) * sign,
    )
    added = (rf" + \lambda\,{one.symbol}" if decay else "") + (
        rf" + \lambda_1 \mathrm{{sign}}\,{one.symbol}" if l1 else ""
    )
    return rf"{one.slope} = \partial L/\partial {one.symbol}{added} = {line.text}"


def _step(told: PassageNumbers, one: _Parameter) -> tuple[int, tuple[str, ...]]:
    """Return the digits that remembered numbers have, and the lines of Δw and of the new weight."""
    decimals, rate = decimals_of_sum(one.weight, one.change), told.numbers.trace.rate
    slope, noisy = one.slope, ""
    if told.noise:
        noisy = r"\,(1 + \mathit{noise} \cdot \xi)"
    noise = one.gradient / one.batch_gradient if one.batch_gradient else 1.0
    digits, before = 3, tuple[str, ...]()
    if told.optimizer == "sgd":
        gradient = one.batch_gradient if told.noise else one.gradient
        line = worked_formula(
            lambda w: (
                rf"−{w(rate)} \times {bracketed(w(gradient))}" + (rf" \times {bracketed(w(noise))}" if noisy else "")
            ),
            one.change,
            lambda r: -r(rate) * r(gradient) * (r(noise) if noisy else 1.0),
            decimals=decimals,
        )
        rule = rf"−\eta \,{slope}{noisy}"
    else:
        line, rule, before = _remembering_step(told, one, decimals)
        digits = line.digits
    sign = "+" if one.change >= 0 else "−"
    old = tinted(f"{{{fixed_number(one.weight, decimals)}}}", sign_tint(one.weight))  # in braces: no minus between two
    new, size = fixed_number(one.weight + one.change, decimals), fixed_number(abs(one.change), decimals)
    moved = rf"{one.symbol} \leftarrow {old} {sign} {size} = {new}"
    return digits, (*before, rf"\Delta {one.symbol} = {rule} = {line.text}", moved)


def _remembering_step(told: PassageNumbers, one: _Parameter, decimals: int) -> tuple[Worked, str, tuple[str, ...]]:
    """Return Δw of a rule with a memory: worked out, as symbols, and what is said before it."""
    rate, rule = told.numbers.trace.rate, told.experiment.training.optimizer
    if told.optimizer not in REMEMBERED:
        return Worked(_signed(one.change, decimals), 3), rf"\mathrm{{{told.optimizer.replace('_', ' ')}}}(g)", ()
    if told.optimizer in ("momentum", "nesterov"):
        velocity = one.after[0]
        if told.optimizer == "nesterov" or getattr(rule, "nesterov", False):
            share = float(getattr(rule, "momentum", 0.9))
            line = worked_formula(
                lambda w: rf"−{w(rate)} \times ({w(one.gradient)} + {w(share)} \cdot {bracketed(w(velocity))})",
                one.change,
                lambda r: -r(rate) * (r(one.gradient) + r(share) * r(velocity)),
                decimals=decimals,
            )
            return line, r"−\eta\,(g + \beta v)", ()
        line = worked_formula(
            lambda w: rf"−{w(rate)} \times {bracketed(w(velocity))}",
            one.change,
            lambda r: -r(rate) * r(velocity),
            decimals=decimals,
        )
        return line, r"−\eta\,v", ()
    if told.optimizer == "rmsprop":
        square, least = one.after[0], float(getattr(rule, "epsilon", 1e-8))
        line = worked_formula(
            lambda w: rf"−{w(rate)} \times {bracketed(w(one.gradient))} / \sqrt{{{w(square)}}}",
            one.change,
            lambda r: -r(rate) * r(one.gradient) / (np.sqrt(r(square)) + least),
            decimals=decimals,
        )
        return line, r"−\eta\,g / \sqrt{s}", ()
    count = told.numbers.trace.step + 1
    first, second = (1 - float(getattr(rule, name, 0.9)) ** count for name in ("beta1", "beta2"))
    mean, square, least = one.after[0] / first, one.after[1] / second, float(getattr(rule, "epsilon", 1e-8))
    line = worked_formula(
        lambda w: rf"−{w(rate)} \times {bracketed(w(mean))} / \sqrt{{{w(square)}}}",
        one.change,
        lambda r: -r(rate) * r(mean) / (np.sqrt(r(square)) + least),
        decimals=decimals,
    )
    corrected = []
    for symbol, share, value, corrected_value, power in (
        ("m", first, one.after[0], mean, rf"\beta_1^{{{count}}}"),
        ("s", second, one.after[1], square, rf"\beta_2^{{{count}}}"),
    ):
        told_line = worked_formula(
            lambda w, v=value, c=share: f"{bracketed(w(v))} / {w(c)}",  # type: ignore[misc]
            corrected_value,
            lambda r, v=value, c=share: r(v) / r(c),  # type: ignore[misc]
            signed=False,
            digits_shown=line.digits,
        )
        corrected.append(rf"\hat {symbol} = {symbol} / (1 − {power}) = {told_line.text}")
    return line, r"−\eta\,\hat m / \sqrt{\hat s}", tuple(corrected)


def _signed(value: float, decimals: int) -> str:
    return ("−" if value < 0 else "") + fixed_number(abs(value), decimals)


def _memory(told: PassageNumbers, one: _Parameter, digits: int) -> tuple[str, ...]:
    """Return how what the optimizer remembers takes in the new gradient."""
    rule, g = told.experiment.training.optimizer, one.gradient

    def running(symbol: str, keep: float, add: float, place: int, squared: bool) -> str:
        beta = r"\beta" + (f"_{place + 1}" if told.optimizer == "adam" else "")
        taken = "g^2" if squared else "g"
        rule = rf"{beta} {symbol} + {taken}" if add == 1 else rf"{beta} {symbol} + (1 − {beta})\,{taken}"
        old, new = one.before[place], one.after[place]
        power = "^2" if squared else ""
        line = worked_formula(
            lambda w: (
                rf"{w(keep)} \cdot {bracketed(w(old))} + "
                + (rf"{w(add)} \cdot " if add != 1 else "")
                + f"{f'({w(g)})' if squared else bracketed(w(g))}{power}"
            ),
            new,
            lambda r: r(keep) * r(old) + r(add) * (r(g) ** 2 if squared else r(g)),
            signed=False,
            digits_shown=digits,
        )
        return rf"{symbol} \leftarrow {rule} = {line.text}"

    if told.optimizer in ("momentum", "nesterov"):
        return (running("v", float(getattr(rule, "momentum", 0.9)), 1.0, 0, False),)
    if told.optimizer == "rmsprop":
        keep = float(getattr(rule, "decay", 0.99))
        return (running("s", keep, round(1 - keep, 12), 0, True),)
    if told.optimizer == "adam":
        one_, two = float(getattr(rule, "beta1", 0.9)), float(getattr(rule, "beta2", 0.999))
        return (running("m", one_, round(1 - one_, 12), 0, False), running("s", two, round(1 - two, 12), 1, True))
    return ()


def _symbols(optimizer: str) -> str:
    """Return what the letters of a rule stand for."""
    return {
        "momentum": "g is the gradient ∂L/∂w, v the velocity, β how much of it stays",
        "nesterov": "g is the gradient ∂L/∂w, v the velocity, β how much of it stays",
        "rmsprop": "g is the gradient ∂L/∂w, s the running mean of g², β how much of it stays",
        "adam": "g is the gradient ∂L/∂w, m and s the running means of g and g², β how much of them stays",
    }.get(optimizer, "")
