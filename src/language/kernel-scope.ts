/*
 * What a kernel cell finds beside Node's globals, as the language service sees it: a test holds it to the
 * list of builtins. Nothing of this runs.
 */

/** Shows a value among the cell's messages, and returns it. */
export declare function display<T>(value: T): T;

/** Aborts when this run is to end. */
export declare const signal: AbortSignal;

/** Tells how far a long computation is. */
export declare function progress(done: number, total: number, label?: string): void;

/** What other cells read of a name: promises are awaited. */
export type Settled<T> = Awaited<T>;
