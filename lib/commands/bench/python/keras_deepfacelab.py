"""DeepFaceLab's two autoencoders in Keras: layers and loss as in lib/generators/deepfacelab."""

import math

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from deepfacelab_sizes import Sizes
from keras_setup import BATCH, count_parameters, halve


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


class PixelNorm(layers.Layer):
    def call(self, x):
        return x * tf.math.rsqrt(tf.reduce_mean(tf.square(x), [1, 2, 3], keepdims=True) + 1e-6)


def encoder(sizes: Sizes) -> keras.Model:
    e = sizes.encoder
    stack = [layer for channels in (e, e * 2, e * 4, e * 8) for layer in downscale(channels)]
    return keras.Sequential(stack + ([PixelNorm()] if "u" in sizes.letters else []))


def inter(sizes: Sizes, channels: int) -> keras.Model:
    return keras.Sequential([
        layers.Permute((3, 1, 2)),
        layers.Flatten(),
        layers.Dense(sizes.code),
        layers.Dense(sizes.lowest**2 * channels),
        layers.Reshape((channels, sizes.lowest, sizes.lowest)),
        layers.Permute((2, 3, 1)),
        *upscale(channels),
    ])


class DoublingOutput(layers.Layer):
    """A 1x1 and three 3x3 convolutions side by side, each giving one of the four pixels of a square."""

    def __init__(self):
        super().__init__()
        self.pixel = layers.Conv2D(3, 1)
        # The three as one, which is faster.
        self.others = layers.Conv2D(9, 3, padding="same")

    def call(self, x):
        return tf.sigmoid(tf.nn.depth_to_space(tf.concat([self.pixel(x), self.others(x)], 3), 2))


class Decoder(layers.Layer):
    def __init__(self, sizes: Sizes):
        super().__init__()
        c, m = sizes.decoder, sizes.mask
        doubling = "d" in sizes.letters
        self.face = keras.Sequential([
            *upscale(c * 8), ResidualBlock(c * 8),
            *upscale(c * 4), ResidualBlock(c * 4),
            *upscale(c * 2), ResidualBlock(c * 2),
            DoublingOutput() if doubling else layers.Conv2D(3, 1, activation="sigmoid"),
        ])
        last = upscale(m) if doubling else []
        self.mask = keras.Sequential([
            *upscale(m * 8), *upscale(m * 4), *upscale(m * 2), *last, layers.Conv2D(1, 1, activation="sigmoid")
        ])

    def call(self, x):
        return self.face(x), self.mask(x)


class DF(keras.Model):
    def __init__(self, sizes: Sizes):
        super().__init__()
        self.encoder = encoder(sizes)
        self.inter = inter(sizes, sizes.code)
        self.decoders = [Decoder(sizes) for _ in range(2)]

    def call(self, both):
        """Pictures of the source person, then as many of the destination; gives each side's face and mask."""
        codes = tf.split(self.inter(self.encoder(both)), 2)
        return [decode(code) for decode, code in zip(self.decoders, codes)]


class LIAE(keras.Model):
    def __init__(self, sizes: Sizes):
        super().__init__()
        self.encoder = encoder(sizes)
        self.inter_ab = inter(sizes, sizes.code * 2)
        self.inter_b = inter(sizes, sizes.code * 2)
        self.decoder = Decoder(sizes)

    def call(self, both):
        """As DF's. The code of a source face is [AB, AB], that of a destination face [B, AB]."""
        encoded = self.encoder(both)
        shared = self.inter_ab(encoded)
        own = tf.concat([tf.split(shared, 2)[0], self.inter_b(tf.split(encoded, 2)[1])], 0)
        faces, masks = self.decoder(tf.concat([own, shared], 3))
        return list(zip(tf.split(faces, 2), tf.split(masks, 2)))


def new_model(sizes: Sizes) -> keras.Model:
    return {"df": DF, "liae": LIAE}[sizes.architecture](sizes)


def blur_matrix(size: int, sigma: float) -> np.ndarray:
    """Filters a column of pixels with a Gaussian, the edge repeated. On one channel a product beats a convolution."""
    radius = math.ceil(3 * sigma)
    window = np.exp(-(np.arange(-radius, radius + 1) ** 2) / (2 * sigma**2))
    matrix = np.zeros((size, size))
    for row in range(size):
        columns = np.clip(row + np.arange(-radius, radius + 1), 0, size - 1)
        np.add.at(matrix[row], columns, window / window.sum())
    return matrix.astype("float32")


class ReconstructionLoss:
    """10 DSSIM + 10 MSE inside the blurred mask + 10 MSE of the mask, averaged over the batch."""

    def __init__(self, resolution: int):
        self.window = math.floor(resolution / 11.6)
        self.blur = blur_matrix(resolution, max(1.0, resolution / 32))

    def dssim(self, a, b):
        similarity = tf.image.ssim(a, b, 1.0, filter_size=self.window, filter_sigma=1.5)
        return (1 - tf.reduce_mean(similarity)) / 2

    def __call__(self, face, mask, predicted_face, predicted_mask):
        blurred = tf.einsum("yh,bhwc,xw->byxc", self.blur, mask, self.blur)
        soft = tf.clip_by_value(blurred, 0, 0.5) * 2
        truth, guess = face * soft, predicted_face * soft
        squared = tf.reduce_mean(tf.square(truth - guess))
        mask_squared = tf.reduce_mean(tf.square(mask - predicted_mask))
        return 10 * (self.dssim(truth, guess) + squared + mask_squared)


def disc_mask(resolution: int) -> np.ndarray:
    x = np.arange(resolution) - (resolution - 1) / 2
    inside = np.hypot(x[None, :], x[:, None]) < 0.375 * resolution
    return np.tile(inside.astype("float32")[None, :, :, None], (BATCH, 1, 1, 1))


def make_step(model, warped, sides, rate):
    """The step of a model: warped pictures of both sides, and a (face, mask) for each."""
    loss_of = ReconstructionLoss(warped.shape[1])
    # Keras leaves epsilon out of the bias correction, which at this size makes no difference.
    optimiser = keras.optimizers.Adam(rate, beta_1=0.5, beta_2=0.999, epsilon=1e-8)
    model(warped)
    optimiser.build(model.trainable_variables)

    @tf.function
    def train(warped, sides):
        with tf.GradientTape() as tape:
            predicted = model(warped, training=True)
            loss = tf.add_n([loss_of(*side, *pair) for side, pair in zip(sides, predicted)])
        optimiser.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return loss

    return lambda: float(train(warped, sides))


def build(_mode: str, sizes: Sizes):
    """The training step and the number of parameters."""
    model = new_model(sizes)
    pictures = lambda count: tf.random.uniform((count, sizes.resolution, sizes.resolution, 3))
    sides = [(pictures(BATCH), tf.constant(disc_mask(sizes.resolution))) for _ in range(2)]
    step = make_step(model, pictures(2 * BATCH), sides, 5e-5)
    return step, count_parameters(model)
