import assert from "node:assert/strict";
import { join } from "node:path";
import { createPicture, encodePicture } from "doppel/image/mod.ts";
import { serveMasks } from "../../lib/commands/masks/server.ts";
import { browserPath, type Page, withPage } from "./browser.ts";

const ignore = browserPath === undefined;
const needs = ignore ? " (needs chromium on the PATH)" : "";
const [width, height] = [120, 100];

interface Tools {
  page: Page;
  folder: string;
  address: string;
  /** Where a place in the photograph is on the screen, as long as it is shown whole. */
  at: (x: number, y: number) => Promise<[number, number]>;
  /** Clicks at places in the photograph. */
  clicks: (...points: readonly [number, number][]) => Promise<void>;
  /** The stored file, once all is saved. */
  stored: (name: string) => Promise<{ shapes: { label: string; points: [number, number][] }[]; draft?: unknown }>;
}

async function withDrawing(photographs: readonly string[], use: (tools: Tools) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "doppel-draw-" });
  const stop = new AbortController();
  try {
    const photo = await encodePicture(createPicture(width, height, 3, [0.3, 0.5, 0.6]));
    for (const path of photographs) {
      await Deno.mkdir(join(folder, path, ".."), { recursive: true });
      await Deno.writeFile(join(folder, path), photo);
    }
    const { address, finished } = await serveMasks({ folder, signal: stop.signal });
    await withPage(async (page) => {
      await page.open(address);
      const at = async (x: number, y: number): Promise<[number, number]> => {
        const box = await page.evaluate<{ left: number; top: number; width: number; height: number }>(
          "document.getElementById('canvas').getBoundingClientRect().toJSON()",
        );
        const scale = Math.min((box.width - 48) / width, (box.height - 48) / height);
        return [
          box.left + (box.width - width * scale) / 2 + x * scale,
          box.top + (box.height - height * scale) / 2 + y * scale,
        ];
      };
      await use({
        page,
        folder,
        address,
        at,
        clicks: async (...points) => {
          for (const [x, y] of points) await page.click(...await at(x, y));
        },
        stored: async (name) => {
          await new Promise((resolve) => setTimeout(resolve, 300));
          await page.until("document.getElementById('saving').className === 'saved'");
          return JSON.parse(await Deno.readTextFile(join(folder, name)));
        },
      });
    });
    stop.abort();
    await finished;
  } finally {
    stop.abort();
    await Deno.remove(folder, { recursive: true });
  }
}

/** Points to the nearest whole pixel: a screen pixel is smaller than one of the photograph. */
const rounded = (points: [number, number][]) => points.map((point) => point.map(Math.round));
const shown = "document.getElementById('name').textContent";
const ready = "document.getElementById('hint').textContent !== ''";

Deno.test({
  name: `the drawing page draws polygons, changes them, undoes and saves as it goes${needs}`,
  ignore,
  fn: () =>
    withDrawing(["1.png"], async ({ page, at, clicks, stored, folder }) => {
      await page.until(ready);
      await clicks([20, 20], [80, 20], [80, 80], [20, 81], [50, 50]);
      await page.press("Backspace");
      const open = await stored("1.json");
      assert.deepEqual(open.shapes, []);
      assert.deepEqual(rounded((open.draft as { points: [number, number][] }).points), [[20, 20], [80, 20], [80, 80], [
        20,
        81,
      ]]);
      await page.press("Enter");
      let file = await stored("1.json");
      assert.equal(file.draft, undefined);
      assert.deepEqual(file.shapes.map(({ label }) => label), ["face"]);

      // A point is dragged, in one step of undo.
      await page.drag(await at(80, 80), await at(90, 70));
      file = await stored("1.json");
      assert.deepEqual(rounded(file.shapes[0]!.points), [[20, 20], [80, 20], [90, 70], [20, 81]]);
      await page.press("Control+z");
      assert.deepEqual(rounded((await stored("1.json")).shapes[0]!.points)[2], [80, 80]);
      await page.press("Control+Shift+Z");
      assert.deepEqual(rounded((await stored("1.json")).shapes[0]!.points)[2], [90, 70]);

      // An occluder, closed by a double click; it begins on a point of the face.
      await page.press("2");
      await clicks([20, 20], [50, 20]);
      await page.click(...await at(40, 50), 2);
      file = await stored("1.json");
      assert.deepEqual(file.shapes.map(({ label }) => label), ["face", "occluder"]);
      assert.deepEqual(file.shapes[1]!.points[0], file.shapes[0]!.points[0]);
      assert.equal(file.shapes[1]!.points.length, 3);

      // One that closes on its first point becomes hair; another is given up.
      await page.press("3");
      await clicks([100, 10], [110, 10], [110, 30], [100, 10]);
      await clicks([5, 5], [9, 9]);
      await page.press("Escape");
      file = await stored("1.json");
      assert.deepEqual([file.shapes.map(({ label }) => label), file.draft], [["face", "occluder", "hair"], undefined]);

      // Selected in the list, the occluder changes its class, gets a point on a side, and goes.
      await page.evaluate("document.querySelectorAll('.shape .row')[1].click()");
      await page.press("3");
      await page.drag(await at(30, 20), await at(30, 26));
      file = await stored("1.json");
      assert.deepEqual(file.shapes.map(({ label }) => label), ["face", "hair", "hair"]);
      assert.deepEqual(rounded(file.shapes[1]!.points), [[20, 20], [30, 26], [50, 20], [40, 50]]);
      await page.press("Delete");
      assert.equal((await stored("1.json")).shapes.length, 2);
      assert.deepEqual(Array.from(Deno.readDirSync(folder), ({ name }) => name).sort(), ["1.json", "1.png"]);
      assert.deepEqual(page.problems, []);
    }),
});

