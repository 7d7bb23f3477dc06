import { deepEqual, equal } from "node:assert/strict";
import { inKernel } from "doppel/notebook/mod.ts";
// The bundle is the promise that notebooks rely on; outside the kernel show() itself only prints its text.
import { bundleOf } from "../../lib/notebook/show.ts";

const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2]);

Deno.test("inKernel() is false under deno test", () => equal(inKernel(), false));

Deno.test("bundleOf() gives a chart in every form there is", async () => {
  deepEqual(await bundleOf({ svg: "<svg/>", vegaLite: { mark: "bar" }, png, text: "AUC by arm" }), {
    "application/vnd.vegalite.v5+json": { mark: "bar" },
    "image/svg+xml": "<svg/>",
    "image/png": "iVBORwEC",
    "text/plain": "AUC by arm",
  });
  deepEqual(await bundleOf({ svg: "<svg/>" }), { "image/svg+xml": "<svg/>", "text/plain": "chart" });
});

Deno.test("bundleOf() strips the tags of HTML that brings no text", async () => {
  deepEqual(await bundleOf({ html: "<p>AUC <b>0.97</b></p>" }), {
    "text/html": "<p>AUC <b>0.97</b></p>",
    "text/plain": "AUC 0.97",
  });
  equal((await bundleOf({ html: "<p>x</p>", text: "own words" }))["text/plain"], "own words");
});

Deno.test("bundleOf() knows PNG by its first bytes", async () => {
  deepEqual(await bundleOf(png), { "image/png": "iVBORwEC", "text/plain": "PNG picture, 6 bytes" });
  const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0]);
  deepEqual(await bundleOf(jpeg), { "image/jpeg": "/9j/4A==", "text/plain": "JPEG picture, 4 bytes" });
  deepEqual(Object.keys(await bundleOf(new Uint8Array([1, 2, 3, 4]))), ["text/plain"]);
});

Deno.test("bundleOf() lets an object show itself", async () => {
  const frame = {
    [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<table/>" }),
    toString: () => "a frame",
  };
  deepEqual(await bundleOf(frame), { "text/plain": "a frame", "text/html": "<table/>" });
});

Deno.test("bundleOf() gives anything else as text", async () => {
  deepEqual(await bundleOf(0.5), { "text/plain": "0.5" });
  deepEqual(await bundleOf(undefined), { "text/plain": "undefined" });
  deepEqual(await bundleOf({ auc: 1 }), { "text/plain": "{ auc: 1 }" });
});
