"""A GAN of 1.7 M parameters at 64 px in Keras: the same layers and the same order of steps as in ../gan.ts."""

import keras
import tensorflow as tf
from keras import layers

from keras_setup import BATCH, count_parameters, halve

NOISE, BASE = 128, 128
GENERATOR = [128, 128, 64, 32]
DISCRIMINATOR = [32, 64, 128, 256]


def generator() -> keras.Model:
    """From noise to pictures in [0, 1]."""
    stack = [keras.Input((NOISE,)), layers.Dense(4 * 4 * BASE), layers.LeakyReLU(0.2), layers.Reshape((4, 4, BASE))]
    for to in GENERATOR:
        stack += [
            layers.UpSampling2D(2, interpolation="nearest"),
            layers.Conv2D(to, 3, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.2),
        ]
    return keras.Sequential([*stack, layers.Conv2D(3, 3, padding="same", activation="sigmoid")])


def discriminator() -> keras.Model:
    """From pictures to logits, positive for real."""
    stack = [keras.Input((64, 64, 3))]
    for to in DISCRIMINATOR:
        stack += halve(layers.Conv2D(to, 5, strides=2), 5) + [layers.LeakyReLU(0.2)]
    return keras.Sequential([*stack, layers.Flatten(), layers.Dense(1)])


def build(_mode: str):
    """The training step and the number of parameters."""
    generate, judge = generator(), discriminator()
    generator_adam, discriminator_adam = (
        keras.optimizers.Adam(2e-4, beta_1=0.5, beta_2=0.999, epsilon=1e-8) for _ in range(2)
    )
    generator_adam.build(generate.trainable_variables)
    discriminator_adam.build(judge.trainable_variables)
    real = tf.random.uniform((BATCH, 64, 64, 3))
    # Real pictures come first in the discriminator's batch.
    is_real = tf.concat([tf.ones((BATCH, 1)), tf.zeros((BATCH, 1))], 0)
    passes = tf.ones((BATCH, 1))
    cross_entropy = lambda labels, logits: tf.reduce_mean(
        tf.nn.sigmoid_cross_entropy_with_logits(labels, logits)
    )

    @tf.function
    def train(real):
        fake = generate(tf.random.normal((BATCH, NOISE)), training=True)
        with tf.GradientTape() as tape:
            discriminator_loss = cross_entropy(is_real, judge(tf.concat([real, fake], 0), training=True))
        weights = judge.trainable_variables
        discriminator_adam.apply(tape.gradient(discriminator_loss, weights), weights)

        with tf.GradientTape() as tape:
            fake = generate(tf.random.normal((BATCH, NOISE)), training=True)
            generator_loss = cross_entropy(passes, judge(fake, training=True))
        weights = generate.trainable_variables
        generator_adam.apply(tape.gradient(generator_loss, weights), weights)
        return discriminator_loss + generator_loss

    return lambda: float(train(real)), count_parameters(generate, judge)
