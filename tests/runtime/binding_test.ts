import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { provideToPackages, TensorFlowError, tf, useTensorFlow } from "doppel/runtime/mod.ts";
import { tensorFlow } from "../../lib/runtime/tensorflow.ts";

await useTensorFlow();
const { binding, backend } = tensorFlow();
const root = join(import.meta.dirname!, "..", "..");

Deno.test("tensors() of every type come back as they went in", () => {
  assert.deepEqual([...tf.tensor1d([1.5, -2, 3e-7]).dataSync()], [...Float32Array.of(1.5, -2, 3e-7)]);
  assert.deepEqual([...tf.tensor1d([1, -2, 2 ** 30], "int32").neg().neg().dataSync()], [1, -2, 2 ** 30]);
  assert.deepEqual([...tf.tensor1d([true, false], "bool").logicalNot().dataSync()], [0, 1]);
  assert.deepEqual(tf.tensor(["é€", "", "long ".repeat(50)]).reshape([3, 1]).dataSync(), [
    "é€",
    "",
    "long ".repeat(50),
  ]);
  const complex = tf.complex(tf.tensor1d([1, 2]), tf.tensor1d([3, 4]));
  assert.deepEqual([...tf.real(complex).dataSync(), ...tf.imag(complex).dataSync()], [1, 2, 3, 4]);
  assert.deepEqual([...tf.zeros([0, 3]).concat(tf.ones([1, 3])).dataSync()], [1, 1, 1]);
});

Deno.test("executeOp() turns TensorFlow's errors into exceptions that name the op and its inputs", () => {
  const a = tf.ones([2, 3]);
  const b = tf.ones([4, 5]);
  assert.throws(
    () => backend.executeSingleOutput("MatMul", [{ name: "T", type: binding.TF_ATTR_TYPE, value: 1 }], [a, b]),
    (error) => error instanceof TensorFlowError && /MatMul\(float32\[2,3\], float32\[4,5\]\)/.test(error.message),
  );
  assert.throws(() => binding.executeOp("NoSuchOp", [], [], 1), /NoSuchOp/);
});

Deno.test("executeOp() refuses a disposed tensor with a sentence", () => {
  const tensor = tf.ones([2]).add(1);
  const id = backend.upload(tensor);
  tensor.dispose();
  assert.throws(() => binding.executeOp("Neg", [], [id], 1), /Cannot run Neg: expected a live tensor/);
});

Deno.test("native handles() are as many as tfjs's tensors, before and after work", () => {
  const engine = () => tf.memory().numDataBuffers;
  const before = { native: binding.getNumOfTensors(), engine: engine() };
  tf.tidy(() => {
    const x = tf.randomNormal([4, 8, 8, 3], 0, 1, "float32", 7) as tf.Tensor4D;
    const filter = tf.randomNormal([3, 3, 3, 5], 0, 1, "float32", 8) as tf.Tensor4D;
    tf.grads((a: tf.Tensor, w: tf.Tensor) => tf.conv2d(a as tf.Tensor4D, w as tf.Tensor4D, 1, "same").square().mean())([
      x,
      filter,
    ]).forEach((gradient) => gradient.dataSync());
    tf.split(x, 2, 0)[0]!.mean().dataSync();
  });
  assert.equal(engine(), before.engine);
  assert.equal(binding.getNumOfTensors(), before.native);
});

Deno.test("provideToPackages() hands this very tfjs to whoever requires tfjs-node-gpu", () => {
  provideToPackages();
  const require = createRequire(join(root, "lib", "runtime", "mod.ts"));
  const given = require("@tensorflow/tfjs-node-gpu");
  assert.equal(given.engine(), tf.engine());
  assert.equal(given.getBackend(), "tensorflow");
});

Deno.test("summaryFileWriter() writes TensorBoard events through string, int64 and resource tensors", () => {
  provideToPackages();
  const require = createRequire(join(root, "lib", "runtime", "mod.ts"));
  const folder = Deno.makeTempDirSync();
  const writer = require("@tensorflow/tfjs-node-gpu").node.summaryFileWriter(folder);
  writer.scalar("loss", 0.25, 3);
  writer.flush();
  const [file] = [...Deno.readDirSync(folder)];
  const bytes = Deno.readFileSync(join(folder, file!.name));
  assert.ok(new TextDecoder().decode(bytes).includes("loss"), "the event file holds the tag");
  Deno.removeSync(folder, { recursive: true });
});

async function child(code: string, env: Record<string, string> = {}) {
  const script = Deno.makeTempFileSync({ dir: join(root, "tests", "runtime"), suffix: ".ts" });
  Deno.writeTextFileSync(script, code);
  try {
    const { code: exit, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", script],
      cwd: root,
      env,
    }).output();
    return { exit, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
  } finally {
    Deno.removeSync(script);
  }
}

const work = `
  import { tf, useTensorFlow } from "doppel/runtime/mod.ts";
  import { sentence } from "doppel/problem.ts";
  try { await useTensorFlow(); console.log(tf.ones([2, 2]).sum().dataSync()[0]); }
  catch (error) { console.log(sentence(error) ?? "unworded " + error); }
`;

Deno.test("a process that used TensorFlow ends cleanly and says nothing on its own", async () => {
  assert.deepEqual(await child(work), { exit: 0, out: "4\n", err: "" });
});

Deno.test("useTensorFlow() names a missing library and what to type", async () => {
  const empty = Deno.makeTempDirSync();
  const { out } = await child(work, { DOPPEL_TENSORFLOW: empty });
  assert.match(out, /^Cannot load TensorFlow: expected .+, got no file \(.+libtensorflow_framework.+task setup"\)\n$/);
  Deno.removeSync(empty);
});

Deno.test("useTensorFlow() refuses a damaged library with one sentence", async () => {
  const folder = Deno.makeTempDirSync();
  const suffix = Deno.build.os === "darwin" ? ".2.dylib" : ".so.2";
  for (const name of ["libtensorflow_framework", "libtensorflow_cc"]) {
    Deno.writeTextFileSync(join(folder, name + suffix), "not a library");
  }
  const { out } = await child(work, { DOPPEL_TENSORFLOW: folder });
  assert.match(out, /^Cannot load TensorFlow: expected a whole library .+\n$/);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("useTensorFlow() never falls back: a GPU that is not there is refused", async () => {
  const { out } = await child(work, { DOPPEL_DEVICE: "gpu", CUDA_VISIBLE_DEVICES: "" });
  assert.match(out, /^Cannot (use the GPU|load TensorFlow): expected .+\n$/);
  const { out: wrong } = await child(work, { DOPPEL_DEVICE: "tpu" });
  assert.match(wrong, /^Cannot choose device: expected one of auto, cpu, gpu, got "tpu"/);
});
