"""A competitor in Python: worker.py <framework> <model> <mode> <threads>, spoken to as ../protocol.ts says.

One line of JSON a message. Between turns the process sleeps on its standard input.
"""

import importlib
import json
import os
import signal
import sys
import time

from deepfacelab_sizes import MODELS

WARMUP_STEPS = 5


def build(framework: str, model: str, mode: str):
    """The training step of a model and the number of its parameters."""
    if model in MODELS:
        return importlib.import_module(f"{framework}_deepfacelab").build(mode, MODELS[model])
    return importlib.import_module(f"{framework}_{model}").build(mode)


def main(framework: str, model: str, mode: str, threads: int) -> None:
    # Ctrl-C reaches every process of the terminal; the bench decides when the work ends, by closing this one's input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What libraries print must not mix with the answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)

    versions = importlib.import_module(f"{framework}_setup").set_up(threads)
    step, parameters = build(framework, model, mode)

    def make_steps(count: int) -> dict:
        milliseconds = []
        loss = float("nan")
        for _ in range(count):
            start = time.perf_counter()
            loss = step()
            milliseconds.append((time.perf_counter() - start) * 1000)
        return {"milliseconds": milliseconds, "loss": loss}

    def answer(message: dict) -> None:
        answers.write(json.dumps(message) + "\n")

    warmup = make_steps(WARMUP_STEPS)["milliseconds"]
    answer({"parameters": parameters, "warmup": warmup, "threads": versions.pop("threads"), "versions": versions})
    for line in sys.stdin:
        answer(make_steps(json.loads(line)["steps"]))


if __name__ == "__main__":
    _, framework, model, mode, threads = sys.argv
    main(framework, model, mode, int(threads))
