import { readFileSync } from "node:fs";
import {
  createRequire,
  type LoadFnOutput,
  type LoadHookContext,
  type ResolveFnOutput,
  type ResolveHookContext,
} from "node:module";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { drawingSource, drawingUrl } from "./drawing.ts";
import { absent, meantBy, type Stamp, stampOf } from "./files.ts";
import { missing } from "./missing.ts";

/** One module asked for another, or for a file that is not there. */
export interface Asked {
  /** URL of the module or of a cell's code. */
  readonly parent: string;
  readonly path: string;
  /** What the file was before it was read. */
  readonly stamp: Stamp;
}

/** What the hooks know, and whom they tell. */
export interface Knowledge {
  /** URL of the library. */
  readonly library: string;
  /** URL of a module that finds the packages that come with Simile. */
  readonly own: string;
  /** URL of a folder whose modules are nobody's to edit: the kernel's. */
  readonly kernel: string;
  /** URL of the module that gives libraries of charts a document to draw in. */
  readonly drawing: string;
  /** How often a file, or what it imports, has been edited. */
  generation(path: string): number;
  asked(asked: Asked): void;
  /** JavaScript of a TypeScript module. @throws {SyntaxError} that names the place */
  strip(text: string, url: string): Maybe<string>;
}

/** Off the main thread the next hook answers with a promise, on it with the answer. */
type Maybe<T> = T | Promise<T>;
type NextResolve = (specifier: string, context: ResolveHookContext) => Maybe<ResolveFnOutput>;
type NextLoad = (url: string, context: LoadHookContext) => Maybe<LoadFnOutput>;

/** Hooks of Node's loader, for either thread. */
export interface ModuleHooks {
  resolve(
    specifier: string,
    context: ResolveHookContext,
    next: NextResolve,
  ): Maybe<ResolveFnOutput>;
  load(url: string, context: LoadHookContext, next: NextLoad): Maybe<LoadFnOutput>;
}

const cellCode = /^file:.*\/cell:[^/]*$/;
const typed = /\.[cm]?tsx?$/;
/** Name of the part of a URL that makes a module of its own of an edited file. */
const query = "simile";
const queried = new RegExp(`[?&]${query}=\\d+`, "g");

/** A URL or text without what tells the generations of a module apart. */
export function withoutGeneration(text: string): string {
  return text.replaceAll(queried, "");
}

/**
 * How a workbook's cells, and the modules beside it, import: libraries of charts with a document to draw
 * in. All others import as Node has it.
 */
export function moduleHooks(known: Knowledge): ModuleHooks {
  const isLocal = (url: string): boolean =>
    url.startsWith("file:") && !url.includes("/node_modules/") && !url.startsWith(known.kernel);
  const isOurs = (url: string | undefined): url is string =>
    url !== undefined && (isLocal(url) || cellCode.test(url));

  const resolve: ModuleHooks["resolve"] = (specifier, context, next) => {
    const parent = context.parentURL;
    if (!isOurs(parent)) return next(specifier, context);
    if (specifier === "simile") return { url: known.library, format: "module", shortCircuit: true };
    const wanted = pathOf(specifier, parent);
    if (wanted === undefined) return resolvePackage(specifier, context, next);
    const path = meantBy(wanted);
    if (path === undefined) {
      known.asked({ parent, path: wanted, stamp: absent });
      throw missing(specifier, parent, `there is no file ${wanted}`);
    }
    const stamp = stampOf(path);
    // A `require` knows no URLs.
    const isRequired = context.conditions.includes("require");
    return then(next(isRequired ? path : pathToFileURL(path).href, context), (found) =>
      told(found, { ...context, parentURL: parent }, stamp),
    );
  };

  const resolvePackage: ModuleHooks["resolve"] = (specifier, context, next) => {
    const parent = context.parentURL!;
    const nowhere = () => {
      const above = dirname(fileURLToPath(parent));
      const where = `there is no such package in ${above} or above, and none comes with Simile`;
      return missing(specifier, parent, where);
    };
    const found = orElse(
      () => next(specifier, context),
      (error) => {
        if (!isMissing(error)) throw error;
        return orElse(
          () =>
            // A `require` is resolved from where it stands, whatever parent it is given.
            context.conditions.includes("require")
              ? next(createRequire(known.own).resolve(specifier), context)
              : next(specifier, { ...context, parentURL: known.own }),
          (again) => {
            throw isMissing(again) ? nowhere() : again;
          },
        );
      },
    );
    return then(found, (found) => {
      const module = told(found, context);
      if (isLocal(module.url) || context.conditions.includes("require")) return module;
      return { ...module, url: drawingUrl(specifier, module.url) };
    });
  };

  /** What was found, dated; a module that may be edited is told. */
  const told = (found: ResolveFnOutput, context: ResolveHookContext, stamp?: Stamp) => {
    const { url } = found;
    if (isLocal(url)) {
      const path = fileURLToPath(url);
      known.asked({ parent: context.parentURL!, path, stamp: stamp ?? stampOf(path) });
    }
    return {
      ...found,
      ...(isData(url) && { importAttributes: { type: "json" } }),
      url: context.conditions.includes("require") ? url : dated(url),
    };
  };

  const dated = (url: string): string => {
    const generation = isLocal(url) ? known.generation(fileURLToPath(url)) : 0;
    if (generation === 0) return url;
    return `${url}${url.includes("?") ? "&" : "?"}${query}=${generation}`;
  };

  const load: ModuleHooks["load"] = (url, context, next) => {
    const drawn = drawingSource(url, known.drawing);
    if (drawn !== undefined) return { format: "module", source: drawn, shortCircuit: true };
    if (!isLocal(url) || !typed.test(pathPart(url))) return next(url, context);
    const path = fileURLToPath(url);
    const source = known.strip(readFileSync(path, "utf8"), url);
    const format = path.endsWith(".cts") ? "commonjs" : "module";
    return then(source, (code) => ({ format, source: code, shortCircuit: true }));
  };
  return { resolve, load };
}

/** The file that a relative or absolute specifier names; undefined for a package or another scheme. */
function pathOf(specifier: string, parent: string): string | undefined {
  if (!/^(\.{0,2}\/|\.{1,2}$|file:)/.test(specifier)) return undefined;
  try {
    return fileURLToPath(new URL(specifier, parent));
  } catch {
    return undefined;
  }
}

function pathPart(url: string): string {
  return url.replace(/[?#].*$/, "");
}

function isData(url: string): boolean {
  return url.startsWith("file:") && pathPart(url).endsWith(".json");
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
}

function then<T, U>(value: Maybe<T>, use: (value: T) => U): Maybe<U> {
  return value instanceof Promise ? value.then(use) : use(value);
}

function orElse<T>(make: () => Maybe<T>, recover: (error: unknown) => Maybe<T>): Maybe<T> {
  try {
    const made = make();
    return made instanceof Promise ? made.catch(recover) : made;
  } catch (error) {
    return recover(error);
  }
}
