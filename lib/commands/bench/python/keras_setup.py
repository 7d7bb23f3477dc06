"""What the Keras workloads share: threads, padding as in PyTorch, and the compiled step."""

import os
import platform

os.environ["KERAS_BACKEND"] = "tensorflow"

import keras  # noqa: E402
import tensorflow as tf  # noqa: E402

BATCH = 8


def set_up(threads: int) -> dict:
    """Fixes the threads; gives them back with the versions."""
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    keras.utils.set_random_seed(1)
    versions = {"keras": keras.__version__, "tensorflow_python": tf.__version__, "python": platform.python_version()}
    return {"threads": tf.config.threading.get_intra_op_parallelism_threads(), **versions}


def halve(layer: keras.layers.Layer, kernel: int) -> list:
    """Layers for a convolution with stride 2 and the same number of zeros on each side, which "same" is not."""
    return [keras.layers.ZeroPadding2D(kernel // 2), layer]


def count_parameters(*models: keras.Model) -> int:
    """Trainable values."""
    return sum(int(keras.ops.size(value)) for model in models for value in model.trainable_variables)
