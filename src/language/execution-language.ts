import type { CompletionEntry } from "typescript";
import { codeOf, textOf } from "./docs.ts";
import { ExecutionCells } from "./execution-cells.ts";
import { exportsOf, importable } from "./importable.ts";
import { livePathAt } from "./live-path.ts";
import { wordAt } from "./place.ts";
import { ts } from "./typescript.ts";

/** Something that may stand in code. */
export interface Match {
  readonly text: string;
  /** TypeScript's word for what it is: "const", "method", … */
  readonly kind: string;
}

export interface Matches {
  readonly matches: readonly Match[];
  /** The part of the code that a match replaces, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /**
   * Where types say nothing: the way to a live value whose properties may stand there, empty for the
   * global object.
   */
  readonly live?: readonly string[];
}

/** What is typed before a name is looked for in modules that are not imported. */
const fewestLetters = 3;

/**
 * TypeScript's language service over all that was executed and the code being typed. It reads files and
 * runs nothing.
 */
export class ExecutionLanguage {
  readonly #cells: ExecutionCells;

  /** @param directory from which imports are resolved */
  constructor(directory: string) {
    this.#cells = new ExecutionCells(directory);
  }

  /** Code was executed: from now on its names are known. */
  executed(code: string): void {
    this.#cells.add(code);
  }

  /** Reads what the first questions need. */
  warm(): void {
    const { service } = this.#cells.program;
    service.getCompletionsAtPosition(this.#cells.typedPath, 0, {});
  }

  /** Reads what is offered for import. Until then `simile` is not, unless it was imported. */
  offerLibrary(): void {
    this.#cells.program.offerLibrary();
    this.warm();
  }

  /** What may stand at an offset of code that is being typed. */
  complete(code: string, offset: number): Matches {
    const { from: start } = wordAt(code, offset);
    const prefix = code.slice(start, offset);
    const module = this.#cells.type(code);
    const { service } = this.#cells.program;
    const path = this.#cells.typedPath;
    const found = service.getCompletionsAtPosition(path, module.place(offset), {});
    const entries = (found?.entries ?? []).toSorted(inOrder);
    const isName = found !== undefined && !found.isMemberCompletion;
    const known = entries.map(matchOf);
    const told = new Set(known.map(({ text }) => text));
    const others = isName ? this.#others(told) : [];
    const matches = fitting([...others, ...known], prefix);
    const live = livePathAt(service.getProgram()!, path, module, code, start);
    const unknown = live !== undefined && (matches.length === 0 || live.length > 0);
    const imports =
      isName && prefix.length >= fewestLetters ? this.#imports(prefix, told) : undefined;
    return {
      ...(imports ? withImports(matches, imports, code, start) : { matches, start }),
      end: offset,
      ...(unknown && !imports?.length && { live }),
    };
  }

  /** What is known of the name at an offset, or before it: its declaration, then its docstring. */
  inspect(code: string, offset: number): string | undefined {
    const module = this.#cells.type(code);
    const { service } = this.#cells.program;
    for (const at of [offset, offset - 1]) {
      const found =
        at >= 0 && service.getQuickInfoAtPosition(this.#cells.typedPath, module.place(at));
      if (!found) continue;
      const tags = (found.tags ?? []).map(({ name, text }) => `@${name} ${textOf(text)}`.trim());
      const parts = [codeOf(found), textOf(found.documentation), ...tags];
      return parts.filter((part) => part !== "").join("\n\n");
    }
    return undefined;
  }

  /** Names that were executed and are not in the code yet. */
  #others(told: ReadonlySet<string>): Match[] {
    return Array.from(this.#cells.names, ([text, kind]) => ({ text, kind }))
      .filter(({ text }) => !told.has(text))
      .toSorted((a, b) => order(a.text, b.text));
  }

  /** Names by the module that they can be imported from. */
  #imports(prefix: string, told: ReadonlySet<string>): Import[] {
    const program = this.#cells.program.service.getProgram()!;
    const taken = new Set([...told, ...this.#cells.names.keys()]);
    return importable.flatMap((module) =>
      exportsOf(program, module)
        .filter(({ name }) => name.startsWith(prefix) && !taken.has(name))
        .map(({ name, kind }) => ({ name, kind, module })),
    );
  }
}

interface Import extends Pick<Match, "kind"> {
  readonly name: string;
  readonly module: string;
}

/**
 * The matches with those that must be imported first. All replace the same part of the code: an import
 * goes before its name where a statement begins, and before all of the code where nothing else fits.
 */
function withImports(
  matches: readonly Match[],
  imports: readonly Import[],
  code: string,
  start: number,
): Pick<Matches, "matches" | "start"> {
  const before = code.slice(0, start);
  const begins = /(?:^|[\n;])[ \t]*$/.test(before) && depthOf(before) === 0;
  if (!begins && (matches.length > 0 || imports.length === 0)) return { matches, start };
  const offered = imports.map(({ name, kind, module }) => {
    const line = `import { ${name} } from "${module}";\n`;
    return { text: begins ? `${line}${name}` : `${line}${before}${name}`, kind };
  });
  return { matches: [...matches, ...offered], start: begins ? start : 0 };
}

/** How many brackets are open at the end of code. */
function depthOf(code: string): number {
  const scanner = ts.createScanner(ts.ScriptTarget.ESNext, true, undefined, code);
  let depth = 0;
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (opening.has(token)) depth++;
    else if (closing.has(token)) depth--;
  }
  return depth;
}

const { OpenBraceToken, OpenBracketToken, OpenParenToken } = ts.SyntaxKind;
const { CloseBraceToken, CloseBracketToken, CloseParenToken } = ts.SyntaxKind;
const opening: ReadonlySet<number> = new Set([OpenBraceToken, OpenBracketToken, OpenParenToken]);
const closing: ReadonlySet<number> = new Set([CloseBraceToken, CloseBracketToken, CloseParenToken]);

/** Those that begin as `prefix` does, or in either case when none does. */
function fitting(matches: readonly Match[], prefix: string): Match[] {
  const exact = matches.filter(({ text }) => text.startsWith(prefix));
  if (exact.length > 0) return exact;
  return matches.filter(({ text }) => text.toLowerCase().startsWith(prefix.toLowerCase()));
}

function matchOf({ name, kind, insertText }: CompletionEntry): Match {
  return { text: insertText ?? name, kind };
}

function inOrder(a: CompletionEntry, b: CompletionEntry): number {
  return order(a.sortText, b.sortText) || order(a.name, b.name);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
