/**
 * The trained models that a conversion works with.
 *
 * @module
 */

import { basename, resolve } from "node:path";
import { openPair, openUpscaler, openXSeg, readModelDescription } from "../../experiment/mod.ts";
import { type FaceType, segmentFaces } from "../../faces/mod.ts";
import { enhanceFaces, type FaceNetwork, type FacePairModel, type Side } from "../../generators/mod.ts";
import { cannot } from "../../problem.ts";

/** What converts. */
export interface ConversionModels {
  readonly models: readonly FacePairModel[];
  readonly faceType: FaceType;
  readonly segment?: FaceNetwork;
  readonly enhance?: FaceNetwork;
  /** What is written into every file. */
  readonly provenance: Readonly<Record<string, string>>;
  /** Frees the weights. */
  dispose(): void;
}

/**
 * Opens the models of a conversion.
 *
 * @param paths Folders of one or two models.
 * @param options Networks that help, how faces are cut out where no folder says so, and whose face is put on.
 * @returns The models.
 * @throws {Problem} When one is missing or of another kind, or they do not go together.
 */
export async function openModels(
  paths: readonly string[],
  { segment, enhance, faceType, to }: {
    readonly segment: string | undefined;
    readonly enhance: string | undefined;
    readonly faceType: FaceType | undefined;
    readonly to: Side;
  },
): Promise<ConversionModels> {
  const disposals: (() => void)[] = [];
  const keep = <T extends { readonly weights: { dispose(): void } }>(model: T): T => {
    disposals.push(() => model.weights.dispose());
    return model;
  };
  const dispose = () => disposals.forEach((one) => one());
  try {
    const opened = [];
    for (const path of paths) {
      const pair = await openPair(resolve(path));
      keep(pair.model);
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
    const xseg = segment === undefined ? undefined : keep(await openXSeg(resolve(segment)));
    const segmentType = segment === undefined ? undefined : (await readModelDescription(resolve(segment)))?.face_type;
    if (segmentType !== undefined && segmentType !== type) {
      throw cannot("convert", `a segmentation network for face type ${type}`, segmentType, segment);
    }
    const upscaler = enhance === undefined ? undefined : keep(await openUpscaler(resolve(enhance)));
    const person = first.description?.persons?.[to].name;
    return {
      models: opened.map(({ model }) => model),
      faceType: type,
      ...(xseg && { segment: (faces) => segmentFaces(xseg, faces) }),
      ...(upscaler && { enhance: (faces) => enhanceFaces(upscaler, faces) }),
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
