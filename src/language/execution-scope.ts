/*
 * What an execution finds beside Node's globals, as the language service sees it: a test holds it to the
 * list of builtins. Nothing of this runs.
 */

export {
  clear,
  display,
  heatmap,
  html,
  image,
  json,
  md,
  progress,
  type Rich,
  type Shown,
  signal,
  svg,
  tex,
} from "./kernel-scope.ts";

/** Asks the person and waits for the answer. */
export declare function input(prompt?: string, options?: { password?: boolean }): Promise<string>;

/** Shows a value beside the document. */
export declare function page(value: unknown): void;
