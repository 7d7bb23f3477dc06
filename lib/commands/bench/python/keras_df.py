"""DF of 11.9 M parameters at 64 px in Keras: layers and loss as in lib/generators/deepfacelab."""

import math

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from keras_setup import BATCH, count_parameters, halve

RESOLUTION, ENCODER, DECODER, CODE, MASK = 64, 32, 32, 128, 10


def downscale(channels):
    return halve(layers.Conv2D(channels, 5, strides=2), 5) + [layers.LeakyReLU(0.1)]


class DepthToSpace(layers.Layer):
    def call(self, x):
        return tf.nn.depth_to_space(x, 2)


def upscale(channels):
    return [layers.Conv2D(channels * 4, 3, padding="same"), layers.LeakyReLU(0.1), DepthToSpace()]


class ResidualBlock(layers.Layer):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = layers.Conv2D(channels, 3, padding="same")
        self.conv2 = layers.Conv2D(channels, 3, padding="same")

    def call(self, x):
        y = self.conv2(tf.nn.leaky_relu(self.conv1(x), 0.2))
        return tf.nn.leaky_relu(x + y, 0.2)


def inter(side, channels, code):
    return [
        layers.Permute((3, 1, 2)),
        layers.Flatten(),
        layers.Dense(code),
        layers.Dense(side * side * code),
        layers.Reshape((code, side, side)),
        layers.Permute((2, 3, 1)),
        *upscale(code),
    ]


class Decoder(layers.Layer):
    def __init__(self, channels, mask_channels):
        super().__init__()
        c, m = channels, mask_channels
        self.face = keras.Sequential([
            *upscale(c * 8), ResidualBlock(c * 8),
            *upscale(c * 4), ResidualBlock(c * 4),
            *upscale(c * 2), ResidualBlock(c * 2),
            layers.Conv2D(3, 1, activation="sigmoid"),
        ])
        self.mask = keras.Sequential([
            *upscale(m * 8), *upscale(m * 4), *upscale(m * 2), layers.Conv2D(1, 1, activation="sigmoid")
        ])

    def call(self, x):
        return self.face(x), self.mask(x)


class DF(keras.Model):
    def __init__(self):
        super().__init__()
        e = ENCODER
        encoder = [layer for channels in (e, e * 2, e * 4, e * 8) for layer in downscale(channels)]
        self.shared = keras.Sequential(encoder + inter(RESOLUTION // 16, e * 8, CODE))
        self.decoders = [Decoder(DECODER, MASK) for _ in range(2)]

    def call(self, both):
        """Pictures of the source person, then as many of the destination; gives each side's face and mask."""
        codes = tf.split(self.shared(both), 2)
        return [decode(code) for decode, code in zip(self.decoders, codes)]


def blur_matrix(size: int, sigma: float) -> np.ndarray:
    """Filters a column of pixels with a Gaussian, the edge repeated. On one channel a product beats a convolution."""
    radius = math.ceil(3 * sigma)
    window = np.exp(-(np.arange(-radius, radius + 1) ** 2) / (2 * sigma**2))
    matrix = np.zeros((size, size))
    for row in range(size):
        columns = np.clip(row + np.arange(-radius, radius + 1), 0, size - 1)
        np.add.at(matrix[row], columns, window / window.sum())
    return matrix.astype("float32")


BLUR = blur_matrix(RESOLUTION, max(1.0, RESOLUTION / 32))


def dssim(a, b):
    similarity = tf.image.ssim(a, b, 1.0, filter_size=math.floor(RESOLUTION / 11.6), filter_sigma=1.5)
    return (1 - tf.reduce_mean(similarity)) / 2


def reconstruction_loss(face, mask, predicted_face, predicted_mask):
    """10 DSSIM + 10 MSE inside the blurred mask + 10 MSE of the mask, averaged over the batch."""
    blurred = tf.einsum("yh,bhwc,xw->byxc", BLUR, mask, BLUR)
    soft = tf.clip_by_value(blurred, 0, 0.5) * 2
    truth, guess = face * soft, predicted_face * soft
    squared = tf.reduce_mean(tf.square(truth - guess))
    mask_squared = tf.reduce_mean(tf.square(mask - predicted_mask))
    return 10 * (dssim(truth, guess) + squared + mask_squared)


def disc_mask() -> np.ndarray:
    x = np.arange(RESOLUTION) - (RESOLUTION - 1) / 2
    inside = np.hypot(x[None, :], x[:, None]) < 0.375 * RESOLUTION
    return np.tile(inside.astype("float32")[None, :, :, None], (BATCH, 1, 1, 1))


def make_step(model, warped, sides, rate):
    """The step of a model: warped pictures of both sides, and a (face, mask) for each."""
    # Keras leaves epsilon out of the bias correction, which at this size makes no difference.
    optimiser = keras.optimizers.Adam(rate, beta_1=0.5, beta_2=0.999, epsilon=1e-8)
    model(warped)
    optimiser.build(model.trainable_variables)

    @tf.function
    def train(warped, sides):
        with tf.GradientTape() as tape:
            predicted = model(warped, training=True)
            loss = tf.add_n([reconstruction_loss(*side, *pair) for side, pair in zip(sides, predicted)])
        optimiser.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return loss

    return lambda: float(train(warped, sides))


def build(_mode: str):
    """The training step and the number of parameters."""
    model = DF()
    pictures = lambda count: tf.random.uniform((count, RESOLUTION, RESOLUTION, 3))
    sides = [(pictures(BATCH), tf.constant(disc_mask())) for _ in range(2)]
    step = make_step(model, pictures(2 * BATCH), sides, 5e-5)
    return step, count_parameters(model)
