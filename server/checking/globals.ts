import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import vm from "node:vm";

/** Globals of kernel cells: those of this Node, which is the one that runs them. */
export function kernelGlobals(): ReadonlySet<string> {
  return new Set([...ofJavaScript(), ...globalsOf(globalThis)]);
}

/** Globals of browser cells: JavaScript's own, and those of a page as TypeScript's library declares them. */
export function browserGlobals(): ReadonlySet<string> {
  const library = dirname(createRequire(import.meta.url).resolve("typescript"));
  const declared = ["lib.dom.d.ts", "lib.dom.iterable.d.ts"].flatMap((file) => {
    const text = readFileSync(join(library, file), "utf8");
    return Array.from(
      text.matchAll(/^declare (?:var|let|const|function|class|namespace) ([\w$]+)/gm),
      ([, name]) => name!,
    );
  });
  return new Set([...ofJavaScript(), ...declared]);
}

/** Names of a context that nothing has been added to: those of JavaScript itself. */
function ofJavaScript(): string[] {
  return vm.runInNewContext("Object.getOwnPropertyNames(globalThis)") as string[];
}

function globalsOf(object: object): string[] {
  const inherited = Object.getPrototypeOf(object) as object | null;
  return [...Object.getOwnPropertyNames(object), ...(inherited ? globalsOf(inherited) : [])];
}
