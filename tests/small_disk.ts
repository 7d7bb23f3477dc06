/**
 * A file system of a few kilobytes for the time of a test file; none where mounting needs rights that this user lacks.
 *
 * @param size As mount takes it, such as "8k".
 * @returns Its folder.
 */
export function smallDisk(size: string): string | undefined {
  if (Deno.build.os !== "linux") return undefined;
  const folder = Deno.makeTempDirSync();
  const mount = ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder];
  try {
    if (new Deno.Command("mount", { args: mount, stderr: "null" }).outputSync().success) {
      addEventListener("unload", () => void new Deno.Command("umount", { args: [folder] }).outputSync());
      return folder;
    }
  } catch {
    // no such command
  }
  Deno.removeSync(folder);
  return undefined;
}
