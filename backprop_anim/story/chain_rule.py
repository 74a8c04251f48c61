"""One training step told phase by phase, in sentences and in formulas with its numbers; it never draws."""

from __future__ import annotations

from backprop_anim.engine import optimizers
from backprop_anim.experiment import Experiment, followed_part
from backprop_anim.story.backward_pass import backward_passages
from backprop_anim.story.forward_pass import forward_passages, loss_passage
from backprop_anim.story.moment import Phase
from backprop_anim.story.outcome import outcome_passage
from backprop_anim.story.passage_numbers import PassageNumbers
from backprop_anim.story.passages import DerivationStep
from backprop_anim.story.step_values import StepValues
from backprop_anim.story.update_rule import update_passages
from backprop_anim.story.worth_telling import subjects_of

__all__ = ["derivation_steps", "general_formulas"]


def derivation_steps(experiment: Experiment, numbers: StepValues) -> dict[Phase, tuple[DerivationStep, ...]]:
    """Return the passages of each phase, to be shown one after another."""
    network = experiment.network
    chosen = next(motion for motion in experiment.video.slow_motion if motion.step == numbers.trace.step)
    followed = tuple(followed_part(word, network.sizes, network.bias) for word in chosen.follow)
    told = PassageNumbers(experiment, numbers, subjects_of(numbers, followed))
    return {  # in this order: a symbol is said where it comes first
        "forward": forward_passages(told),
        "loss": (loss_passage(told),),
        "backward": backward_passages(told),
        "update": update_passages(told),
        "outcome": (outcome_passage(told),),
    }


def general_formulas(experiment: Experiment) -> DerivationStep:
    """Return the formulas of every step, without numbers."""
    fused = experiment.training.loss.output is not None
    error = r"\hat y − y" if fused else r"\partial L/\partial \hat y \cdot f′(z^{(L)})"
    noise = r"\,(1 + \mathit{noise} \cdot \xi)" if experiment.training.noise else ""
    name = optimizers.name_of(experiment.training.optimizer)
    penalty = experiment.training.penalty
    slope = r"\partial L/\partial W"
    if penalty:
        slope += r" + \lambda W" if penalty.weight_decay else ""
        slope = f"({slope}" + (r" + \lambda_1 \mathrm{sign} W)" if penalty.l1 else ")")
    rule = rf"−\eta \,{slope}{noise}" if name == "sgd" else rf"\mathrm{{{name}}}({slope}{noise})"
    by = experiment.training.trained_by
    change = r"W^{(l)} \leftarrow W^{(l)} + \Delta W^{(l)}" if by else rf"\Delta W = {rule}"
    rate = f"ΔW is what {by} added" if by else "η is the aggression"
    return DerivationStep(
        "Every step: forward, loss, backward, update",
        (
            r"z^{(l)} = W^{(l)} a^{(l−1)}"
            + (r" + b^{(l)}" if experiment.network.bias else "")
            + r",\quad a^{(l)} = f(z^{(l)})",
            rf"\delta^{{(L)}} = {error},\quad \delta^{{(l)}} = W^{{(l+1)\top}} \delta^{{(l+1)}} \cdot f′(z^{{(l)}})",
            rf"\partial L/\partial W^{{(l)}} = \delta^{{(l)}} a^{{(l−1)\top}},\quad {change}",
        ),
        "l counts the layers, L is the last; f is the activation, f′ its slope; "
        f"{rate}; ⊤ swaps rows and columns"
        + ("; ξ is a random number" if noise else "")
        + ("; λ says what large weights cost" if penalty else ""),
    )
