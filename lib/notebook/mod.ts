/**
 * Notebooks: what a cell shows results with ({@linkcode show}), follows training with ({@linkcode liveProgress}) and is
 * stopped with ({@linkcode stopButton}), and what runs and checks whole notebooks outside JupyterLab
 * ({@linkcode runNotebook}, {@linkcode checkNotebook}). What is shown comes from `report`; how it is computed from the
 * rooms above. Nothing in here needs a package, since set-up uses it before there are any.
 *
 * @module
 */

export { checkNotebook, type NotebookMistake } from "./check_notebook.ts";
export { jupyterEnvironment, type JupyterPlaces, jupyterPlaces, projectRoot } from "./jupyter.ts";
export { inKernel } from "./kernel.ts";
export { type LiveProgress, liveProgress, type LiveProgressOptions } from "./live_progress.ts";
export {
  formatBytes,
  formatProgress,
  formatSeconds,
  type Pace,
  paceMeter,
  type PaceMeterOptions,
  type Progress,
} from "./pace.ts";
export {
  type CellError,
  type CellResult,
  type NotebookRun,
  runNotebook,
  type RunNotebookOptions,
} from "./run_notebook.ts";
export { type Chart, show, type Showable } from "./show.ts";
export { type StopButton, stopButton, Stopped } from "./stop_button.ts";
export { TextLineStream } from "./text_lines.ts";
