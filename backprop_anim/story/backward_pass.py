"""The backward pass of one step, told with its numbers: where the error comes from, and what it asks of a weight."""

from __future__ import annotations

import numpy as np

from backprop_anim.experiment import Followed
from backprop_anim.story.formula_tints import tinted
from backprop_anim.story.notation import slope_words
from backprop_anim.story.passage_numbers import MOST_TERMS, PassageNumbers
from backprop_anim.story.passages import DerivationStep, Edge
from backprop_anim.story.worked_formula import (
    Rounded,
    Worked,
    Written,
    bracketed,
    signed_number,
    worked_formula,
)

__all__ = ["backward_passages"]


def backward_passages(told: PassageNumbers) -> tuple[DerivationStep, ...]:
    """Return a passage for each neuron that is told, from the output back: its δ, and the gradient of one weight."""
    found = []
    for subject in told.subjects.backward:
        layer, unit = subject.layer, subject.unit
        product = _gradient(told, subject)  # first: it says how many digits δ has
        if layer == told.last:
            line = _output_delta(told, unit, product.digits)
            sentence = f"How much does the z of {told.neuron(layer, unit)} move the loss?"
        else:
            line = _hidden_delta(told, layer, unit, product.digits)
            neuron = told.neuron(layer, unit)
            sentence = f"{neuron[0].upper()}{neuron[1:]} gets its share of the error"
        slope = slope_words(told.names[layer - 1]) if "′(" in line else ""
        meaning = "δ is the slope of the loss L along z"
        note = told.once(meaning, slope, "L's slope along w is δ times what came in")
        found.append(told.passage(sentence, (line, product.text), note, layer, unit, "backward"))
    return tuple(found)


def _gradient(told: PassageNumbers, subject: Followed) -> Worked:
    """Return the gradient of a weight or a bias: the delta behind it, times the activation before it."""
    numbers, layer, unit, source = told.numbers, subject.layer, subject.unit, subject.source
    delta = float(numbers.delta[layer - 1][unit])
    symbol = tinted(told.symbols.delta(layer, unit), "error")
    if subject.kind == "bias":
        text = told.delta(lambda value: signed_number(value, 3), layer, unit)
        return Worked(rf"\partial L/\partial {told.symbols.b(layer, unit)} = {symbol} = {text}", 3)
    before = float(numbers.a[layer - 1][source])
    line = worked_formula(
        lambda w: f"{told.delta(w, layer, unit)} \\times {told.value(w, layer - 1, source)}",
        float(numbers.gradient[f"W{layer}"][unit, source]),
        lambda r: r(delta) * r(before),
    )
    told.show_edges(Edge(layer, unit, source))
    symbols = rf"{symbol}\,{told.symbols.a(layer - 1, source)}"
    return Worked(rf"\partial L/\partial {told.symbols.w(layer, unit, source)} = {symbols} = {line.text}", line.digits)


def _output_delta(told: PassageNumbers, k: int, digits: int) -> str:
    numbers, layer, symbols = told.numbers, told.last, told.symbols
    a, y, value = float(numbers.a[-1][k]), float(numbers.target[k]), float(numbers.delta[-1][k])
    delta, output, z = tinted(symbols.delta(layer, k), "error"), symbols.a(layer, k), symbols.z(layer, k)

    part = told.loss.tell(a, y)
    if told.names[-1] == "softmax" and told.loss.output is None:
        every, shown = (
            _factor(part.slope_of_any or part.slope).format(a=r"\hat y_m", y="y_m"),
            tinted(signed_number(value, digits), "error"),
        )
        return rf"{delta} = \sum_m {every}\,\partial \hat y_m/\partial {z} = {shown}"

    def filled(template: str, w: Written) -> str:
        return template.format(a=told.value(w, layer, k), y=told.target(w, k))

    def slope_again(r: Rounded) -> float:
        return told.loss_slope(r(a), r(y))

    if told.loss.output is not None or told.names[-1] == "linear":
        line = worked_formula(lambda w: filled(part.slope, w), value, slope_again, digits_shown=digits, tint="error")
        return rf"{delta} = {part.slope.format(a=output, y=symbols.y(k))} = {line.text}"
    steepness = float(numbers.slope[-1][k])
    line = worked_formula(
        lambda w: f"{filled(_factor(part.slope), w)} \\times {bracketed(w(steepness))}",
        value,
        lambda r: slope_again(r) * r(steepness),
        digits_shown=digits,
        tint="error",
    )
    product = _factor(part.slope).format(a=output, y=symbols.y(k))
    return rf"{delta} = {product}\,{told.functions[-1]}′({z}) = {line.text}"


def _factor(template: str) -> str:
    """Put a difference in brackets, as a factor needs them."""
    return f"({template})" if template.startswith("{a}") else template


def _hidden_delta(told: PassageNumbers, layer: int, j: int, digits: int) -> str:
    """Return δ of a hidden neuron: what comes back along its lines, times the slope of its activation."""
    numbers, behind = told.numbers, layer + 1
    weights, after = numbers.weights[f"W{behind}"][:, j], numbers.delta[layer]
    slope, value = float(numbers.slope[layer - 1][j]), float(numbers.delta[layer - 1][j])
    delta, z = tinted(told.symbols.delta(layer, j), "error"), told.symbols.z(layer, j)
    sizes = np.abs(weights * after)
    shown = list(range(len(after)))
    if len(shown) > MOST_TERMS + 1:
        shown = sorted(np.argsort(-sizes, kind="stable")[:MOST_TERMS].tolist())
    others = [k for k in range(len(after)) if k not in shown]
    rest = float(weights[others] @ after[others])
    told.show_edges(*(Edge(behind, k, j) for k in range(len(after))))

    def write(w: Written) -> str:
        terms = [f"{told.delta(w, behind, k)} \\times {told.weight(w, behind, k, j)}" for k in shown]
        terms += [f"… {bracketed(w(rest))}"] if others else []
        total = " + ".join(terms)
        return rf"{f'({total})' if len(terms) > 1 else total} \times {bracketed(w(slope))}"

    def again(r: Rounded) -> float:
        return (sum(r(after[k]) * r(weights[k]) for k in shown) + (r(rest) if others else 0.0)) * r(slope)

    line = worked_formula(write, value, again, digits_shown=digits, tint="error")
    if len(after) == 1:
        symbols = rf"{tinted(told.symbols.delta(behind, 0), 'error')}\,{told.symbols.w(behind, 0, j)}"
    else:
        symbols = rf"(\sum_k \delta_k^{{({behind})}}\, w_{{k{j + 1}}}^{{({behind})}})"
    return rf"{delta} = {symbols}\,{told.functions[layer - 1]}′({z}) = {line.text}"
