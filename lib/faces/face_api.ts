import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { provideToPackages, tf, useTensorFlow } from "doppel/runtime/mod.ts";

interface Net {
  readonly isLoaded: boolean;
  loadFromDisk(folder: string): Promise<void>;
}

/** How the package's networks ask for their input, colours from 0 to 255. */
interface BatchInput {
  toBatchTensor(size: number, centre: boolean): tf.Tensor4D;
}

/** What this room uses of `@vladmandic/face-api`, which has no types that tell tfjs instances apart. */
export interface FaceApi {
  readonly nets: {
    readonly ssdMobilenetv1: Net;
    readonly faceLandmark68Net: Net & {
      detectLandmarks(face: tf.Tensor3D): Promise<FaceApiFace["landmarks"]>;
    };
    readonly faceExpressionNet: Net & {
      readonly faceFeatureExtractor: { forwardInput(input: BatchInput): tf.Tensor4D };
      /** Probabilities of seven expressions, from what the extractor gives. */
      forwardInput(features: tf.Tensor4D): tf.Tensor2D;
    };
    readonly faceRecognitionNet: Net & {
      forwardInput(input: BatchInput): tf.Tensor2D;
      /** The weights, by the names of layers. */
      readonly params: unknown;
    };
  };
  readonly SsdMobilenetv1Options: new (options: { minConfidence: number; maxResults: number }) => object;
  detectAllFaces(input: tf.Tensor3D, options: object): { withFaceLandmarks(): Promise<FaceApiFace[]> };
}

/** A face as the package describes it. */
export interface FaceApiFace {
  readonly detection: {
    readonly score: number;
    readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  };
  readonly landmarks: { readonly positions: readonly { readonly x: number; readonly y: number }[] };
}

const require = createRequire(import.meta.url);
const entry = "@vladmandic/face-api/dist/face-api.node-gpu.js";
const loading = new Map<string, Promise<unknown>>();

/**
 * The face-api package on the project's TensorFlow, with the wanted networks loaded from its own folder.
 *
 * @param nets Names of the networks.
 * @returns The package; a network is loaded once a process.
 */
export async function loadFaceApi(...nets: readonly (keyof FaceApi["nets"])[]): Promise<FaceApi> {
  await useTensorFlow();
  provideToPackages();
  const faceApi = require(entry) as FaceApi;
  const models = join(dirname(require.resolve(entry)), "..", "model");
  for (const net of nets) await once(net, () => faceApi.nets[net].loadFromDisk(models));
  return faceApi;
}

/**
 * One of the graph models inside `@vladmandic/human`, on the project's TensorFlow.
 *
 * The models are used without the package's own pipeline: that would detect the face anew by a detector of its own,
 * smooth over calls and print to the console. Here every caller says what the crop is.
 *
 * @param name File name without ending.
 * @returns The model; it is loaded once a process.
 */
export async function loadHumanModel(name: "emotion" | "faceres" | "facemesh"): Promise<tf.GraphModel> {
  await useTensorFlow();
  return await once(`human/${name}`, async () => {
    const folder = join(dirname(require.resolve("@vladmandic/human")), "..", "models");
    const description = JSON.parse(await Deno.readTextFile(join(folder, `${name}.json`)));
    const weights = await Deno.readFile(join(folder, `${name}.bin`));
    return await tf.loadGraphModel(tf.io.fromMemory({
      modelTopology: description.modelTopology,
      weightSpecs: description.weightsManifest[0].weights,
      weightData: weights.buffer,
      signature: description.signature ?? description.userDefinedMetadata?.signature,
    }));
  });
}

/** The versions of the packages whose weights find and describe faces, for records of a run. */
export async function facePackages(): Promise<Record<string, string>> {
  const version = async (file: string) =>
    JSON.parse(await Deno.readTextFile(join(dirname(require.resolve(file)), "..", "package.json"))).version as string;
  return {
    "@vladmandic/face-api": await version(entry),
    "@vladmandic/human": await version("@vladmandic/human"),
  };
}

function once<T>(key: string, load: () => Promise<T>): Promise<T> {
  const known = loading.get(key) as Promise<T> | undefined;
  if (known) return known;
  const promise = load();
  loading.set(key, promise);
  promise.catch(() => loading.delete(key));
  return promise;
}
