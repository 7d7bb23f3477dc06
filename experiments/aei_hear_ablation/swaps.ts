/**
 * Which faces are put into which photographs: the same for all arms and seeds.
 *
 * @module
 */

import { facePhoto, type SetFace } from "doppel/data/mod.ts";
import type { ExperimentContext } from "doppel/experiment/mod.ts";
import type { FacePhoto } from "doppel/generators/mod.ts";
import { cannot } from "doppel/problem.ts";
import { occlude, type OccludedPhoto } from "../df_vs_liae/occlusion.ts";
import type { Persons } from "./persons.ts";
import type { Config } from "./presets.ts";

/** Who is trained on: both, the target alone, nobody; or both, on the pairs of df_vs_liae. */
export type Group = "seen" | "unseen_source" | "both_unseen" | "field";

/** One source's face for some photographs of one target person. */
export interface SwapTask {
  readonly group: Group;
  /** Both persons; of a field pair in the order of its name, else source first. */
  readonly pair: string;
  /** The source person. */
  readonly person: string;
  /** The target person. */
  readonly target: string;
  /** Held-out faces of the target at the networks' resolution. */
  readonly faces: readonly SetFace[];
  /** Their photographs. */
  readonly photos: readonly FacePhoto[];
  /** The same photographs with something before the faces; of field pairs alone. */
  readonly occluded: readonly OccludedPhoto[];
}

/** A task before its photographs are read. */
type Plan = Pick<SwapTask, "group" | "pair" | "person" | "target">;

/**
 * Chooses sources and targets.
 *
 * @param persons Who there is.
 * @param config How many sources there are, how many targets each has, and the field pairs.
 * @returns The tasks, without photographs; sources and targets go round, so that everybody is both as often.
 * @throws {Problem} When a person of a field pair is not trained on.
 */
export function planSwaps(
  { training, unseen }: Pick<Persons, "training" | "unseen">,
  { sources, seen_targets, unseen_targets, field_pairs }: Pick<
    Config,
    "sources" | "seen_targets" | "unseen_targets" | "field_pairs"
  >,
): Plan[] {
  const plan = (group: Group, person: string, target: string, pair = `${person}+${target}`): Plan => {
    return { group, pair, person, target };
  };
  const others = (persons: readonly string[], i: number, most: number) =>
    Array.from({ length: Math.min(most, persons.length - 1) }, (_, k) => persons[(i + k + 1) % persons.length]!);
  const from = (i: number) =>
    Array.from({ length: Math.min(unseen_targets, training.length) }, (_, k) => {
      const step = training.length / (unseen.length * unseen_targets);
      return training[Math.floor((i * unseen_targets + k) * step) % training.length]!;
    });
  const first = (persons: readonly string[]) => persons.slice(0, sources || Infinity);
  const stranger = field_pairs.flatMap((pair) => pair.split("+")).find((person) => !training.includes(person));
  if (stranger !== undefined) {
    throw cannot("swap field pairs", `persons who are trained on, ${training.join(", ")}`, `"${stranger}"`);
  }
  return [
    ...first(training).flatMap((person, i) =>
      others(training, i, seen_targets).map((target) => plan("seen", person, target))
    ),
    ...first(unseen).flatMap((person, i) => from(i).map((target) => plan("unseen_source", person, target))),
    ...first(unseen).flatMap((person, i) =>
      others(unseen, i, unseen_targets).map((target) => plan("both_unseen", person, target))
    ),
    ...field_pairs.flatMap((pair) => {
      const [a, b] = pair.split("+") as [string, string];
      return [plan("field", a, b, pair), plan("field", b, a, pair)];
    }),
  ];
}

/**
 * Reads the photographs of the tasks; one that is in several is read once.
 *
 * @param context The experiment's.
 * @param persons Who there is.
 * @returns The tasks.
 */
export async function readSwaps(context: ExperimentContext<Config>, persons: Persons): Promise<SwapTask[]> {
  const { config, data } = context;
  const read = new Map<string, Promise<FacePhoto>>();
  const photoOf = (face: SetFace) => {
    if (!read.has(face.path)) read.set(face.path, facePhoto(data, face));
    return read.get(face.path)!;
  };
  const tasks: SwapTask[] = [];
  for (const plan of planSwaps(persons, config)) {
    const isField = plan.group === "field";
    const most = isField ? config.field_photographs || Infinity : config.photographs;
    const faces = (persons.heldOut.get(plan.target) ?? []).slice(0, most);
    const photos = await Promise.all(faces.map(photoOf));
    // Named as df_vs_liae names them, so that the same things lie before the same faces.
    const side = plan.pair.startsWith(`${plan.target}+`) ? "source" : "destination";
    tasks.push({ ...plan, faces, photos, occluded: isField ? occlude(photos, `${plan.pair} ${side}`) : [] });
  }
  return tasks.filter(({ faces }) => faces.length > 0);
}
