/**
 * Who is trained on, who is never seen, and how the encoder that trains describes them.
 *
 * @module
 */

import {
  assertDisjoint,
  type EmbeddedFaces,
  embedFaces,
  type IdentitySplit,
  personIdentities,
  readFaceSet,
  type SetFace,
} from "doppel/data/mod.ts";
import type { ExperimentContext } from "doppel/experiment/mod.ts";
import { describeFaces } from "doppel/faces/mod.ts";
import { morphsOf } from "./morphs.ts";
import { type Config, sizes } from "./presets.ts";

/** The persons of a run. */
export interface Persons {
  /** Persons who are trained on. */
  readonly training: readonly string[];
  /** Persons who are not; none where the set has no such split. */
  readonly unseen: readonly string[];
  /** The faces that are trained on. */
  readonly faces: readonly SetFace[];
  /** The same with descriptors, and the centre that identities are seen from: that of the training persons. */
  readonly embedded: EmbeddedFaces;
  /** z_id of each person: the direction of the mean of their photographs that are not held out. */
  readonly identities: ReadonlyMap<string, Float32Array>;
  /** Held-out faces of each person, none of which is trained on. */
  readonly heldOut: ReadonlyMap<string, readonly SetFace[]>;
}

/**
 * Reads and describes the persons.
 *
 * @param context The experiment's.
 * @returns The persons; those of the identity split that takes no part are not among them.
 * @throws {Problem} When there are fewer than two persons to train on.
 */
export async function readPersons({ config, data, say }: ExperimentContext<Config>): Promise<Persons> {
  const { faces } = await readFaceSet(data, {
    size: sizes[config.size].aei.resolution,
    ...(config.train_photographs > 0 && { perPerson: config.train_photographs }),
    photoSplit: "train",
  });
  const held = await readFaceSet(data, { size: sizes[config.size].aei.resolution, photoSplit: "held_out" });
  const trainedOn = splitsOf(config.unseen);
  const learned = faces.filter(({ identitySplit }) => trainedOn.includes(identitySplit));
  const strange = faces.filter(({ identitySplit }) => identitySplit === config.unseen);
  const [training, unseen] = [learned, strange].map((own) => [...new Set(own.map(({ person }) => person))]);
  assertDisjoint({ training: training!, unseen: unseen! });
  const { resolution: size } = sizes[config.size].aei;
  const morphs = await morphsOf(data, {
    ...{ count: config.morphs, size, persons: training!, photoSplit: "train" },
    ...(config.train_photographs > 0 && { perPerson: config.train_photographs }),
  });
  const embedded = { ...await embedFaces(learned), morphs };
  const described = strange.length > 0
    ? await describeFaces(strange.map(({ picture }) => picture), { encoder: "face_api_grey" })
    : [];
  const descriptors = [
    ...embedded.faces.map(({ person, descriptor }) => ({ person, descriptor })),
    ...strange.map(({ person }, i) => ({ person, descriptor: described[i]! })),
  ];
  const identities = personIdentities(descriptors, embedded.centre);
  const known = held.faces.filter(({ person }) => identities.has(person));
  say(`${learned.length} photographs of ${training!.length} persons are trained on; ${unseen!.length} are unseen`);
  return {
    training: training!,
    unseen: unseen!,
    faces: learned,
    embedded,
    identities,
    heldOut: Map.groupBy(known, ({ person }) => person),
  };
}

/** Settings are chosen with persons unseen who are not those of the test, and with neither trained on. */
function splitsOf(unseen: Config["unseen"]): readonly IdentitySplit[] {
  return unseen === "test" ? ["train", "validation"] : ["train"];
}
