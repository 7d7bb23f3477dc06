/**
 * The one door to the Jupyter kernel. Outside the kernel even touching `Deno.jupyter` throws.
 *
 * @module
 */

/** Data by MIME type, as Jupyter's messages carry it. */
export type MimeBundle = Record<string, unknown>;

const jupyter = openKernel();

/**
 * Tells whether the code runs in a notebook's cell.
 *
 * @returns True in the Deno kernel, false under `deno run` and `deno test`.
 */
export function inKernel(): boolean {
  return jupyter !== undefined;
}

/**
 * Sends a bundle to the notebook, and gives the kernel one turn to pass it on: an output that is still on its way when
 * the cell ends is shown under the next cell or lost.
 *
 * @param bundle Data by MIME type.
 * @param options `id` names the output; with `update` the named output is replaced instead of a new one added.
 * @returns Whether there was a kernel to send it to.
 */
export async function sendToKernel(
  bundle: MimeBundle,
  { id, update = false }: { id?: string; update?: boolean } = {},
): Promise<boolean> {
  if (!jupyter) return false;
  await jupyter.broadcast(update ? "update_display_data" : "display_data", {
    data: bundle,
    metadata: {},
    transient: id === undefined ? {} : { display_id: id },
  });
  await new Promise((resolve) => setTimeout(resolve, 0));
  return true;
}

/**
 * Prints text where there is no notebook.
 *
 * @param text The text, with its line break.
 */
export function writePlainly(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}

/** The kernel's interface, or nothing outside it. */
function openKernel(): typeof Deno.jupyter | undefined {
  try {
    const { jupyter } = Deno;
    // The Stop button sends SIGINT, which kills a kernel that does not listen, and all its variables with it.
    Deno.addSignalListener("SIGINT", () => {});
    return jupyter;
  } catch {
    return undefined;
  }
}
