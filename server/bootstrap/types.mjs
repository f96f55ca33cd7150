// Writes the library's declarations, docstrings and all, for those who import it: each source by itself,
// which `isolatedDeclarations` allows, so no type is checked and it takes a second.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** An import or export of a source beside, in a declaration file. */
const specifier = /(\bfrom |\bimport |\bimport\()"(\.{1,2}\/[^"]+)\.ts"/g;

/**
 * @param {string} source folder of the library's sources
 * @param {readonly string[]} entries names of the sources that start it
 * @param {string} target folder to write into
 */
export async function writeTypes(source, entries, target) {
  const { default: ts } = await import("typescript");
  const left = entries.map((name) => join(source, name));
  const seen = new Set(left);
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    const { outputText, diagnostics } = ts.transpileDeclaration(readFileSync(file, "utf8"), {
      fileName: file,
      reportDiagnostics: true,
      compilerOptions: {
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.NodeNext,
        isolatedDeclarations: true,
      },
    });
    const [fault] = diagnostics ?? [];
    if (fault !== undefined) {
      const text = ts.flattenDiagnosticMessageText(fault.messageText, "\n");
      throw new Error(`${relative(source, file)}: ${text}`);
    }
    for (const [, , path] of outputText.matchAll(specifier)) {
      const next = join(dirname(file), `${path}.ts`);
      if (!seen.has(next)) left.push(next);
      seen.add(next);
    }
    const out = join(target, relative(source, file)).replace(/\.ts$/, ".d.ts");
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, outputText.replace(specifier, '$1"$2.js"'));
  }
}
