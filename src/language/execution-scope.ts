/*
 * What an execution finds beside Node's globals, as the language service sees it: a test holds it to the
 * list of builtins. Nothing of this runs.
 */

export { progress, signal } from "./kernel-scope.ts";

/** What shows another value in the place of the one that was displayed. */
export interface Shown {
  readonly id: string;
  update(value: unknown): void;
}

/** Shows a value; returns what shows another in its place. */
export declare function display(value: unknown, options?: { id?: string }): Shown;

/** Asks the person and waits for the answer. */
export declare function input(prompt?: string, options?: { password?: boolean }): Promise<string>;

/** Takes away what this execution has shown. */
export declare function clear(options?: { wait?: boolean }): void;

/** Shows a value beside the document. */
export declare function page(value: unknown): void;
