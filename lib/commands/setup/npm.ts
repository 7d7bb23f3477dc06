/**
 * The npm packages of `deno.json`, through `deno install`.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fingerprint, readStamp, writeWhole } from "./stamp.ts";
import type { SetupContext, Step } from "./step.ts";

interface NpmStamp {
  readonly packages: string;
}

/**
 * The step that fills `node_modules`.
 *
 * @param root The project folder.
 * @returns The step.
 */
export function npmStep(root: string): Step {
  const stamp = join(root, "node_modules", ".doppel.json");
  const wanted = () => {
    const lock = readFileSync(join(root, "deno.lock"), "utf8");
    return fingerprint(lock, JSON.stringify(npmPackages(root)));
  };
  return {
    title: "npm packages",
    bytes: 700e6,
    isDone: () =>
      readStamp<NpmStamp>(stamp)?.packages === wanted() &&
      npmPackages(root).every(({ name }) => existsSync(join(root, "node_modules", name, "package.json"))),
    async make({ terminal, run }) {
      const line = terminal.progress("npm packages", { unit: "package" });
      try {
        const count = await install(root, run, (done, total, detail) => line.update(done, { total, detail }));
        writeWhole(stamp, { packages: wanted() } satisfies NpmStamp);
        line.finish(`${count} packages`);
      } finally {
        line.clear();
      }
    },
  };
}

/**
 * The npm packages that `deno.json` imports.
 *
 * @param root The project folder.
 * @returns Package names with their scope, and their exact versions.
 */
export function npmPackages(root: string): { name: string; version: string }[] {
  const { imports = {} } = JSON.parse(readFileSync(join(root, "deno.json"), "utf8"));
  return Object.values(imports as Record<string, string>).flatMap((target) => {
    const [, name, version] = target.match(/^npm:((?:@[^/]+\/)?[^@/]+)@([^/]+)/) ?? [];
    return name && version ? [{ name, version }] : [];
  });
}

/** Runs `deno install` and counts packages: fetched into the cache first, then laid into node_modules. */
async function install(
  root: string,
  run: SetupContext["run"],
  tell: (done: number, total: number, detail: string) => void,
): Promise<number> {
  const waiting = new Set<string>();
  let fetched = 0;
  let laid = 0;
  const caches = await cacheFolders(run);
  const look = () => {
    const folders = caches();
    for (const path of waiting) {
      if (folders.some((folder) => existsSync(join(folder, path))) && waiting.delete(path)) fetched++;
    }
    if (waiting.size > 0) tell(fetched, fetched + waiting.size, "fetching");
  };
  const timer = setInterval(look, 250);
  const registry = Deno.env.get("NPM_CONFIG_REGISTRY") ?? Deno.env.get("npm_config_registry");
  try {
    await run({
      action: "fetch npm packages",
      // The whole path of deno.json tells the next set-up whose program this is.
      command: Deno.execPath(),
      args: ["install", "--frozen", "--config", join(root, "deno.json")],
      cwd: root,
      // Deno reads the name in capitals only.
      env: registry ? { NPM_CONFIG_REGISTRY: registry } : {},
      offline: "give a registry that can be reached with NPM_CONFIG_REGISTRY, then run set-up again",
      onLine(line) {
        const [, name, version] = line.match(/^Download .*?\/((?:@[^/]+\/)?[^/]+)\/-\/.*-(\d[^/]*)\.tgz/) ?? [];
        if (name) waiting.add(join(name, version!));
        if (/^Initialize /.test(line)) tell(++laid, Math.max(laid, fetched), "unpacking");
      },
    });
  } finally {
    clearInterval(timer);
  }
  return readdirSync(join(root, "node_modules", ".deno")).filter((name) => !name.startsWith(".")).length;
}

/** The folders of Deno's npm cache, one a registry; looked up anew, since the first fetch makes them. */
async function cacheFolders(run: SetupContext["run"]): Promise<() => string[]> {
  const { npmCache } = JSON.parse(
    await run({ action: "ask Deno for its cache", command: Deno.execPath(), args: ["info", "--json"] }),
  );
  return () => existsSync(npmCache) ? readdirSync(npmCache).map((name) => join(npmCache, name)) : [];
}
