"""What users of Keras, PyTorch and scikit-learn write, and what it is called here; it understands none of it itself."""

from __future__ import annotations

from backprop_anim.config.yaml_nodes import Path

__all__ = ["FOREIGN_WORDS", "instruction", "own_word"]

A_PENALTY = "write weight_decay (λ/2·Σw²) or l1 (λ·Σ|w|)"
NO_SIZES = "letters are as large as a frame has room for; video.font chooses which they are"
AS_IT_IS = "a table is taken as it is: bring its numbers to about -1 to 1 in the file"
COLORS = "write theme: {kind: light, accent: '#d81b60'}"
A_TASK = "task.curve task.points task.series"

_ROWS = (
    # The sections, what is written there, and the key or name to write instead; or, with blanks, what is said. The
    # names of parts are words of the section's kind, and * stands for any part that has no row of its own.
    ("", "dataset data", "task"),
    ("", "model net architecture", "network"),
    ("", "train fit optimization", "training"),
    ("", "epochs", "training.epochs"),
    ("", "output film animation movie render", "video"),
    ("", "random_state random_seed rng_seed", "seed"),
    ("network", "hidden_layers hidden_layer_sizes hidden_units hidden_size hidden_sizes units neurons", "hidden"),
    ("network", "layer layer_sizes sizes", "layers"),
    ("network", "activations activation_function activation_fn nonlinearity", "activation"),
    ("network", "use_bias biases", "bias"),
    ("network", "frozen freeze_layers", "freeze"),
    ("network", "trainable", "write freeze: [W1, b1], the arrays that stand still"),
    ("network", "initializer initialization kernel_initializer weight_init", "init"),
    ("network.activation.leaky_relu", "alpha negative_slope", "slope"),
    ("network.activation.sine", "omega w0", "frequency"),
    ("network.init.normal", "std stddev sigma", "scale"),
    ("network.init.uniform", "min minval", "low"),
    ("network.init.uniform", "max maxval", "high"),
    ("training", "lr learning_rate_init base_lr eta eta0", "learning_rate"),
    ("training", "iterations num_iterations n_iter n_steps num_steps max_steps", "steps"),
    ("training", "max_iter", "write steps (updates) or epochs (times through the data)"),
    ("training", "num_epochs n_epochs max_epochs nb_epoch", "epochs"),
    ("training", "batch_size minibatch mini_batch", "batch"),
    ("training", "l2 alpha", "weight_decay"),
    ("training", "regularization regularizer kernel_regularizer", A_PENALTY),
    ("training", "early_stopping patience", "write stop: {loss: 0.01}"),
    ("training", "shuffle", "write order: shuffled"),
    ("training", "momentum", "write optimizer: {kind: momentum, momentum: 0.9}"),
    ("training", "nesterov", "write optimizer: {kind: momentum, nesterov: true}"),
    ("training", "loss_function loss_fn criterion objective", "loss"),
    ("training", "solver optimiser", "optimizer"),
    ("training", "scheduler lr_schedule lr_scheduler learning_rate_schedule", "schedule"),
    ("training.schedule.step", "gamma", "factor"),
    ("training.schedule.step", "step_size", "every"),
    ("training.optimizer.*", "lr learning_rate eta eta0", "training.learning_rate"),
    ("training.optimizer.*", "aggression", "training.aggression"),
    ("training.optimizer.*", "momentum", "write {kind: momentum, momentum: 0.9}"),
    ("training.optimizer.*", "nesterov", "write {kind: momentum, nesterov: true}"),
    ("training.optimizer.momentum training.optimizer.nesterov", "beta mu", "momentum"),
    ("training.optimizer.rmsprop", "alpha rho", "decay"),
    ("training.optimizer.*", "l2 weight_decay", "training.weight_decay"),
    ("training.optimizer.adam training.optimizer.rmsprop", "eps", "epsilon"),
    ("training.optimizer.adamw training.optimizer.adagrad", "eps", "epsilon"),
    ("training.optimizer.adam training.optimizer.adamw", "beta_1", "beta1"),
    ("training.optimizer.adam training.optimizer.adamw", "beta_2", "beta2"),
    ("training.optimizer.adam training.optimizer.adamw", "betas", "write beta1 and beta2"),
    ("snapshots", "frames n_frames", "count"),
    ("snapshots", "interval", "every"),
    ("snapshots", "kind", "schedule"),
    ("video", "duration length", "seconds"),
    ("video", "fonts font_family typeface", "font"),
    ("video", "fontsize font_size", NO_SIZES),
    ("video", "format", "formats"),
    ("video", "resolution dimensions", "size"),
    ("video", "width height dpi", "write size: 1280x720"),
    ("video", "frame_rate framerate", "fps"),
    ("video", "style", "theme"),
    ("video", "color colors colour colours palette", COLORS),
    ("video.theme.*", "color colour", "accent"),
    ("video.theme.*", "font fonts font_family", "write video.font"),
    ("video.theme.*", "fontsize font_size", NO_SIZES),
    ("task.table", "path csv filename filepath", "file"),
    ("task.curve", "path svg drawing filename filepath", "file"),
    ("task.picture", "path image img picture filename filepath", "file"),
    ("task.picture", "resolution width height points n", "size"),
    ("task.picture", "gray greyscale grayscale", "grey"),
    (
        "task.picture",
        "normalize standardize scale",
        "places go from -1 to 1 and colours from 0 to 1",
    ),
    ("task.table", "x", "inputs"),
    ("task.table", "sep delimiter", "read: {separator: …}"),
    ("task.table", "y target label labels", "targets"),
    ("task.table", "standardize scale scaler", "normalize"),
    ("task.table", "n n_samples samples points", "a table is taken whole; there is no number of samples to give"),
    (A_TASK, "n n_samples samples", "points"),
    ("task.curve task.series", "normalize standardize", "scale"),
    ("task.kind", "svg drawing", "curve"),
    ("task.kind", "csv file data dataset", "table"),
    ("task.kind", "image img photo", "picture"),
    ("task.kind", "classification", "points"),
    ("task.kind", "regression function", "series"),
    ("network.activation.kind", "logistic", "sigmoid"),
    ("network.activation.kind", "identity none", "linear"),
    ("network.activation.kind", "silu", "swish"),
    ("network.activation.kind", "mish", "the nearest is swish"),
    ("network.activation.kind", "hardtanh", "hard_tanh"),
    ("network.activation.kind", "prelu lrelu", "the nearest is leaky_relu"),
    ("network.activation.kind", "log_softmax", "the nearest is softmax"),
    ("network.init.kind", "glorot glorot_normal xavier_normal", "xavier"),
    ("network.init.kind", "kaiming kaiming_normal he_normal", "he"),
    ("network.init.kind", "glorot_uniform xavier_uniform", "the nearest is xavier"),
    ("network.init.kind", "lecun_normal", "lecun"),
    ("network.init.kind", "lecun_uniform", "the nearest is lecun"),
    ("network.init.kind", "kaiming_uniform he_uniform", "the nearest is he"),
    ("network.init.kind", "random_normal gaussian", "normal"),
    ("network.init.kind", "random random_uniform", "uniform"),
    ("training.loss.kind", "bce bceloss binary_crossentropy bcewithlogitsloss", "binary_cross_entropy"),
    ("training.loss.kind", "l1 l1loss mean_absolute_error absolute_error", "mae"),
    ("training.loss.kind", "huberloss huber_loss", "huber"),
    ("training.loss.kind", "smooth_l1 smoothl1loss", "the nearest is huber"),
    ("training.loss.huber", "beta epsilon", "delta"),
    ("training.loss.kind", "nll nllloss crossentropy crossentropyloss", "cross_entropy"),
    ("training.loss.kind", "categorical_crossentropy sparse_categorical_crossentropy", "cross_entropy"),
    ("training.loss.kind", "log_loss", "write binary_cross_entropy, or cross_entropy for a softmax output"),
    ("training.loss.kind", "mean_squared_error mseloss squared_error l2", "mse"),
    ("training.optimizer.kind", "nadam adamax", "the nearest is adam"),
    ("training.optimizer.kind", "adadelta", "the nearest is rmsprop"),
    ("training.optimizer.kind", "nag", "nesterov"),
    ("training.optimizer.kind", "gd gradient_descent", "sgd"),
    ("training.order.kind", "shuffle", "shuffled"),
    ("training.order.kind", "sequential", "cyclic"),
    ("training.schedule.kind", "cosine_annealing cosineannealinglr", "cosine"),
    ("training.schedule.kind", "exponentiallr", "exponential"),
    ("training.schedule.kind", "onecycle onecyclelr", "one_cycle"),
    ("training.schedule.kind", "linear_warmup warm_up linearlr sequentiallr", "warmup"),
    ("training.schedule.warmup", "warmup_steps total_iters", "steps"),
    ("training.schedule.warmup", "start_factor", "start"),
    ("training.schedule.warmup", "after schedule", "then"),
    ("training", "warmup warmup_steps", "write schedule: {kind: warmup, steps: 100}"),
    ("training.schedule.kind", "step_decay steplr", "the nearest is step"),
    ("video.formats", "avi mov mkv m4v mpeg", "the nearest is mp4"),
    ("video.formats", "jpg jpeg svg", "the nearest is png"),
)

FOREIGN_WORDS = {
    (section, word): answer
    for sections, words, answer in _ROWS
    for section in sections.split(" ")  # the top of the file is an empty word
    for word in words.split()
}
"""The answer for a word in a section."""


def own_word(section: Path, word: str) -> str:
    """Return the key or name to write instead of `word`, or a sentence where there is none; nothing if unknown.

    Parameters
    ----------
    section : Path
        Where the word stands: the keys that lead there, and the name of the part whose option it is, if it is one.
    word : str
    """
    names = [part for part in section if isinstance(part, str)]
    plain = word.lower().replace("-", "_").replace(" ", "_")
    places = (".".join(names), ".".join([*names[:-1], "*"]))
    return next((found for place in places if (found := FOREIGN_WORDS.get((place, plain)))), "")


def instruction(answer: str) -> str:
    """Return an answer of `own_word` as a message says it."""
    return answer if " " in answer else f"write {answer}"
