"""A detector of 0.14 M parameters at 128 px in Keras: the same layers as in ../detector.ts."""

import keras
import tensorflow as tf
from keras import layers

from keras_setup import BATCH, count_parameters, halve

STEM = 16
BLOCKS = [(32, 1), (64, 2), (64, 1), (128, 2), (128, 1), (256, 2), (256, 1)]


def detector() -> keras.Model:
    """From pictures to logits."""
    stack = [keras.Input((128, 128, 3)), *halve(layers.Conv2D(STEM, 3, strides=2, use_bias=False), 3)]
    stack += [layers.BatchNormalization(), layers.ReLU()]
    for to, stride in BLOCKS:
        if stride == 1:
            stack.append(layers.DepthwiseConv2D(3, padding="same", use_bias=False))
        else:
            stack += halve(layers.DepthwiseConv2D(3, strides=2, use_bias=False), 3)
        stack += [layers.Conv2D(to, 1, use_bias=False), layers.BatchNormalization(), layers.ReLU()]
    return keras.Sequential([*stack, layers.GlobalAveragePooling2D(), layers.Dropout(0.2), layers.Dense(1)])


def build(_mode: str):
    """The training step and the number of parameters."""
    model = detector()
    optimiser = keras.optimizers.Adam(1e-3, epsilon=1e-8)
    optimiser.build(model.trainable_variables)
    pictures = tf.random.uniform((BATCH, 128, 128, 3))
    labels = tf.cast(tf.range(BATCH)[:, None] % 2, tf.float32)

    @tf.function
    def train(pictures, labels):
        with tf.GradientTape() as tape:
            logits = model(pictures, training=True)
            loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels, logits))
        optimiser.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return loss

    return lambda: float(train(pictures, labels)), count_parameters(model)
