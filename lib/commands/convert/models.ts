/**
 * The trained models that a conversion works with.
 *
 * @module
 */

import { basename, resolve } from "node:path";
import { openPair, openUpscaler, openXSeg, readModelDescription } from "../../experiment/mod.ts";
import { type FaceType, segmentFaces } from "../../faces/mod.ts";
import { enhanceFaces, type FaceConverter, type FaceNetwork, type Side } from "../../generators/mod.ts";
import { cannot } from "../../problem.ts";

/** Folders of networks that help. */
export interface Helpers {
  readonly segment: string | undefined;
  readonly enhance: string | undefined;
}

/** Networks that help, opened. */
export interface OpenedHelpers {
  readonly segment?: FaceNetwork;
  readonly enhance?: FaceNetwork;
  /** Frees the weights. */
  dispose(): void;
}

/** What converts. */
export interface ConversionModels extends OpenedHelpers {
  readonly models: readonly FaceConverter[];
  readonly faceType: FaceType;
  /** What is written into every file. */
  readonly provenance: Readonly<Record<string, string>>;
}

/**
 * Opens the models of a conversion.
 *
 * @param paths Folders of one or two models of two persons.
 * @param options Networks that help, how faces are cut out where no folder says so, and whose face is put on.
 * @returns The models.
 * @throws {Problem} When one is missing or of another kind, or they do not go together.
 */
export async function openModels(
  paths: readonly string[],
  { faceType, to, ...helping }: Helpers & { readonly faceType: FaceType | undefined; readonly to: Side },
): Promise<ConversionModels> {
  const disposals: (() => void)[] = [];
  const dispose = () => disposals.forEach((one) => one());
  try {
    const opened = [];
    for (const path of paths) {
      const pair = await openPair(resolve(path));
      disposals.push(() => pair.model.weights.dispose());
      opened.push({ ...pair, path });
    }
    const [first, ...others] = opened as [typeof opened[0], ...typeof opened];
    const typeOf = ({ description, path }: typeof first): FaceType => {
      const own = description?.face_type ?? faceType;
      if (own === undefined) {
        throw cannot("convert", "--face-type with a checkpoint that has no model.json", "none", path);
      }
      if (faceType !== undefined && own !== faceType) throw cannot("convert", `face type ${own}`, faceType, path);
      return own;
    };
    const type = typeOf(first);
    const { resolution } = first.model.sizes;
    for (const other of others) {
      const [own, wanted] = [
        `${other.model.sizes.resolution} px, ${typeOf(other)}`,
        `${resolution} px, ${type}`,
      ];
      if (own !== wanted) throw cannot("convert by two models", `both of ${wanted}`, own, other.path);
    }
    const helpers = await openHelpers(helping, type);
    disposals.push(() => helpers.dispose());
    const person = first.description?.persons?.[to].name;
    return {
      ...helpers,
      models: opened.map(({ model }) => model),
      faceType: type,
      provenance: {
        synthetic: "true",
        generator: opened.map(({ model }) => model.name).join("+"),
        model: opened.map(({ path }) => basename(resolve(path))).join("+"),
        steps: opened.map(({ steps }) => String(steps)).join("+"),
        ...(person === undefined ? {} : { face_of: person }),
      },
      dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

/**
 * Opens the networks that help a conversion.
 *
 * @param folders Their folders.
 * @param faceType How the faces of the conversion are cut out.
 * @returns The networks that there are.
 * @throws {Problem} When one is missing, of another kind or trained on another face type.
 */
export async function openHelpers({ segment, enhance }: Helpers, faceType: FaceType): Promise<OpenedHelpers> {
  const opened: { readonly weights: { dispose(): void } }[] = [];
  const dispose = () => opened.forEach(({ weights }) => weights.dispose());
  try {
    const xseg = segment === undefined ? undefined : await openXSeg(resolve(segment));
    if (xseg) opened.push(xseg);
    const segmentType = segment === undefined ? undefined : (await readModelDescription(resolve(segment)))?.face_type;
    if (segmentType !== undefined && segmentType !== faceType) {
      throw cannot("convert", `a segmentation network for face type ${faceType}`, segmentType, segment);
    }
    const upscaler = enhance === undefined ? undefined : await openUpscaler(resolve(enhance));
    if (upscaler) opened.push(upscaler);
    return {
      ...(xseg && { segment: (faces) => segmentFaces(xseg, faces) }),
      ...(upscaler && { enhance: (faces) => enhanceFaces(upscaler, faces) }),
      dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}