Deno.test({
  name: `the drawing page zooms about the mouse and moves the photograph${needs}`,
  ignore,
  fn: () =>
    withDrawing(["1.png"], async ({ page, at, stored }) => {
      await page.until(ready);
      const corner = await at(30, 30);
      await page.wheel(...corner, -600);
      const scale = Math.exp(600 * 0.0015);
      const fitted = (await at(31, 30))[0] - corner[0];
      await page.click(...corner);
      // Ten pixels of the photograph to the right at the new scale.
      await page.click(corner[0] + 10 * fitted * scale, corner[1]);
      await page.click(corner[0] + 10 * fitted * scale, corner[1] + 5 * fitted * scale);
      await page.press("Enter");
      assert.deepEqual(rounded((await stored("1.json")).shapes[0]!.points), [[30, 30], [40, 30], [40, 35]]);
      assert.deepEqual(page.problems, []);
    }),
});

Deno.test({
  name: `the drawing page goes from photograph to photograph and loses nothing, not even an open polygon${needs}`,
  ignore,
  fn: () =>
    withDrawing(["anna/1.png", "bert/2.png"], async ({ page, address, clicks, stored }) => {
      await page.until(`${ready} && ${shown} === 'anna/1.png'`);
      await clicks([20, 20], [80, 20]);
      await page.press("ArrowRight");
      await page.until(`${shown} === 'bert/2.png' && ${ready}`);
      await clicks([10, 10], [60, 10], [60, 60]);
      await page.press("Enter");
      assert.equal((await stored("bert/2.json")).shapes.length, 1);
      await page.press("p");
      await page.until(`${shown} === 'anna/1.png' && ${ready}`);
      await clicks([80, 80]);
      await page.press("Backspace");
      await page.press("Control+z");
      await stored("anna/1.json");

      // The page is loaded again, as after a crash.
      await page.open(`${address}?again#anna%2F1.png`);
      await page.until(`${shown} === 'anna/1.png' && document.querySelector('.draft')`);
      await page.press("Enter");
      const { shapes } = await stored("anna/1.json");
      assert.deepEqual(rounded(shapes[0]!.points), [[20, 20], [80, 20], [80, 80]]);
      assert.equal(await page.evaluate("document.getElementById('progress').textContent"), "2 of 2 with a face");
      assert.deepEqual(page.problems, []);
    }),
});

Deno.test({
  name: `the drawing page saves later what it cannot save now, and asks before it writes over another program${needs}`,
  ignore,
  fn: () =>
    withDrawing(["1.png"], async ({ page, folder, clicks, stored }) => {
      await page.until(ready);
      const saving = "document.getElementById('saving')";
      await page.offline(true);
      await clicks([20, 20], [80, 20], [80, 80]);
      await page.press("Enter");
      await page.until(`${saving}.className === 'failed' && /does not answer/.test(${saving}.textContent)`);
      await page.offline(false);
      const file = await stored("1.json");
      assert.equal(file.shapes.length, 1);

      await Deno.writeTextFile(join(folder, "1.json"), JSON.stringify({ ...file, shapes: [], note: "theirs" }));
      await clicks([10, 10], [15, 10], [15, 15]);
      await page.press("Enter");
      await page.until(`${saving}.className === 'conflict'`);
      assert.equal(JSON.parse(await Deno.readTextFile(join(folder, "1.json"))).note, "theirs");
      await page.evaluate(`${saving}.querySelector('button').click()`);
      assert.equal((await stored("1.json")).shapes.length, 2);
    }),
});

Deno.test({
  name: `the drawing page says what to do in an empty folder and with a damaged photograph${needs}`,
  ignore,
  fn: () =>
    withDrawing([], async ({ page, folder, address }) => {
      await page.until("!document.getElementById('empty').hidden");
      assert.match(
        await page.evaluate("document.getElementById('empty').textContent"),
        /There is no photograph in .*: put JPEG/,
      );
      await Deno.writeTextFile(join(folder, "broken.jpg"), "no picture");
      await page.open(`${address}?again`);
      await page.until("!document.getElementById('notice').hidden");
      assert.match(
        await page.evaluate("document.getElementById('notice').textContent"),
        /broken\.jpg cannot be shown: it is damaged/,
      );
    }),
});
