import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { prepareDomains } from "../../experiments/cross_domain_detection/domains/prepare.ts";
import { openSets } from "../../experiments/cross_domain_detection/domains/read_sets.ts";
import type { DomainName, Split } from "../../experiments/cross_domain_detection/sets.ts";
import { codecParity, readManifest } from "doppel/data/mod.ts";
import { mean, rocAuc } from "doppel/evaluation/mod.ts";
import { readPictureCoding, readProvenance } from "doppel/image/mod.ts";
import { useTensorFlow } from "doppel/runtime/mod.ts";
import { contextOf, data } from "./cross_domain_small_set.ts";

await useTensorFlow();
const splits: readonly Split[] = ["train", "validation", "test"];
/** The AUC by facts of the files lies within what it is where real and forged change places within photographs. */
async function assertFilesTellNothing(set: string): Promise<void> {
  const samples = async (split: Split) => {
    const notes = JSON.parse(Deno.readTextFileSync(join(set, split, "pictures.json"))) as {
      file: string;
      forged: boolean;
    }[];
    return await Promise.all(notes.map(async ({ file, forged }) => ({
      coding: await readPictureCoding(Deno.readFileSync(join(set, split, file)), file),
      forged,
    })));
  };
  const { scores } = codecParity(await samples("train"), await samples("test"));
  const pairs = scores.length / 2;
  const off = (flips: number) =>
    Math.abs(
      rocAuc(scores.map(({ score, forged }, i) => ({ score, forged: forged !== ((flips >> (i >> 1) & 1) === 1) }))) -
        0.5,
    );
  const every = Array.from({ length: 2 ** pairs }, (_, flips) => off(flips)).sort((a, b) => a - b);
  assert.ok(off(0) <= every[Math.floor(0.95 * every.length)]!, `${off(0)} among ${every}`);
}

Deno.test("prepareDomains() makes every domain of a smoke run from the same photographs, alike in all but content", async () => {
  const names: DomainName[] = ["graphics", "df", "transposed"];
  const { context, said } = await contextOf({ domains: names });
  const { sets, rows } = await prepareDomains(context);
  assert.deepEqual(rows.map(({ domain, variant }) => `${domain} ${variant}`), [
    ...names.flatMap((name) => [`${name} raw`, `${name} matched`]),
  ]);
  assert.equal(said.filter((line) => line.startsWith("Domain ")).length, 3);
  const manifest = (await readManifest(data)).photographs;
  for (const { domain, variant, train, validation, test, ...row } of rows) {
    assert.deepEqual([train, validation, test], [4, 4, 6], domain);
    for (const split of splits) {
      const folder = join(context.run.path, "domains", domain, variant, split);
      const pictures = await sets.read({ domain, variant, split });
      assert.deepEqual(pictures.map(({ forged }) => forged), pictures.map((_, i) => i % 2 === 1));
      const own = manifest.filter((photo) => photo.identity_split === split);
      assert.deepEqual(pictures.map(({ photo }) => photo), own.flatMap(({ path }) => [path, path]));
      assert.deepEqual(pictures.map(({ person }) => person), own.flatMap(({ person }) => [person, person]));
      const files = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name.endsWith(".jpg"));
      assert.equal(files.length, pictures.length);
      const facts = await Promise.all(files.map(async (name) => {
        assert.equal(await readProvenance(join(folder, name)), undefined, "nothing in the file tells of a forgery");
        const { bytes: _, ...rest } = await readPictureCoding(Deno.readFileSync(join(folder, name)), name);
        return JSON.stringify(rest);
      }));
      assert.equal(new Set(facts).size, 1, "one codec");
      const notes = JSON.parse(Deno.readTextFileSync(join(folder, "pictures.json")));
      for (const { source, person, forged, file } of notes) {
        const swapped = forged && domain !== "transposed";
        assert.equal(source !== person, swapped, file);
        assert.ok(own.some((photo) => photo.person === source), "the source is of the same split");
      }
    }
    assert.ok(row.metadata_auc >= 0 && row.metadata_auc <= 1 && row.difference > 0);
  }
  const matched = (name: DomainName) => rows.find(({ domain, variant }) => domain === name && variant === "matched")!;
  assert.ok(Math.abs(matched("graphics").relative_sharpness - 1) < 0.25, "sharpness is matched");
  await assertFilesTellNothing(join(context.run.path, "domains", "graphics", "matched"));
  // The names of the files do not tell either.
  const train = JSON.parse(Deno.readTextFileSync(join(context.run.path, "domains/df/raw/train/pictures.json")));
  assert.equal(
    new Set(train.map((note: { file: string; forged: boolean }) => `${note.file.at(4)} ${note.forged}`)).size,
    4,
  );
  for (const name of names) {
    const grid = join(context.run.samples, `domain_${name}.png`);
    assert.equal((await readProvenance(grid))?.["synthetic"], "true");
  }

  // Once more with the same run: nothing is read or made; in another run it is taken over.
  const silent = await contextOf();
  const again = await prepareDomains({ ...silent.context, run: context.run, config: context.config });
  assert.deepEqual([again.rows, silent.worked, silent.said], [rows, [], []]);
  const other = await contextOf({ domains: ["graphics"] }, { reuse: context.run.path });
  const taken = await prepareDomains(other.context);
  assert.deepEqual(taken.rows, rows.slice(0, 2));
  assert.deepEqual(other.said, [`Took over the forgeries of graphics from ${basename(context.run.path)}`]);
  assert.deepEqual([...Deno.readDirSync(other.context.run.samples)].map(({ name }) => name), ["domain_graphics.png"]);
  const which = { domain: "graphics", variant: "raw", split: "test" } as const;
  assert.deepEqual(await taken.sets.read(which), await sets.read(which));
});

Deno.test("prepareDomains() that is asked to stop leaves no half of a domain, and goes on", async () => {
  const stop = new AbortController();
  const { context } = await contextOf({ domains: ["nearest"], fingerprint_steps: 3 });
  const stopped = prepareDomains({
    ...context,
    signal: stop.signal,
    progress: (title) => title.startsWith("forging") ? stop.abort(new Error("enough")) : undefined,
  });
  await assert.rejects(stopped, /enough/);
  assert.ok(!existsSync(join(context.run.path, "domains", "nearest")));
  const titles = new Set<string>();
  const { rows } = await prepareDomains({ ...context, progress: (title) => titles.add(title) });
  assert.equal(rows.length, 2);
  assert.ok(![...titles].some((title) => title.startsWith("training")), "the generator is not trained again");
});

Deno.test("openSets() keeps what was read last within its bound, and says what is wrong with a set", async () => {
  const { context } = await contextOf({ domains: ["nearest"] });
  await prepareDomains(context);
  const root = join(context.run.path, "domains");
  const [small, large] = [openSets(root, { keep: 1 }), openSets(root)];
  const read = (sets: typeof small, split: Split) => sets.read({ domain: "nearest", variant: "raw", split });
  const first = await read(large, "train");
  await read(large, "test");
  assert.equal(await read(large, "train"), first);
  const once = await read(small, "train");
  assert.equal(await read(small, "train"), once);
  await read(small, "test");
  const twice = await read(small, "train");
  assert.notEqual(twice, once);
  assert.deepEqual(twice, once);
  assert.ok(mean([...once[0]!.picture.data]) > 0.1);
  await assert.rejects(
    small.read({ domain: "liae", variant: "raw", split: "test" }),
    /Cannot read a forged set: expected a file, got none \(.+liae\/raw\/test\/pictures\.json\)/,
  );
});
