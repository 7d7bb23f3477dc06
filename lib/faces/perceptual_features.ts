import { cannot } from "doppel/problem.ts";
import { type Picture, requirePicture } from "doppel/image/mod.ts";
import { tf } from "doppel/runtime/mod.ts";
import { loadFaceApi } from "./face_api.ts";

/** What one layer of a network sees at every place of a picture. */
export interface FeatureMap {
  /** Places across. */
  readonly width: number;
  /** Places down. */
  readonly height: number;
  /** Values a place. */
  readonly channels: number;
  /** `[height, width, channels]`, of unit length at each place; a place at which no unit fires is all 0. */
  readonly data: Float32Array;
}

/** A picture as several layers of a network see it, from fine to coarse. */
export type PerceptualFeatures = readonly FeatureMap[];

/** A convolution of the recogniser, and the scale and offset behind it. */
interface ScaledConvolution {
  readonly conv: { readonly filters: tf.Tensor4D; readonly bias: tf.Tensor1D };
  readonly scale: { readonly weights: tf.Tensor1D; readonly biases: tf.Tensor1D };
}
type Block = Readonly<Record<"conv1" | "conv2", ScaledConvolution>>;
type RecogniserWeights = Readonly<Record<string, Block>> & { readonly conv32_down: ScaledConvolution };

// The last block (`conv256_down_out`) and the product behind it are left out: they are for whose face it is, whatever it looks like.
const STAGES = [
  ["conv32_1", "conv32_2", "conv32_3"],
  ["conv64_down", "conv64_1", "conv64_2", "conv64_3"],
  ["conv128_down", "conv128_1", "conv128_2"],
  ["conv256_down", "conv256_1", "conv256_2"],
] as const;

// Mean colour that the recogniser was trained around, in bytes.
const MEAN = [122.782, 117.001, 104.298];

/** Side of the smallest picture that leaves one place to the last layer. */
const SMALLEST = 55;

/**
 * Describes how pictures look by the middle layers of face-api's recogniser (dlib's: a residual network like ResNet-34
 * with 29 convolutions, trained on faces, of which these are the first 27): five maps of 32, 32, 64, 128 and 256
 * channels, each at half the resolution of the one before, for 150 pixels 72, 35, 17, 8 and 4 places a side. Every place
 * is brought to unit length.
 *
 * The pictures are not resized: finer pictures give finer maps. The network knows faces of the size that
 * `alignFace(..., { size: 150, faceType: "full" })` gives.
 *
 * @param pictures 3 channels, sRGB in `[0, 1]`, all of one size, at least 55 pixels a side.
 * @param options `batch`: how many at a time, default 16.
 * @returns One description a picture, to be compared with `perceptualMapDistance`.
 * @throws {Problem} When a picture is grey, too small, or of another size than the first.
 */
export async function describePerceptually(
  pictures: readonly Picture[],
  { batch = 16 }: { readonly batch?: number } = {},
): Promise<PerceptualFeatures[]> {
  const [first] = pictures;
  if (!first) return [];
  const { width, height } = first;
  if (Math.min(width, height) < SMALLEST) {
    throw cannot("describe pictures", `at least ${SMALLEST} pixels a side`, `${width}x${height}`);
  }
  for (const picture of pictures) {
    requirePicture(picture, "describe pictures", "colour pictures of one size", { width, height, channels: 3 });
  }
  const { nets } = await loadFaceApi("faceRecognitionNet");
  const weights = nets.faceRecognitionNet.params as RecogniserWeights;
  const described: PerceptualFeatures[] = [];
  for (let start = 0; start < pictures.length; start += batch) {
    const part = pictures.slice(start, start + batch);
    const values = new Float32Array(part.length * width * height * 3);
    part.forEach(({ data }, i) => values.set(data, i * width * height * 3));
    const maps = tf.tidy(() => layersOf(tf.tensor4d(values, [part.length, height, width, 3]), weights));
    const flat = await Promise.all(maps.map((map) => map.data<"float32">()));
    const shapes = maps.map(({ shape }) => shape);
    tf.dispose(maps);
    for (let i = 0; i < part.length; i++) {
      described.push(flat.map((data, layer) => {
        const [, rows, columns, channels] = shapes[layer]!;
        const size = rows * columns * channels;
        return { width: columns, height: rows, channels, data: data.slice(i * size, (i + 1) * size) };
      }));
    }
  }
  return described;
}

/** The five maps of a batch `[batch, height, width, 3]`, each `[batch, height, width, channels]`. */
function layersOf(pictures: tf.Tensor4D, weights: RecogniserWeights): tf.Tensor4D[] {
  const input = pictures.mul(255).sub(tf.tensor1d(MEAN)).div(255) as tf.Tensor4D;
  let x = tf.relu(convolve(input, weights.conv32_down, 2));
  const maps = [x];
  x = tf.maxPool(x, 3, 2, "valid");
  for (const stage of STAGES) {
    for (const name of stage) x = name.endsWith("_down") ? narrowing(x, weights[name]!) : residual(x, weights[name]!);
    maps.push(x);
  }
  return maps.map((map) => map.div(map.square().sum(3, true).sqrt().add(1e-10)));
}

function convolve(x: tf.Tensor4D, { conv, scale }: ScaledConvolution, stride: 1 | 2): tf.Tensor4D {
  const y = tf.conv2d(x, conv.filters, stride, stride === 2 ? "valid" : "same");
  return y.add(conv.bias).mul(scale.weights).add(scale.biases);
}

function residual(x: tf.Tensor4D, { conv1, conv2 }: Block): tf.Tensor4D {
  return tf.relu(convolve(tf.relu(convolve(x, conv1, 1)), conv2, 1).add(x));
}

/** Halves the resolution; channels that the shortcut lacks are 0, and so is the edge that an even side takes off. */
function narrowing(x: tf.Tensor4D, { conv1, conv2 }: Block): tf.Tensor4D {
  const branch = convolve(tf.relu(convolve(x, conv1, 2)), conv2, 1);
  const shortcut = tf.avgPool(x, 2, 2, "valid");
  const [, rows, columns, channels] = shortcut.shape;
  const missing = branch.shape[3] - channels;
  return tf.relu(
    branch.pad([[0, 0], [0, rows - branch.shape[1]], [0, columns - branch.shape[2]], [0, 0]])
      .add(shortcut.pad([[0, 0], [0, 0], [0, 0], [0, missing]])),
  );
}
