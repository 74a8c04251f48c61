"""The update of one weight or bias, told with its numbers and with what the optimizer remembers."""

from __future__ import annotations

import numpy as np

from backprop_anim.engine import Array, Penalty
from backprop_anim.experiment import Followed
from backprop_anim.story.formula_tints import sign_tint, tinted
from backprop_anim.story.optimizer_memory import (
    REMEMBERED,
    ToldParameter,
    memory_lines,
    remembering_step,
    symbols_of,
)
from backprop_anim.story.passage_numbers import PassageNumbers
from backprop_anim.story.passages import DerivationStep, Edge
from backprop_anim.story.worked_formula import (
    bracketed,
    decimals_of_sum,
    fixed_number,
    signed_number,
    worked_formula,
)

__all__ = ["update_passages"]

STEP_OF_OTHERS = "The training moves every weight"


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
        if by := told.experiment.training.trained_by:
            _mark(told, subject, parameter)
            lines = (*_gradient_lines(told, parameter), _moved(parameter))
            several = told.experiment.training.stride != 1
            made = f"these are {told.experiment.training.told_as} of {by}" if several else f"the step is that of {by}"
            note = told.once(f"{made}; the gradient over all data shows the way downhill")
            sentence = f"{told.experiment.training.told_as} move every weight" if several else STEP_OF_OTHERS
            sentence = sentence[0].upper() + sentence[1:]
            found.append(told.passage(sentence, lines, note, subject.layer, subject.unit, "update"))
            continue
        digits, step_lines = _step(told, parameter)
        remembered = memory_lines(told, parameter, digits)
        gradient_lines = _gradient_lines(told, parameter)
        costs = "J is the loss and what the weights cost, together" if parameter.penalty else ""
        if remembered:
            _mark(told, subject, parameter)
            symbols = symbols_of(told.optimizer)
            note = told.once(symbols.replace("∂L", "∂J") if parameter.penalty else symbols, costs)
            lines = (*gradient_lines, *remembered)
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


def _parameter(told: PassageNumbers, subject: Followed) -> ToldParameter:
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
    return ToldParameter(
        symbol,
        of(numbers.weights),
        of(layout.arrays(penalty)),
        batch_gradient,
        batch_gradient * noise,
        of(numbers.update),
        remembered(numbers.trace.memory_before),
        remembered(numbers.trace.memory_after),
    )


def _mark(told: PassageNumbers, subject: Followed, parameter: ToldParameter) -> None:
    """Let the weight stand on its line, or the bias beside its neuron."""
    decimals = decimals_of_sum(parameter.weight, parameter.change)
    if subject.kind == "bias":
        told.bias_of(lambda value: fixed_number(value, decimals), subject.layer, subject.unit)
        return
    told.weight(lambda value: fixed_number(value, decimals), subject.layer, subject.unit, subject.source)
    told.show_edges(Edge(subject.layer, subject.unit, subject.source))


def _gradient_lines(told: PassageNumbers, one: ToldParameter) -> tuple[str, ...]:
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


def _penalty_line(penalty: Penalty, one: ToldParameter, of_data: float) -> str:
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


def _step(told: PassageNumbers, one: ToldParameter) -> tuple[int, tuple[str, ...]]:
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
        line, rule, before = remembering_step(told, one, decimals)
        digits = line.digits
    return digits, (*before, rf"\Delta {one.symbol} = {rule} = {line.text}", _moved(one))


def _moved(one: ToldParameter) -> str:
    """Return how a weight comes to its new value."""
    decimals = decimals_of_sum(one.weight, one.change)
    sign = "+" if one.change >= 0 else "−"
    old = tinted(f"{{{fixed_number(one.weight, decimals)}}}", sign_tint(one.weight))  # in braces: no minus between two
    new, size = fixed_number(one.weight + one.change, decimals), fixed_number(abs(one.change), decimals)
    return rf"{one.symbol} \leftarrow {old} {sign} {size} = {new}"
