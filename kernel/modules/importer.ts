import vm from "node:vm";
import type { ImportModule } from "../../src/workbook/index.ts";

type Load = (specifier: string, options: ImportCallOptions) => Promise<object>;

/**
 * How the static imports of a piece of code import: as its dynamic ones do, and a name that a module has
 * not is refused.
 *
 * @param file name of the code, beside which relative modules are
 * @throws {SyntaxError} (the returned function) when the module lacks a name asked for
 * @throws {Error} with code ERR_MODULE_NOT_FOUND when there is no such module
 */
export function importerFrom(file: string): ImportModule {
  let load: Load | undefined;
  return async (specifier, names, attributes) => {
    // The engine does not say from where it was asked.
    const asked = new Error().stack ?? "";
    load ??= loaderAt(file);
    const options = Object.keys(attributes).length > 0 ? { with: attributes } : {};
    const module = await load(specifier, options).catch((error: unknown) => {
      throw withCaller(error, asked);
    });
    for (const name of names) {
      if (!(name in module)) {
        throw new SyntaxError(`Cannot import ${name} from "${specifier}": it has no such export`);
      }
    }
    return module;
  };
}

/** Name, in a stack, of what is no code of the cell although it bears its file's name. */
const ownName = "importFromCell";

/** Node's own way to import, as if from that file. */
function loaderAt(file: string): Load {
  return new vm.Script(
    `(function ${ownName}(specifier, options) { return import(specifier, options) })`,
    {
      filename: file,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    },
  ).runInThisContext() as Load;
}

function withCaller(error: unknown, asked: string): unknown {
  if (!(error instanceof Error) || typeof error.stack !== "string") return error;
  const [, ...callers] = asked.split("\n").filter((line) => /^\s+at /.test(line));
  const own = error.stack.split("\n").filter((line) => !line.includes(`at ${ownName} (`));
  const known = new Set(own);
  Object.defineProperty(error, "stack", {
    value: [...own, ...callers.filter((line) => !known.has(line))].join("\n"),
    configurable: true,
    writable: true,
  });
  return error;
}
