import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { draws } from "./drawing.ts";
import { places, requiredBy } from "./install.ts";

/**
 * `require` for a piece of code: CommonJS, data, and what else this version of Node lets it load. A package
 * that is not found beside the code is looked for among Simile's own.
 *
 * @param file name of the code, beside which relative modules are
 */
export function requireFrom(file: string): NodeJS.Require {
  const own = createRequire(file);
  const parent = pathToFileURL(file).href;
  const found = (id: string): unknown => {
    try {
      return own(id);
    } catch (error) {
      if (!isMissing(error, id)) throw error;
      return fromSimile(id, error);
    }
  };
  const require = (id: string): unknown => {
    requiredBy(parent, () => own.resolve(id));
    const module = found(id);
    return draws(id) ? withDocument(id, module as object) : module;
  };
  return Object.assign(require, {
    resolve: own.resolve,
    cache: own.cache,
    extensions: own.extensions,
    main: own.main,
  });
}

/** Packages that draw, by what they are without a document. */
const drawn = new WeakMap<object, object>();

/** A package that draws, as an import finds it: with a document to draw in. */
function withDocument(id: string, module: object): object {
  let made = drawn.get(module);
  if (!made) {
    const { drawIn } = createRequire(import.meta.url)(fileURLToPath(places.drawing)) as {
      drawIn(id: string, module: object): object;
    };
    made = { ...module, ...drawIn(id, module) };
    drawn.set(module, made);
  }
  return made;
}

function fromSimile(id: string, error: unknown): unknown {
  try {
    return createRequire(import.meta.url)(id);
  } catch (again) {
    throw isMissing(again, id) ? error : again;
  }
}

/** Whether this package itself is missing, and not one that it asks for. */
function isMissing(error: unknown, id: string): boolean {
  if (!(error instanceof Error) || /^\.{0,2}\//.test(id)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === "MODULE_NOT_FOUND" && error.message.startsWith(`Cannot find module '${id}'`);
}
