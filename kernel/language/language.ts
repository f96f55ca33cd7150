import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";
import { Cells } from "./cells.ts";

export interface Completion {
  readonly text: string;
  /** TypeScript's word for what it is: "const", "method", … */
  readonly kind: string;
}

export interface Completions {
  readonly matches: readonly Completion[];
  /** The part of the code that a match replaces, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** What a kernel gives its cells, for the language service. */
const builtins = `
/** Shows a value; returns what shows another in its place. */
declare function display(value: unknown, options?: {id?: string}): {id: string; update(value: unknown): void};
/** Aborts when this execution is to end. */
declare const signal: AbortSignal;
/** Tells how far a long computation is. */
declare function progress(done: number, total: number, label?: string): void;
/** Asks the person and waits for the answer. */
declare function input(prompt?: string, options?: {password?: boolean}): Promise<string>;
/** Takes away what this execution has shown. */
declare function clear(options?: {wait?: boolean}): void;
/** Shows a value beside the document. */
declare function page(value: unknown): void;
/** Ways to what a client shows: a widget, or a front end of your own. */
declare const comm: {
  /** Opens one to what clients know as its target. */
  open(target: string, data?: object, more?: CommMore): Comm;
  /** Lets clients open comms to a target; returns what ends that. */
  register(target: string, opened: (comm: Comm, message: CommMessage) => unknown): () => void;
};
/** One end of a way to what a client shows. */
interface Comm {
  readonly id: string;
  readonly target: string;
  readonly isOpen: boolean;
  /** Sends data that JSON can say, and bytes beside it. */
  send(data?: object, more?: CommMore): void;
  /** Closes it, with a last word. */
  close(data?: object, more?: CommMore): void;
  /** Calls back with each message, also while a cell awaits; returns what takes it back. */
  onMessage(handler: (message: CommMessage) => unknown): () => void;
  /** Calls back when the other end closes it; returns what takes it back. */
  onClose(handler: (message: CommMessage) => unknown): () => void;
}
/** What is sent through a comm beside its data. */
interface CommMore {
  metadata?: object;
  buffers?: readonly (ArrayBuffer | ArrayBufferView)[];
}
/** What came through a comm. Buffers can be seen as arrays of any type. */
interface CommMessage {
  readonly data: Readonly<Record<string, any>>;
  readonly metadata: Readonly<Record<string, any>>;
  readonly buffers: readonly Uint8Array[];
}
`;

/** Where TypeScript keeps the declarations of the language itself: the built one is not beside them. */
const libraries = dirname(createRequire(import.meta.url).resolve("typescript"));

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  allowJs: true,
  noEmit: true,
  strict: true,
  skipLibCheck: true,
};

/**
 * TypeScript's language service over all that was executed and the code being typed. It reads files and
 * runs nothing.
 */
export class Language {
  readonly #cells = new Cells();
  readonly #directory: string;
  readonly #service: ts.LanguageService;
  #typed = "";
  #version = 0;

  /**
   * @param directory from which imports of cells are resolved
   * @param library declarations of `simile`, when there are any
   */
  constructor(directory: string, library?: string) {
    this.#directory = directory;
    const texts = (name: string): string | undefined => {
      if (dirname(name) !== directory) return undefined;
      const own = name.slice(directory.length + 1);
      if (own === "typed.ts") return this.#typed;
      return own === "builtins.d.ts" ? builtins : this.#cells.modules.get(own);
    };
    const host: ts.LanguageServiceHost = {
      getCompilationSettings: () => ({
        ...options,
        ...(library !== undefined && { paths: { simile: [library] } }),
      }),
      getScriptFileNames: () =>
        ["builtins.d.ts", ...this.#cells.modules.keys(), "typed.ts"].map((name) =>
          this.#path(name),
        ),
      getScriptVersion: (name) => (name === this.#path("typed.ts") ? String(this.#version) : "1"),
      getScriptSnapshot: (name) => {
        const text = texts(name) ?? ts.sys.readFile(name);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => directory,
      getDefaultLibFileName: (settings) => join(libraries, ts.getDefaultLibFileName(settings)),
      fileExists: (name) => texts(name) !== undefined || ts.sys.fileExists(name),
      readFile: (name) => texts(name) ?? ts.sys.readFile(name),
      directoryExists: (name) => name === directory || ts.sys.directoryExists(name),
      getDirectories: ts.sys.getDirectories,
      readDirectory: ts.sys.readDirectory,
      realpath: (name) => (texts(name) === undefined ? (ts.sys.realpath?.(name) ?? name) : name),
    };
    this.#service = ts.createLanguageService(host);
  }

  /** Code was executed: from now on its names are known. */
  async executed(code: string): Promise<void> {
    await this.#cells.add(code);
  }

  /** What may stand at an offset of code that is being typed. */
  async complete(code: string, offset: number): Promise<Completions> {
    const start = offset - (/[\p{ID_Continue}$]*$/u.exec(code.slice(0, offset))?.[0].length ?? 0);
    const prefix = code.slice(start, offset);
    const at = (await this.#type(code)) + offset;
    const found = this.#service.getCompletionsAtPosition(this.#path("typed.ts"), at, {});
    const entries = found?.entries ?? [];
    const exact = entries.filter(({ name }) => name.startsWith(prefix));
    const loose = entries.filter(({ name }) => name.toLowerCase().startsWith(prefix.toLowerCase()));
    const matches = (exact.length > 0 ? exact : loose)
      .toSorted((a, b) => order(a.sortText, b.sortText) || order(a.name, b.name))
      .map(({ name, kind, insertText }) => ({ text: insertText ?? name, kind }));
    return { matches, start, end: offset };
  }

  /** What is known of the name at an offset, or before it: its declaration, then its docstring. */
  async inspect(code: string, offset: number): Promise<string | undefined> {
    const before = await this.#type(code);
    for (const at of [offset, offset - 1]) {
      if (at < 0) continue;
      const info = this.#service.getQuickInfoAtPosition(this.#path("typed.ts"), before + at);
      if (!info) continue;
      const text = (parts?: readonly ts.SymbolDisplayPart[]) =>
        ts.displayPartsToString([...(parts ?? [])]);
      const tags = (info.tags ?? []).map(({ name, text: told }) => `@${name} ${text(told)}`.trim());
      const alias = text(info.displayParts)
        .replace(/^\(alias\) /, "")
        .replace(/\nimport [^\n]+$/, "");
      return [alias, text(info.documentation), ...tags].filter((part) => part !== "").join("\n\n");
    }
    return undefined;
  }

  /** Takes code as what is being typed; the characters that stand before it. */
  async #type(code: string): Promise<number> {
    const { text, before } = await this.#cells.typed(code);
    this.#typed = text;
    this.#version++;
    return before;
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
