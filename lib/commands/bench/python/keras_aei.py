"""AEI-Net and its discriminator in Keras: layers, losses and order of steps as in lib/generators/faceshifter."""

import keras
import tensorflow as tf
from keras import layers

import aei_sizes as ours
from aei_sizes import SMALL, Sizes
from keras_setup import BATCH, count_parameters


def doubled(x):
    size = 2 * x.shape[1]
    return tf.compat.v1.image.resize_bilinear(x, (size, size), align_corners=True)


def normalise_instances():
    return layers.GroupNormalization(-1, epsilon=1e-5, center=False, scale=False)


class AttributeLayer(layers.Layer):
    """A convolution that halves or doubles, batch normalisation, leaky ReLU."""

    def __init__(self, convolution, channels):
        super().__init__()
        self.conv = convolution(channels, 4, strides=2, padding="same", use_bias=False)
        self.norm = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)

    def call(self, x, learn):
        y, norm = self.conv(x), self.norm
        if learn:
            y = norm(y, training=True)
        else:  # Made faces are normalised by their own batch as well, but do not move the averages.
            y = tf.compat.v1.nn.fused_batch_norm(y, norm.gamma, norm.beta, epsilon=norm.epsilon)[0]
        return tf.nn.leaky_relu(y, 0.1)


class AttributeEncoder(layers.Layer):
    def __init__(self, sizes: Sizes):
        super().__init__()
        self.down = [AttributeLayer(layers.Conv2D, channels) for channels in sizes.attributes]
        self.up = [AttributeLayer(layers.Conv2DTranspose, channels) for channels in sizes.attributes[-2::-1]]

    def call(self, faces, learn):
        features = [faces * 2 - 1]
        for layer in self.down:
            features.append(layer(features[-1], learn=learn))
        levels = [features.pop()]
        for layer in self.up:
            levels.append(tf.concat([layer(levels[-1], learn=learn), features.pop()], -1))
        return [*levels, doubled(levels[-1])]


class AADStep(layers.Layer):
    """An AAD layer, ReLU, a convolution."""

    def __init__(self, channels, channels_out, sizes: Sizes, bias=False):
        super().__init__()
        self.attribute_scale, self.attribute_shift = (layers.Conv2D(channels, 1) for _ in range(2))
        self.identity_scale, self.identity_shift = (layers.Dense(channels) for _ in range(2))
        self.mask = layers.Conv2D(1, sizes.mask, padding="same", activation="sigmoid")
        self.conv = layers.Conv2D(channels_out, 3, padding="same", use_bias=bias)
        self.normalise = normalise_instances()

    def call(self, h, identity, attributes):
        normal = self.normalise(h)
        a = normal * self.attribute_scale(attributes) + self.attribute_shift(attributes)
        scale, shift = self.identity_scale(identity), self.identity_shift(identity)
        i = normal * scale[:, None, None, :] + shift[:, None, None, :]
        return self.conv(tf.nn.relu(a + (i - a) * self.mask(normal)))


class AADBlock(layers.Layer):
    def __init__(self, channels, channels_out, sizes: Sizes):
        super().__init__()
        self.step1 = AADStep(channels, channels, sizes)
        self.step2 = AADStep(channels, channels_out, sizes)
        self.shortcut = None if channels == channels_out else AADStep(channels, channels_out, sizes)

    def call(self, h, identity, attributes):
        y = self.step2(self.step1(h, identity, attributes), identity, attributes)
        return y + (h if self.shortcut is None else self.shortcut(h, identity, attributes))


class AEI(keras.Model):
    def __init__(self, sizes: Sizes):
        super().__init__()
        widths, lowest = sizes.generator, sizes.lowest
        self.factor = sizes.identity**0.5
        self.attributes = AttributeEncoder(sizes)
        self.start = layers.Conv2DTranspose(widths[0], lowest, strides=lowest, use_bias=False)
        blocks = [AADBlock(*channels, sizes) for channels in zip(widths, widths[1:])]
        self.levels = [*blocks, AADStep(widths[-1], 3, sizes, bias=True)]

    def generate(self, identity, attributes):
        identity = identity * self.factor
        h = self.start(identity[:, None, None, :])
        for k, (level, own) in enumerate(zip(self.levels, attributes)):
            h = level(h if k == 0 else doubled(h), identity, own)
        return tf.sigmoid(h)

    def call(self, faces, identity):
        return self.generate(identity, self.attributes(faces, learn=True))


