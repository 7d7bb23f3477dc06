import assert from "node:assert/strict";
import { openAdapter, targetPool } from "../../experiments/cross_domain_detection/adapt.ts";
import { adaptations, ratesOf, shotsOf } from "../../experiments/cross_domain_detection/adaptations.ts";
import { adaptationNames } from "../../experiments/cross_domain_detection/methods.ts";
import { openPictureSets } from "../../experiments/cross_domain_detection/picture_sets.ts";
import { type Config, presets } from "../../experiments/cross_domain_detection/presets.ts";
import { recipes, sizesOf } from "../../experiments/cross_domain_detection/recipes.ts";
import { detector } from "doppel/detectors/mod.ts";
import { useTensorFlow } from "doppel/runtime/mod.ts";
import { fakePictures, fakeSets } from "./cross_domain_detection_sets.ts";

await useTensorFlow();
const few: Config = { ...presets.smoke.config, resolution: 32, adapt_rates: [1e-4, 1e-3] };

Deno.test("openAdapter() adapts by every method from the same start each time, whatever was tried before", async () => {
  const sets = openPictureSets(fakeSets(), "face_api");
  const read = (split: "validation" | "test") => sets.read({ domain: "df", variant: "matched", split });
  const [validation, test] = [[await read("validation")], [await read("test")]];
  const pool = targetPool(fakePictures("df", "train", 6), 2, 1, "df");
  for (const name of adaptationNames) {
    const method = adaptations[name];
    // T-GD's methods take a network that is compiled sooner than EfficientNet.
    const on = method.on === "efficient_net" ? "classifier" : method.on;
    const model = detector(recipes[on].entry, sizesOf(on, few), 1);
    const adapter = openAdapter(method, model, sets, { config: few, seed: 1, validation, test });
    const [slow, fast] = ratesOf(method, few) as [number, number];
    const first = await adapter.adapt(pool, slow);
    const second = await adapter.adapt(pool, fast);
    const again = await adapter.adapt(pool, slow);
    assert.deepEqual({ ...again, seconds: 0 }, { ...first, seconds: 0 }, name);
    assert.notDeepEqual(second.last.test, first.last.test, name);
    assert.ok(first.best.value >= first.last.value);
    adapter.dispose();
    model.weights.dispose();
  }
});

Deno.test("openPictureSets() gives each photograph one domain's treatment by turns where real pictures stand alone", async () => {
  const sets = openPictureSets({
    read: ({ domain, split }) =>
      Promise.resolve(
        // The first domain could not make the first photograph.
        fakePictures(domain, split, 4).map((given) => ({ ...given, person: domain })).slice(domain === "df" ? 2 : 0),
      ),
  }, "face_api");
  const { pictures } = await sets.real(["df", "graphics"], "matched", "train");
  assert.ok(pictures.every(({ forged }) => !forged));
  const treated = Object.fromEntries(pictures.map(({ photo, person }) => [photo.at(-5), person]));
  assert.deepEqual(treated, { 1: "df", 2: "graphics", 3: "df", 0: "graphics" });
  const blended = await sets.selfBlended(["df", "graphics"], "matched", "train");
  assert.deepEqual(blended.pictures.map(({ forged }) => forged), [false, true, false, true, false, true, false, true]);
  const again = openPictureSets(fakeSets(), "face_api");
  const one = await sets.selfBlended(["graphics"], "matched", "train");
  const two = await again.selfBlended(["graphics"], "matched", "train");
  assert.deepEqual(one.pictures[1]!.picture, two.pictures[1]!.picture, "always alike");
});

Deno.test("shotsOf() asks the ablations of ForensicTransfer and the methods on EfficientNet by settings of their own", () => {
  const config = { shots: [0, 5, 10, 100], ablation_shots: [0, 10], tgd_shots: [0, 100] };
  const asked = Object.fromEntries(adaptationNames.map((name) => [name, shotsOf(adaptations[name], config)]));
  assert.deepEqual(asked["ft"], config.shots);
  assert.deepEqual(asked["ft_rgb_10_epochs"], config.shots);
  assert.deepEqual([asked["ft_gamma_0"], asked["ft_no_selection"]], [[0, 10], [0, 10]]);
  assert.deepEqual([asked["tgd"], asked["fine_tuned"]], [[0, 100], [0, 100]]);
});
