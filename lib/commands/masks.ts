/**
 * `deno task masks`: a page for drawing masks of faces by hand.
 *
 * @module
 */

import { command } from "./_command.ts";
import { main } from "./_main.ts";
import { note, say } from "./_terminal.ts";
import { serveMasks } from "./masks/server.ts";

/** The command `masks`. */
export const masks = command({
  name: "masks",
  summary: "Draw masks of faces by hand, in a browser",
  description: [
    "Serves a page to this machine alone, on which polygons are drawn round faces and what lies before them. Every",
    "change is saved at once as a LabelMe file beside the photograph. A few dozen such masks train the segmentation",
    "network.",
  ].join("\n"),
  positionals: [{ name: "folder", summary: "The photographs; sub-folders count" }],
  options: {
    out: { type: "text", summary: "Keep the drawings in this folder, not beside the photographs", value: "DIR" },
    port: { type: "integer", summary: "The port on this machine, default a free one", min: 1, max: 65535 },
  },
  examples: ["masks photos", "masks photos --out masks --port 8123"],
  async run({ folder }, { out, port }, { signal }) {
    const server = await serveMasks({ folder, signal, ...(out ? { out } : {}), ...(port ? { port } : {}) });
    if (server.photographs === 0) note(`There is no photograph in ${folder} yet.`);
    say(server.address);
    note("Open this address in a browser. Ctrl-C ends it; everything is saved as you draw.");
    await server.finished;
  },
});

if (import.meta.main) await main(masks);
