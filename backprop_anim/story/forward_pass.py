"""The forward pass and the loss of one step, told with their numbers."""

from __future__ import annotations

import numpy as np

from backprop_anim.story.notation import function_words
from backprop_anim.story.passage_numbers import MOST_TERMS, PassageNumbers
from backprop_anim.story.passages import DerivationStep, Edge
from backprop_anim.story.worked_formula import (
    Rounded,
    Worked,
    Written,
    bracketed,
    digits_that_keep,
    plain_number,
    worked_formula,
)

__all__ = ["forward_passages", "loss_passage"]


def forward_passages(told: PassageNumbers) -> tuple[DerivationStep, ...]:
    """Return a passage for each neuron that is told: its weighted sum, and what becomes of it."""
    found = []
    for place, subject in enumerate(told.subjects.forward):
        layer, unit = subject.layer, subject.unit
        z, a, function, name = (
            told.symbols.z(layer, unit),
            told.symbols.a(layer, unit),
            told.functions[layer - 1],
            told.names[layer - 1],
        )
        z_value, a_value = float(told.numbers.z[layer - 1][unit]), float(told.numbers.a[layer][unit])
        activation = told.experiment.network.activations[layer - 1]

        def answer(value: float, activation=activation) -> float:  # type: ignore[no-untyped-def]
            given, out = np.array([[value]]), np.empty((1, 1))
            activation.value(given, out)
            return float(out[0, 0])

        digits = 3 if name in ("softmax", "linear") else digits_that_keep(z_value, answer)
        line = _weighted_sum(told, layer, unit, digits)
        told.show_value(lambda value: plain_number(value, 3), layer, unit)
        shown = plain_number(a_value, 3)
        if name == "softmax":
            second = rf"{a} = e^{{{z}}} / \sum e^z = {shown}"
        elif name == "linear":
            second = rf"{a} = {z} = {shown}"
        else:
            second = rf"{a} = {function}({z}) = {function}({plain_number(z_value, digits)}) = {shown}"
        neuron = told.neuron(layer, unit)
        added = " and its bias" if told.bias else ""
        why = "" if told.subjects.is_chosen or layer == told.last or place else "told because the error moves it most"
        answers = "ŷ is the network's answer" if layer == told.last else ""
        others = "… stands for the other terms together" if "…" in line.text else ""
        note = told.once(why, others, function_words(name), answers)
        sentence = f"{neuron[0].upper()}{neuron[1:]} adds up its weighted inputs{added}"
        found.append(told.passage(sentence, (rf"{z} = {line.text}", second), note, layer, unit, "forward"))
    return tuple(found)


def loss_passage(told: PassageNumbers) -> DerivationStep:
    """Return what is said of how far off the answer is: what each output adds to the loss."""
    outputs, target, shown, last = told.numbers.a[-1], told.numbers.target, told.numbers.loss, told.last
    parts = [told.loss.tell(float(a), float(y)) for a, y in zip(outputs, target, strict=True)]
    adding = [k for k, part in enumerate(parts) if part.value]

    def write(w: Written) -> str:
        written = (parts[k].value.format(a=told.value(w, last, k), y=told.target(w, k)) for k in adding)
        return " + ".join(written).replace("+ −", "− ")

    line = worked_formula(
        write, shown, lambda r: sum(parts[k].again(r(outputs[k]), r(target[k])) for k in adding), signed=False
    )
    words, one = "", parts[adding[0]]
    symbols = one.value.format(a=told.symbols.a(last, adding[0]), y=told.symbols.y(adding[0]))
    text = f"L = {symbols} = {line.text}"
    if len(adding) > 1:
        words, of_any = one.words, one.value_of_any or one.value
        symbols = of_any.format(a=r"\hat y_k", y="y_k", p="p_k")
        text = rf"L = \sum {symbols} = {line.text}"
    if len(adding) > MOST_TERMS:
        text = rf"L = \sum_{{k=1}}^{{{len(outputs)}}} {symbols} = {plain_number(shown, 3)}"
    has = "there are" if told.experiment.training.by else "the step sees"  # of what others trained that is not known
    alone = f"sample {told.numbers.sample} alone; {has} {told.numbers.n_batch}"
    note = told.once("L is the loss, y the target", words, alone if told.numbers.n_batch > 1 else "")
    subject = told.subjects.forward[-1]
    return told.passage("How far off is the answer?", (text,), note, last, subject.unit, "loss")


def _weighted_sum(told: PassageNumbers, layer: int, unit: int, digits: int) -> Worked:
    """Return z of a neuron: its largest terms, the rest as one number, and its bias."""
    weights, before = told.numbers.weights[f"W{layer}"][unit], told.numbers.a[layer - 1]
    shown = told.largest_terms(layer, unit)
    others = [source for source in range(len(weights)) if source not in shown]
    rest = float(weights[others] @ before[others])
    bias = float(told.numbers.weights[f"b{layer}"][unit]) if told.bias else None
    told.show_edges(*(Edge(layer, unit, source) for source in range(len(weights))))

    def write(w: Written) -> str:
        terms = [f"{told.weight(w, layer, unit, m)} \\cdot {told.value(w, layer - 1, m)}" for m in shown]
        terms += [f"… {bracketed(w(rest))}"] if others else []
        terms += [told.bias_of(w, layer, unit)] if bias is not None else []
        return " + ".join(terms)

    def again(r: Rounded) -> float:
        total = sum(r(weights[m]) * r(before[m]) for m in shown)
        return total + (r(rest) if others else 0.0) + (r(bias) if bias is not None else 0.0)

    return worked_formula(write, float(told.numbers.z[layer - 1][unit]), again, signed=False, digits_shown=digits)
