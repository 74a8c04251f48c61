"""What an optimizer remembers, and the step that it makes of it, told with their numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from backprop_anim.story.passage_numbers import PassageNumbers
from backprop_anim.story.worked_formula import (
    Worked,
    bracketed,
    fixed_number,
    worked_formula,
)

__all__ = ["REMEMBERED", "ToldParameter", "memory_lines", "remembering_step", "symbols_of"]

REMEMBERED = {
    "momentum": "Momentum adds the new gradient to a velocity",
    "nesterov": "Momentum adds the new gradient to a velocity",
    "adagrad": "AdaGrad adds up how large gradients have been",
    "rmsprop": "RMSProp remembers how large gradients have been",
    "adam": "Adam remembers the gradient's mean and that of its square",
    "adamw": "AdamW remembers the gradient's mean and that of its square",
}


@dataclass(frozen=True)
class ToldParameter:
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


def remembering_step(told: PassageNumbers, one: ToldParameter, decimals: int) -> tuple[Worked, str, tuple[str, ...]]:
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
    if told.optimizer in ("adagrad", "rmsprop"):
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
    decay, w_now = float(getattr(rule, "weight_decay", 0.0)), one.weight
    line = worked_formula(
        lambda w: (
            rf"−{w(rate)} \times {bracketed(w(mean))} / \sqrt{{{w(square)}}}"
            + (rf" − {w(rate)} \times {w(decay)} \times {bracketed(w(w_now))}" if decay else "")
        ),
        one.change,
        lambda r: -r(rate) * r(mean) / (np.sqrt(r(square)) + least) - r(rate) * r(decay) * r(w_now),
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
    shrinks = rf" − \eta\lambda\,{one.symbol}" if decay else ""
    return line, rf"−\eta\,\hat m / \sqrt{{\hat s}}{shrinks}", tuple(corrected)


def _signed(value: float, decimals: int) -> str:
    return ("−" if value < 0 else "") + fixed_number(abs(value), decimals)


def memory_lines(told: PassageNumbers, one: ToldParameter, digits: int) -> tuple[str, ...]:
    """Return how what the optimizer remembers takes in the new gradient."""
    rule, g = told.experiment.training.optimizer, one.gradient

    def running(symbol: str, keep: float, add: float, place: int, squared: bool) -> str:
        beta = r"\beta" + (f"_{place + 1}" if told.optimizer in ("adam", "adamw") else "")
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
    if told.optimizer == "adagrad":
        return (_sum_of_squares(one, digits),)
    if told.optimizer in ("adam", "adamw"):
        one_, two = float(getattr(rule, "beta1", 0.9)), float(getattr(rule, "beta2", 0.999))
        return (running("m", one_, round(1 - one_, 12), 0, False), running("s", two, round(1 - two, 12), 1, True))
    return ()


def _sum_of_squares(one: ToldParameter, digits: int) -> str:
    """Return how AdaGrad's sum takes in the new gradient."""
    old, g = one.before[0], one.gradient
    line = worked_formula(
        lambda w: f"{w(old)} + ({w(g)})^2",
        one.after[0],
        lambda r: r(old) + r(g) ** 2,
        signed=False,
        digits_shown=digits,
    )
    return rf"s \leftarrow s + g^2 = {line.text}"


def symbols_of(optimizer: str) -> str:
    """Return what the letters of a rule stand for."""
    return {
        "momentum": "g is the gradient ∂L/∂w, v the velocity, β how much of it stays",
        "nesterov": "g is the gradient ∂L/∂w, v the velocity, β how much of it stays",
        "adagrad": "g is the gradient ∂L/∂w, s the sum of all g²",
        "rmsprop": "g is the gradient ∂L/∂w, s the running mean of g², β how much of it stays",
        "adam": "g is the gradient ∂L/∂w, m and s the running means of g and g², β how much of them stays",
        "adamw": "g is the gradient ∂L/∂w, m and s the running means of g and g², β how much of them stays; "
        "λ is how much of itself a weight loses",
    }.get(optimizer, "")
