import type { Program as TypeScriptProgram } from "typescript";
import type { CellModule } from "./cell-module.ts";
import { nodeAt } from "./node-at.ts";
import { ts } from "./typescript.ts";

const name = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
const key = String.raw`\[\s*(?:\d+|"[^"\\\n]*"|'[^'\\\n]*')\s*\]`;
const member = new RegExp(
  String.raw`(?<![\p{ID_Continue}$.)\]"'])(${name}(?:\s*\??\.\s*${name}|${key})*)\s*\??\.\s*$`,
  "u",
);

/**
 * Names and keys that lead to the value whose property may stand at `start`, where its type says nothing:
 * `a.b[0].` is ["a", "b", "0"]. Empty where a name may stand, undefined where a type is known.
 */
export function livePathAt(
  program: TypeScriptProgram,
  path: string,
  module: CellModule,
  code: string,
  start: number,
): readonly string[] | undefined {
  const before = code.slice(0, start);
  if (!/\.\s*$/.test(before)) return [];
  const [, value] = member.exec(before) ?? [];
  const file = program.getSourceFile(path);
  if (value === undefined || !file) return undefined;
  const end = before.replace(/(?<!\s)\s*\??\.\s*$/, "").length;
  let node = nodeAt(file, module.place(end - 1));
  // What stands in a comment is no part of the tree but of the whole file
  if (node === file) return undefined;
  if (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) node = node.parent;
  const { flags } = program.getTypeChecker().getTypeAtLocation(node);
  if (!(flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown))) return undefined;
  return Array.from(value.matchAll(new RegExp(`(${name})|(${key})`, "gu")), ([part, word]) =>
    word !== undefined
      ? word
      : part
          .slice(1, -1)
          .trim()
          .replace(/^["']|["']$/g, ""),
  );
}
