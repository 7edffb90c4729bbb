"""Dockerfiles and manifests that a slip has spoilt are judged in words, whatever the slip: no check falls over."""

import random
from copy import deepcopy
from pathlib import Path

import pytest
import yaml

from helpers.checks import CheckFailed
from helpers.checks.week5 import dockerfiles, kubernetes

BANK = Path(__file__).parents[1] / "variants" / "week5"
CONTEXT = dict.fromkeys(
    ("server.py", "model/model.joblib", "model/code/inference.py", "requirements.txt", ".git/config"), 1
)
LINES = ("FROM", "FROM x AS", "ARG", "ENV", "ENV A='x", "COPY", "COPY --from=9 a", "RUN", "RUN <<EOF", "CMD [", "USER")
VALUES = (None, {}, [], "", "http", 0, -1, 3.5, True, "100%", {"a": 1}, [None])


def answer(path, function):
    names = {}
    exec(path.read_text(), names)
    return names[function]


def spoilt_lines(text, rng):
    lines = text.splitlines()
    for _ in range(rng.randint(1, 3)):
        place = rng.randrange(len(lines))
        spoil = rng.choice(("cut", "add", "swap", "shuffle"))
        if spoil == "cut":
            lines[place] = lines[place][: rng.randrange(len(lines[place]) + 1)]
        elif spoil == "add":
            lines.insert(place, rng.choice(LINES))
        elif spoil == "swap":
            lines[place], lines[-1] = lines[-1], lines[place]
        else:
            lines[place] = "".join(rng.sample(lines[place], len(lines[place])))
    return "\n".join(lines)


def places(part):
    """Every place in a tree of dictionaries and lists: the container, and the key or index in it."""
    for key in list(part) if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ():
        yield part, key
        yield from places(part[key])


@pytest.mark.parametrize("seed", range(8))
def test_a_spoilt_dockerfile_is_judged(seed):
    rng = random.Random(seed)
    for path in sorted((BANK / "container").glob("right_*.py")):
        files = answer(path, "image_files")()
        dockerfiles.dockerfile(files, CONTEXT)
        for _ in range(5):
            try:
                dockerfiles.dockerfile({**files, "Dockerfile": spoilt_lines(files["Dockerfile"], rng)}, CONTEXT)
            except CheckFailed as failed:
                assert str(failed)


@pytest.mark.parametrize("seed", range(8))
def test_spoilt_manifests_are_judged(seed):
    rng = random.Random(seed)
    text = answer(BANK / "kubernetes" / "right_expressions.py", "manifests")("delays:1", 3)
    kubernetes.agree(text, "delays:1", 3)
    whole = list(yaml.safe_load_all(text))
    for _ in range(12):
        documents = deepcopy(whole)
        part, key = rng.choice(list(places(documents)))
        part[key] = rng.choice(VALUES)
        try:
            kubernetes.agree(yaml.safe_dump_all(documents), "delays:1", 3)
        except CheckFailed as failed:
            assert str(failed)
