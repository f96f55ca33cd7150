/*
 * `Inputs` as cells see it: @observablehq/inputs brings no types. Nothing of this runs. The docstrings are
 * what an author needs; the package's own documentation has every option.
 */

/** An element with a value, which `view` reads. */
export type Input<T> = HTMLElement & { value: T };

type Content = string | Node;

interface Labelled {
  /** What stands beside the control: text or an element. */
  readonly label?: Content;
  readonly width?: number | string;
  readonly disabled?: boolean;
}

interface NumberOptions extends Labelled {
  readonly value?: number;
  readonly step?: number;
  /** How the number is written. */
  readonly format?: (value: number) => string | number;
  readonly placeholder?: string;
  /** A monotone map of the slider's place, as Math.log; `invert` is its inverse. */
  readonly transform?: (value: number) => number;
  readonly invert?: (value: number) => number;
  readonly validate?: (input: HTMLInputElement) => boolean;
}

/** A slider with a number box: a number in `extent`, [0, 1] by default. */
export declare function range(
  extent?: readonly [min: number | undefined, max: number | undefined],
  options?: NumberOptions,
): Input<number>;

/** A number box: a number in `extent`. */
export declare function number(
  extent?: readonly [min: number | undefined, max: number | undefined],
  options?: NumberOptions,
): Input<number>;
export declare function number(options?: NumberOptions): Input<number>;

interface ChoiceOptions<K, V> extends Labelled {
  /** What stands for a choice: its key or its text by default. */
  readonly format?: (key: K, index: number, keys: readonly K[]) => Content;
  readonly keyof?: (choice: V) => K;
  readonly valueof?: (choice: V) => V;
  readonly sort?: boolean | "ascending" | "descending" | ((a: K, b: K) => number);
  readonly unique?: boolean;
}

interface OneOf<V> {
  readonly value?: V;
  readonly multiple?: false;
}

interface SomeOf<V> {
  readonly value?: readonly V[] | V;
  /** Several may be chosen; a number is how many lines are shown. */
  readonly multiple: true | number;
  readonly size?: number;
}

/** A menu: one of the choices, or with `multiple` several. A map's keys are shown, its values chosen. */
export declare function select<const V>(
  choices: Iterable<V>,
  options?: ChoiceOptions<V, V> & OneOf<V>,
): Input<V>;
export declare function select<const V>(
  choices: Iterable<V>,
  options: ChoiceOptions<V, V> & SomeOf<V>,
): Input<V[]>;
export declare function select<K, V>(
  choices: ReadonlyMap<K, V>,
  options?: ChoiceOptions<K, V> & OneOf<V>,
): Input<V>;

/** Buttons of which one is pressed: one of the choices. A map's keys are shown, its values chosen. */
export declare function radio<K, V>(
  choices: ReadonlyMap<K, V>,
  options?: ChoiceOptions<K, V> & { readonly value?: V },
): Input<V>;
export declare function radio<const V>(
  choices: Iterable<V>,
  options?: ChoiceOptions<V, V> & { readonly value?: V },
): Input<V>;

/** Boxes to tick: the choices that are. A map's keys are shown, its values chosen. */
export declare function checkbox<K, V>(
  choices: ReadonlyMap<K, V>,
  options?: ChoiceOptions<K, V> & { readonly value?: readonly V[] },
): Input<V[]>;
export declare function checkbox<const V>(
  choices: Iterable<V>,
  options?: ChoiceOptions<V, V> & { readonly value?: readonly V[] },
): Input<V[]>;

interface ToggleOptions<V> extends Labelled {
  readonly value?: V;
}

/** One box to tick: true or false, or one of two `values` for ticked and not. */
export declare function toggle(options?: ToggleOptions<boolean>): Input<boolean>;
export declare function toggle<const V>(
  options: ToggleOptions<V> & { readonly values: readonly [on: V, off: V] },
): Input<V>;

interface TextOptions extends Labelled {
  readonly value?: string;
  readonly placeholder?: string;
  readonly pattern?: string;
  readonly required?: boolean;
  readonly minlength?: number;
  readonly maxlength?: number;
  readonly spellcheck?: boolean;
  readonly datalist?: Iterable<string>;
  /** With a button, or its label: the value is taken when it is pressed and not with each letter. */
  readonly submit?: boolean | Content;
  readonly validate?: (input: HTMLInputElement) => boolean;
}

/** A line of text. */
export declare function text(options?: TextOptions): Input<string>;
/** A line of text, checked as an address of electronic mail. */
export declare function email(options?: TextOptions): Input<string>;
/** A line of text, checked as a telephone number. */
export declare function tel(options?: TextOptions): Input<string>;
/** A line of text, checked as a web address. */
export declare function url(options?: TextOptions): Input<string>;
/** A line of text that is not shown. */
export declare function password(options?: TextOptions): Input<string>;

