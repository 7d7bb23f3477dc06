import assert from "node:assert/strict";
import { join } from "node:path";
import { BUNDLED_FACES } from "doppel/data/mod.ts";
import type { ExperimentContext, Run } from "doppel/experiment/mod.ts";
import { useTensorFlow } from "doppel/runtime/mod.ts";
import { type Arm, arms } from "../../experiments/df_vs_liae/arms.ts";
import { type Config, presets } from "../../experiments/df_vs_liae/presets.ts";
import { pretrained, pretrainings } from "../../experiments/df_vs_liae/pretraining.ts";

const arm: Arm = arms.df;
const config: Config = { ...presets.smoke.config, pretrain_steps: 1 };

Deno.test("pretrained() takes over an earlier run's model where the settings agree, and trains anew where not", async () => {
  await useTensorFlow();
  const root = Deno.makeTempDirSync();
  const contextOf = (name: string, more: Partial<ExperimentContext<Config>> = {}): ExperimentContext<Config> => ({
    run: {
      ...{ path: join(root, name), checkpoints: join(root, name, "checkpoints"), metrics: join(root, `${name}.jsonl`) },
    } as Run,
    ...{ config, data: BUNDLED_FACES, say: () => {}, progress: () => {} },
    ...more,
  });
  const first = contextOf("first");
  const made = await pretrained(first, arm, 1);
  const reuse = join(root, "first");

  const second = contextOf("second", { reuse });
  assert.deepEqual(Deno.readFileSync(await pretrained(second, arm, 1)), Deno.readFileSync(made));
  assert.deepEqual((await pretrainings(second, [arm])).map(({ run }) => run), ["first"]);
  // What was taken over is said to be the first run's, however many runs it passes through.
  const third = contextOf("third", { reuse: join(root, "second") });
  await pretrained(third, arm, 1);
  assert.deepEqual((await pretrainings(third, [arm])).map(({ run }) => run), ["first"]);

  const other = contextOf("other", { reuse, config: { ...config, scratch_rate: 1e-3 } });
  assert.notDeepEqual(Deno.readFileSync(await pretrained(other, arm, 1)), Deno.readFileSync(made));
  assert.deepEqual((await pretrainings(other, [arm])).map(({ run }) => run), [null]);
  Deno.removeSync(root, { recursive: true });
});
