import type { Program as TypeScriptProgram, Symbol as TypeScriptSymbol } from "typescript";
import { ownInstallation } from "./installation.ts";
import { ts } from "./typescript.ts";

/** Modules whose exports are offered before they are imported. */
export const importable: readonly string[] = [
  "simile",
  "node:fs/promises",
  "node:path",
  "node:timers/promises",
  "node:child_process",
  "node:os",
  "node:util",
  "node:url",
];

export interface Export {
  readonly name: string;
  readonly kind: string;
}

/** They stay what they are while this runs. */
const known = new Map<string, readonly Export[]>();

/** Values that a module exports, as far as a program has it. */
export function exportsOf(program: TypeScriptProgram, module: string): readonly Export[] {
  const exports = known.get(module) ?? read(program, module);
  if (exports.length > 0) known.set(module, exports);
  return exports;
}

function read(program: TypeScriptProgram, module: string): readonly Export[] {
  const checker = program.getTypeChecker();
  const symbol =
    module === "simile"
      ? moduleOfFile(program)
      : checker.getAmbientModules().find(({ name }) => name === JSON.stringify(module));
  if (!symbol) return [];
  return checker.getExportsOfModule(symbol).flatMap((one) => {
    const { flags } = one.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one;
    if (!(flags & ts.SymbolFlags.Value) || one.name === "default") return [];
    const kind =
      flags & ts.SymbolFlags.Function
        ? "function"
        : flags & ts.SymbolFlags.Class
          ? "class"
          : "const";
    return [{ name: one.name, kind }];
  });
}

function moduleOfFile(program: TypeScriptProgram): TypeScriptSymbol | undefined {
  const { library } = ownInstallation();
  const file = library === undefined ? undefined : program.getSourceFile(library);
  return file && program.getTypeChecker().getSymbolAtLocation(file);
}
