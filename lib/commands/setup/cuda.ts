/**
 * NVIDIA's CUDA libraries for the GPU build.
 *
 * TensorFlow's CUDA build opens cuBLAS, cuDNN and the rest when it meets a GPU. Its libraries carry a RUNPATH with
 * `$ORIGIN/../nvidia/<part>/lib`, so that the parts are found at `.venv/tensorflow/nvidia/<part>/lib`, beside the
 * folder `2.21.0-gpu`, with no environment variable set. The driver comes with the system.
 *
 * @module
 */

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { jupyterPlaces } from "../../notebook/mod.ts";
import { uvEnvironment, wheelFolder } from "./index_options.ts";
import { fingerprint, readStamp, writeWhole } from "./stamp.ts";
import type { Step } from "./step.ts";

const requirements = new URL("./cuda.txt", import.meta.url);

interface CudaStamp {
  readonly requirements: string;
}

/**
 * The step that fetches the CUDA libraries.
 *
 * @param root The project folder.
 * @returns The step.
 */
export function cudaStep(root: string): Step {
  const { venv, python } = jupyterPlaces(root);
  const folder = join(venv, "tensorflow", "nvidia");
  const stamp = join(folder, "doppel.json");
  const wanted = () => fingerprint(readFileSync(requirements, "utf8"));
  return {
    title: "CUDA libraries",
    bytes: 6e9,
    isDone: () => readStamp<CudaStamp>(stamp)?.requirements === wanted(),
    async make({ terminal, run }) {
      const part = join(venv, "tensorflow", "nvidia.part");
      rmSync(part, { recursive: true, force: true });
      mkdirSync(part, { recursive: true });
      const line = terminal.progress("CUDA libraries", { unit: "package" });
      let count = 0;
      try {
        const wheels = wheelFolder();
        await run({
          action: "fetch the CUDA libraries",
          command: join(python, "..", "uv"),
          // deno-fmt-ignore
          args: [
            "pip", "install", "--python", python, "--no-deps", "--target", part, "-r", fileURLToPath(requirements),
            ...(wheels ? ["--find-links", wheels] : []),
          ],
          cwd: root,
          env: await uvEnvironment(python, run),
          offline: "give an index that can be reached with PIP_INDEX_URL, or a folder of wheels with DOPPEL_WHEELS",
          onLine(text) {
            if (/^ ?(Downloading|Downloaded) /.test(text)) line.update(++count, { detail: text.trim() });
          },
        });
        rmSync(folder, { recursive: true, force: true });
        renameSync(join(part, "nvidia"), folder);
        writeWhole(stamp, { requirements: wanted() } satisfies CudaStamp);
        line.finish();
      } finally {
        line.clear();
        if (existsSync(part)) rmSync(part, { recursive: true, force: true });
      }
    },
  };
}
