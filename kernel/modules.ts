import { register } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";
import type { ImportModule } from "../src/workbook/index.ts";
import { drawingModule } from "./rich/drawing.ts";

type Load = (specifier: string, options: ImportCallOptions) => Promise<object>;

/** The library, as cells import it: the built one beside the built kernel, so that there is one of it. */
const library = new URL(
  import.meta.url.endsWith(".ts") ? "../src/index.node.ts" : "./simile.js",
  import.meta.url,
).href;

/**
 * How a workbook's cells import: `simile` is the library that runs here; relative paths and packages
 * are looked up from the workbook's folder, and may be TypeScript; packages not found there, from Simile's own.
 * Libraries of charts find a document to draw in.
 *
 * @throws {SyntaxError} (the returned function) when the module lacks a name asked for
 * @throws {Error} with code ERR_MODULE_NOT_FOUND when there is no such module in either place
 */
export function importerFrom(directory: string): ImportModule {
  const from = join(directory, "workbook.js");
  const load = loaderAt(from);
  return async (specifier, names, attributes) => {
    if (/^\.{0,2}\/.*\.m?ts$/.test(specifier)) readTypeScript();
    const options = Object.keys(attributes).length > 0 ? { with: attributes } : {};
    const loaded: object =
      specifier === "simile"
        ? await import(library)
        : await load(specifier, options).catch((error: unknown) => {
            if (!isPackage(specifier) || !isMissing(error, from)) throw error;
            return loadOwn(specifier, options, directory);
          });
    const module = await drawingModule(specifier, loaded);
    for (const name of names) {
      if (!(name in module)) {
        throw new SyntaxError(`Cannot import ${name} from "${specifier}": it has no such export`);
      }
    }
    return module;
  };
}

let readsTypeScript = Boolean(Reflect.get(process.features, "typescript"));

/** From now on modules may be .ts files; newer versions of Node read them anyway. */
function readTypeScript(): void {
  if (!readsTypeScript) register("./typescript-hooks.js", import.meta.url);
  readsTypeScript = true;
}

/** Node's own way to import, as if from that file. */
function loaderAt(file: string): Load {
  return new vm.Script("(specifier, options) => import(specifier, options)", {
    filename: file,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext() as Load;
}

/** Loads a package of Simile's own. */
async function loadOwn(
  specifier: string,
  options: ImportCallOptions,
  directory: string,
): Promise<object> {
  try {
    return await loaderAt(fileURLToPath(import.meta.url))(specifier, options);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const where = `there is no such package in ${directory} or above, and none comes with Simile`;
    throw Object.assign(new Error(`Cannot import "${specifier}": ${where}`), {
      code: "ERR_MODULE_NOT_FOUND",
    });
  }
}

function isPackage(specifier: string): boolean {
  return /^[^./]/.test(specifier) && !/^[a-z][a-z+.-]*:/i.test(specifier);
}

/** Whether a module was not found, and (given `from`) was asked for there and not by another module. */
function isMissing(error: unknown, from = ""): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    error.code === "ERR_MODULE_NOT_FOUND" &&
    error.message.includes(from)
  );
}
