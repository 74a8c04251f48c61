"""scikit-learn: `record_fit` runs the own `fit` of a pipeline, and the film's axes are in centimetres, as the data are.

python recipes/sklearn_iris.py [FOLDER] [--quick]
"""

from __future__ import annotations

import argparse

from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from backprop_anim import record_fit

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("folder", nargs="?", default="outputs", help="where the film goes")
parser.add_argument("--quick", action="store_true", help="a short training and a small film")
asked = parser.parse_args()
small = {"size": "320x180", "fps": 10, "seconds": 1} if asked.quick else {}

iris = load_iris()
petals = iris.data[:, 2:]
x, x_test, y, y_test = train_test_split(petals, iris.target, test_size=0.3, random_state=0, stratify=iris.target)

network = MLPClassifier(
    hidden_layer_sizes=(6,),
    activation="tanh",
    learning_rate_init=0.02,
    batch_size=15,
    max_iter=10 if asked.quick else 500,  # it stops by itself before; early_stopping=True is recorded just as well
    random_state=0,
)
model = make_pipeline(StandardScaler(), network)
recording = record_fit(
    model,
    x,
    y,
    x_test=x_test,
    y_test=y_test,
    name="iris",
    names={"inputs": ["petal length", "petal width"], "classes": list(iris.target_names)},
)

print(f"fitted as by its own fit: {model.score(x_test, y_test):.0%} of the held-out flowers are right")
print(recording.film(asked.folder, formats=["mp4"], **small))
