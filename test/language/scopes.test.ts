import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { browserBuiltins, executionBuiltins, kernelBuiltins } from "../../src/workbook/index.ts";

const root = join(import.meta.dirname, "..", "..");

/** Values that a source exports, as it is written. */
function exportsOf(path: string): string[] {
  const text = readFileSync(join(root, path), "utf8");
  const declared = text.matchAll(/^export declare (?:const|function) ([\w$]+)/gm);
  const spaces = text.matchAll(/^export \* as ([\w$]+)/gm);
  const listed = [...text.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, names]) =>
    names!
      .split(",")
      .map((name) => name.trim())
      .filter((name) => !name.startsWith("type ")),
  );
  const one = [...declared, ...spaces].map(([, name]) => name!);
  return [...one, ...listed].filter((name) => name !== "").toSorted();
}

test.for([
  ["src/client/scope/browser.ts", browserBuiltins],
  ["src/language/kernel-scope.ts", kernelBuiltins],
  ["src/language/execution-scope.ts", executionBuiltins],
] as const)("%s declares the builtins of its side, each once", ([path, builtins]) => {
  // Node's own console stands for the one that cells get.
  const expected = builtins.filter((name) => name !== "console");
  expect(exportsOf(path)).toEqual([...expected].toSorted());
});
