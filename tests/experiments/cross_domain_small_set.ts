/**
 * A few photographs of a few persons as a set of their own, and the context of a smoke run on it.
 *
 * @module
 */

import { join } from "node:path";
import { type Config, presets } from "../../experiments/cross_domain_detection/presets.ts";
import { BUNDLED_FACES, readManifest } from "doppel/data/mod.ts";
import { createRun, type ExperimentContext } from "doppel/experiment/mod.ts";
import { environment } from "../experiment/fixtures.ts";

/** Removed at the end of the tests. */
export const scratch = Deno.makeTempDirSync();
addEventListener("unload", () => Deno.removeSync(scratch, { recursive: true }));

/** Two photographs of two persons of each identity split, three of `test`, as a set of their own. */
async function smallSet(): Promise<string> {
  const folder = join(scratch, "faces");
  const manifest = await readManifest(BUNDLED_FACES);
  const persons = new Set(["person05", "person13", "person18", "person20", "person04", "person15", "person22"]);
  const photographs = [
    ...Map.groupBy(manifest.photographs.filter(({ person }) => persons.has(person)), ({ person }) => person).values(),
  ].flatMap((own) => own.slice(0, 2));
  const list = JSON.parse(Deno.readTextFileSync(join(BUNDLED_FACES, "faces.json")));
  const paths = new Set(photographs.map(({ path }) => path));
  list.faces = list.faces.filter(({ path }: { path: string }) => paths.has(path));
  list.missed = [];
  for (const path of paths) {
    Deno.mkdirSync(join(folder, path, ".."), { recursive: true });
    Deno.copyFileSync(join(BUNDLED_FACES, path), join(folder, path));
  }
  Deno.writeTextFileSync(join(folder, "manifest.json"), JSON.stringify({ ...manifest, photographs }));
  Deno.writeTextFileSync(join(folder, "faces.json"), JSON.stringify(list));
  return folder;
}
/** Folder of the set. */
export const data = await smallSet();

/** The context of a new smoke run on the set. */
export async function contextOf(
  over: Partial<Config> = {},
  more: Partial<ExperimentContext<Config>> = {},
): Promise<{ context: ExperimentContext<Config>; said: string[]; worked: string[] }> {
  const config: Config = { ...presets.smoke.config, photographs: 0, ...over };
  const run = await createRun({
    root: scratch,
    experiment: "cross_domain_detection",
    preset: "smoke",
    config,
    environment,
  });
  const said: string[] = [];
  const worked: string[] = [];
  const context: ExperimentContext<Config> = {
    ...{ run, config, data, say: (line) => said.push(line), progress: (title) => worked.push(title) },
    ...more,
  };
  return { context, said, worked };
}
