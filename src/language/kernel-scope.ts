/*
 * What a kernel cell finds beside Node's globals, as the language service sees it: a test holds it to the
 * list of builtins. Nothing of this runs.
 */

/** What shows another value in the place of the one that was displayed. */
export interface Shown {
  readonly id: string;
  update(value: unknown): void;
}

/** How a value is displayed. */
export interface DisplayOptions {
  /** Name of what is shown. */
  id?: string;
  /** Shows it in place of what has the same id. */
  update?: boolean;
  /** The value is a MIME bundle and shown as one. */
  raw?: boolean;
}

/** Shows a value; returns what shows another in its place. */
export declare function display(value: unknown, options?: DisplayOptions): Shown;

/** Takes away what this run has shown; with `wait` when something new is shown. */
export declare function clear(options?: { wait?: boolean }): void;

/** A value that is shown as HTML, SVG, Markdown, a formula, a picture or JSON. */
export interface Rich {
  readonly bundle: Readonly<Record<string, unknown>>;
}

/** HTML: a template, whose values are escaped, or a text as it is. */
export declare function html(text: TemplateStringsArray | string, ...values: unknown[]): Rich;

/** SVG: a template, whose values are escaped, or a text as it is. */
export declare function svg(text: TemplateStringsArray | string, ...values: unknown[]): Rich;

/** Markdown. */
export declare function md(text: TemplateStringsArray | string, ...values: unknown[]): Rich;

/** A formula in LaTeX, on a line of its own. */
export declare function tex(text: TemplateStringsArray | string, ...values: unknown[]): Rich;

/** A picture: the bytes of a PNG, JPEG, GIF or WebP file, or the path of one. */
export declare function image(source: string | Uint8Array | ArrayBuffer): Rich;

/** A value as JSON: a tree to unfold in clients that have one. */
export declare function json(value: unknown): Rich;

/** How a heatmap is drawn. */
export interface HeatmapOptions {
  /** What an entry is, for the legend. */
  label?: string;
  title?: string;
  /** Width in pixels at most; by default 560. */
  width?: number;
  domain?: readonly [low: number, high: number];
  /** A value makes the scale diverge from it; null makes it sequential. */
  centre?: number | null;
  /** Training steps of the columns, and of the rows unless `y` is given. */
  x?: readonly number[];
  y?: readonly number[];
  xLabel?: string;
  yLabel?: string;
}

/** A matrix as a picture: a raster with axes and a legend. */
export declare function heatmap(
  matrix: {
    readonly shape: readonly number[];
    readonly data: ArrayLike<number>;
    readonly steps?: readonly number[] | undefined;
    readonly labels?: readonly string[] | undefined;
    readonly metric?: string | undefined;
  },
  options?: HeatmapOptions,
): Rich;

/** Aborts when this run is to end. */
export declare const signal: AbortSignal;

/** Tells how far a long computation is. */
export declare function progress(done: number, total: number, label?: string): void;

/** What other cells read of a name: promises are awaited. */
export type Settled<T> = Awaited<T>;
