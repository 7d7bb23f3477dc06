// @ts-check
/**
 * Saves drawings as they change, and keeps on trying until they are saved.
 *
 * @module
 */

/** @typedef {import("./drawing.js").Drawing} Drawing */
/** @typedef {{ photo: string, drawing: Drawing, revision: string, saved: number, busy: boolean, conflict: boolean }} Entry */
/** @typedef {{ kind: "saved" | "saving" | "failed" | "conflict", text: string, title?: string, photo: string }} SaveState */

const PAUSE = 250;
const RETRY = 2000;

/** Saves what changes. */
export class Saver {
  /** @type {Map<string, Entry>} */
  #entries = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #report;

  /** @param {(state: SaveState) => void} report Is told how saving goes. */
  constructor(report) {
    this.#report = report;
  }

  /**
   * Takes charge of a drawing as it was loaded.
   * @param {string} photo Path of the photograph.
   * @param {Drawing} drawing What is drawn on it.
   * @param {string} revision What the server calls the stored state.
   */
  watch(photo, drawing, revision) {
    this.#entries.set(photo, { photo, drawing, revision, saved: drawing.version, busy: false, conflict: false });
  }

  /** Says that something may have changed. */
  changed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), PAUSE);
  }

  /** Whether everything that was drawn is on the disk. */
  get isSaved() {
    return [...this.#entries.values()].every(({ saved, drawing }) => saved === drawing.version);
  }

  /** Saves all that is not saved yet. */
  async flush() {
    clearTimeout(this.#timer);
    await Promise.all([...this.#entries.values()].map((entry) => this.#save(entry)));
  }

  /**
   * Writes over what another program has changed in the meantime.
   * @param {string} photo Whose drawing.
   */
  async overwrite(photo) {
    const entry = this.#entries.get(photo);
    if (!entry) return;
    entry.conflict = false;
    entry.revision = "any";
    await this.#save(entry);
  }

  /**
   * Sends what is unsaved while the page goes away; nobody hears the answer.
   */
  sendLast() {
    for (const entry of this.#entries.values()) {
      if (entry.saved !== entry.drawing.version && !entry.conflict) void put(entry, true).catch(() => {});
    }
  }

  /** @param {Entry} entry */
  async #save(entry) {
    const { photo, drawing } = entry;
    if (entry.busy || entry.conflict || entry.saved === drawing.version) return;
    entry.busy = true;
    const { version } = drawing;
    this.#report({ kind: "saving", text: "Saving…", photo });
    try {
      const response = await put(entry, false);
      const answer = await response.json();
      if (response.ok) {
        entry.revision = answer.revision;
        entry.saved = version;
        this.#report({
          kind: "saved",
          text: `Saved to ${answer.file.split(/[\\/]/).at(-1)}`,
          title: answer.file,
          photo,
        });
      } else if (response.status === 409) {
        entry.conflict = true;
        this.#report({ kind: "conflict", text: answer.problem, photo });
      } else {
        this.#retry(photo, answer.problem);
      }
    } catch (_error) {
      this.#retry(photo, "the program that serves this page does not answer; is it still running?");
    } finally {
      entry.busy = false;
    }
    // What was drawn while this was being saved.
    if (entry.saved !== drawing.version && entry.saved === version) await this.#save(entry);
  }

  /**
   * @param {string} photo
   * @param {string} problem
   */
  #retry(photo, problem) {
    this.#report({ kind: "failed", text: `Not saved yet: ${problem}`, photo });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), RETRY);
  }
}

/**
 * @param {Entry} entry
 * @param {boolean} keepalive
 */
function put({ photo, drawing, revision }, keepalive) {
  return fetch(`/api/drawing?photo=${encodeURIComponent(photo)}`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...drawing.shapes, revision }),
    keepalive,
  });
}