class Discriminator(keras.Model):
    def __init__(self, sizes: Sizes):
        super().__init__()
        self.scales = [self.patches(sizes) for _ in range(sizes.scales)]

    @staticmethod
    def patches(sizes: Sizes) -> keras.Model:
        stack = []
        for k in range(sizes.layers):
            to = min(sizes.channels * 2**k, 512)
            stack.append(layers.Conv2D(to, 4, strides=2, padding="same", use_bias=k == 0))
            if k > 0:
                stack.append(layers.GroupNormalization(-1, epsilon=1e-5))
            stack.append(layers.LeakyReLU(0.2))
        return keras.Sequential([*stack, layers.Conv2D(1, 3, padding="same")])

    def call(self, faces):
        """Logits of patches at each scale, positive for photographs."""
        seen, logits = faces * 2 - 1, []
        for k, judge in enumerate(self.scales):
            seen = seen if k == 0 else tf.nn.avg_pool2d(seen, 2, 2, "VALID")
            logits.append(judge(seen))
        return logits


def new_models(sizes: Sizes):
    """Both networks with their weights made."""
    model, judge = AEI(sizes), Discriminator(sizes)
    judge(model(tf.zeros((1, sizes.resolution, sizes.resolution, 3)), tf.zeros((1, sizes.identity))))
    # What building has moved.
    for layer in [*model.attributes.down, *model.attributes.up]:
        layer.norm.moving_mean.assign(tf.zeros_like(layer.norm.moving_mean))
        layer.norm.moving_variance.assign(tf.ones_like(layer.norm.moving_variance))
    return model, judge


def make_step(model, judge, target, source, same, rate):
    """The step: targets, embeddings of sources, and 1 where both are one person."""
    side = target.shape[1] // 8
    matrix = tf.constant(ours.projection(source.shape[1]))
    embed = lambda faces: tf.reshape(tf.nn.avg_pool2d(faces, side, side, "VALID") - 0.5, (-1, 192)) @ matrix
    unit = lambda x: tf.math.l2_normalize(x, 1)
    optimiser, judge_optimiser = (
        keras.optimizers.Adam(rate, beta_1=0.0, beta_2=0.999, epsilon=1e-8) for _ in range(2)
    )
    optimiser.build(model.trainable_variables)
    judge_optimiser.build(judge.trainable_variables)
    followed = model.variables
    averages = [tf.Variable(value) for value in followed]
    count = tf.Variable(0.0)
    sum_of_means = lambda tensors: tf.add_n([tf.reduce_mean(own) for own in tensors])

    @tf.function
    def train(target, source, same):
        with tf.GradientTape() as tape:
            attributes = model.attributes(target, learn=True)
            face = model.generate(source, attributes)
            again = model.attributes(face, learn=False)
            identity = 1 - tf.reduce_mean(tf.reduce_sum(unit(embed(face)) * unit(source), 1))
            attribute_loss = sum_of_means([tf.square(a - b) for a, b in zip(again, attributes)]) / 2
            each = tf.reduce_mean(tf.square(face - target), (1, 2, 3)) * same
            reconstruction = 2 * tf.reduce_sum(each) / tf.maximum(tf.reduce_sum(same), 1)
            loss = (
                ours.IDENTITY * identity
                + ours.ATTRIBUTES * attribute_loss
                + ours.RECONSTRUCTION * reconstruction
                - ours.ADVERSARIAL * sum_of_means(judge(face))
            )
        weights = model.trainable_variables
        optimiser.apply(tape.gradient(loss, weights), weights)

        with tf.GradientTape() as tape:
            wrong = [tf.nn.relu(1 - own) for own in judge(target)] + [tf.nn.relu(1 + own) for own in judge(face)]
            judge_loss = sum_of_means(wrong) / 2
        weights = judge.trainable_variables
        judge_optimiser.apply(tape.gradient(judge_loss, weights), weights)

        kept = tf.minimum((count + 1) / (count + 10), ours.EMA)
        count.assign_add(1)
        for average, value in zip(averages, followed):
            average.assign(value + (average - value) * kept)
        return loss + judge_loss

    return lambda: float(train(target, source, same))


def build(_mode: str):
    """The training step and the number of parameters."""
    model, judge = new_models(SMALL)
    target = tf.random.uniform((BATCH, SMALL.resolution, SMALL.resolution, 3))
    source = tf.math.l2_normalize(tf.random.normal((BATCH, SMALL.identity)), 1)
    same = tf.cast(tf.range(BATCH) < 2, "float32")
    return make_step(model, judge, target, source, same, 4e-4), count_parameters(model, judge)