/** Lines of text. */
export declare function textarea(
  options?: TextOptions & {
    readonly rows?: number;
    readonly resize?: boolean;
    readonly monospace?: boolean;
  },
): Input<string>;

interface DateOptions extends Labelled {
  readonly value?: Date | string;
  readonly min?: Date | string;
  readonly max?: Date | string;
  readonly required?: boolean;
  readonly submit?: boolean | Content;
}

/** A day. */
export declare function date(options?: DateOptions): Input<Date | null>;
/** A day and a time. */
export declare function datetime(options?: DateOptions): Input<Date | null>;

/** A colour as text: "#4682b4". */
export declare function color(
  options?: Labelled & { readonly value?: string; readonly datalist?: Iterable<string> },
): Input<string>;

interface FileOptions extends Labelled {
  /** Kinds of files, as in HTML: ".csv,.json". */
  readonly accept?: string;
  readonly required?: boolean;
}

/** A file of the person's, or with `multiple` several. */
export declare function file(
  options?: FileOptions & { readonly multiple?: false },
): Input<File | null>;
export declare function file(options: FileOptions & { readonly multiple: true }): Input<File[]>;

/** A button: how often it was pressed, or what `reduce` makes of its value when it is. */
export declare function button(content?: Content, options?: Labelled): Input<number>;
export declare function button<V>(
  content: Content,
  options: Labelled & { readonly value: V; readonly reduce: (value: V) => V },
): Input<V>;
export declare function button<V>(
  buttons: ReadonlyArray<readonly [Content, (value: V) => V]>,
  options?: Labelled & { readonly value?: V },
): Input<V>;

type ValuesOf<Parts> = {
  -readonly [Key in keyof Parts]: Parts[Key] extends { value: infer V } ? V : unknown;
};

/** Several inputs as one: an array or an object of their values. */
export declare function form<
  const Parts extends readonly unknown[] | Readonly<Record<string, unknown>>,
>(inputs: Parts, options?: { readonly template?: (inputs: Parts) => Node }): Input<ValuesOf<Parts>>;

/** A box that narrows rows down by words: the rows that have them all. */
export declare function search<Row>(
  rows: Iterable<Row>,
  options?: Labelled & {
    readonly query?: string;
    readonly placeholder?: string;
    readonly columns?: readonly string[];
    readonly filter?: (query: string) => (row: Row) => boolean;
    readonly format?: (count: number) => string;
    readonly spellcheck?: boolean;
    readonly datalist?: Iterable<string>;
    readonly required?: boolean;
  },
): Input<Row[]>;

type Column<Row> = Row extends object ? Extract<keyof Row, string> : string;

interface TableOptions<Row> {
  readonly columns?: Iterable<string>;
  readonly value?: Iterable<Row>;
  /** How many rows are seen before the table scrolls. */
  readonly rows?: number;
  readonly sort?: Column<Row> | (string & {});
  readonly reverse?: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: an author's function takes the entry as what it is
  readonly format?: Readonly<Record<string, (value: any, index: number, rows: Row[]) => Content>>;
  readonly align?: Readonly<Record<string, "left" | "right" | "center">>;
  readonly header?: Readonly<Record<string, Content>>;
  readonly width?: number | string | Readonly<Record<string, number>>;
  readonly height?: number;
  readonly maxWidth?: number;
  readonly maxHeight?: number;
  readonly layout?: "fixed" | "auto";
  readonly required?: boolean;
}

/** A table of rows: those that are ticked. */
export declare function table<Row>(
  rows: Iterable<Row> | Promise<Iterable<Row>>,
  options?: TableOptions<Row> & { readonly multiple?: true },
): Input<Row[]>;
export declare function table<Row>(
  rows: Iterable<Row> | Promise<Iterable<Row>>,
  options: TableOptions<Row> & { readonly multiple: false },
): Input<Row | null>;

/** A value without a control: what other code sets. */
export declare function input<V>(value?: V): Input<V>;

/** Keeps two inputs at one value, until `invalidation`. */
export declare function bind<Target extends { value: unknown }>(
  target: Target,
  source: { value: unknown },
  invalidation?: Promise<unknown>,
): Target;

/** Resolves when an element is taken out of the page. */
export declare function disposal(element: Element): Promise<void>;

/** Writes numbers as a language does. */
export declare function formatLocaleNumber(locale?: string): (value: number) => string;
/** Writes any value as a language does. */
export declare function formatLocaleAuto(locale?: string): (value: unknown) => string;
/** Writes a number in few characters. */
export declare function formatTrim(value: number): string;
/** Writes a day as 2026-01-31. */
export declare function formatDate(date: Date): string;
/** Whether a row has all words of a query. */
export declare function searchFilter(query: string): (row: unknown) => boolean;
