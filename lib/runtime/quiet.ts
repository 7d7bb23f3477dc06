/**
 * Keeps TensorFlow's greeting off the terminal.
 *
 * @module
 */

/**
 * Runs something with the process's standard error closed to native code. TensorFlow prints a line on oneDNN while it
 * is loaded that no log level hides; what goes wrong comes back as an exception all the same.
 *
 * @param work What to run.
 * @returns What it returns.
 */
export function withoutNativeLog<T>(work: () => T): T {
  if (Deno.build.os !== "linux" || Deno.env.get("DOPPEL_NATIVE_LOG")) return work();
  const { symbols: libc } = Deno.dlopen("libc.so.6", {
    dup: { parameters: ["i32"], result: "i32" },
    dup2: { parameters: ["i32", "i32"], result: "i32" },
    close: { parameters: ["i32"], result: "i32" },
    open: { parameters: ["buffer", "i32"], result: "i32" },
  });
  const standardError = 2;
  const writeOnly = 1;
  const kept = libc.dup(standardError);
  const nowhere = libc.open(new TextEncoder().encode("/dev/null\0"), writeOnly);
  if (kept < 0 || nowhere < 0) return work();
  libc.dup2(nowhere, standardError);
  try {
    return work();
  } finally {
    libc.dup2(kept, standardError);
    libc.close(kept);
    libc.close(nowhere);
  }
}
