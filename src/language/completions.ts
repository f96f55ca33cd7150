import type { CompletionEntry } from "typescript";
import { type Completion, type Completions, isOffered } from "../protocol/index.ts";
import { exportsOf, importable } from "./importable.ts";
import { type Place, placeOf, wordAt } from "./place.ts";
import { ts } from "./typescript.ts";
import type { WorkbookCells } from "./workbook-cells.ts";

/** What may stand at an offset of a cell. */
export function completionsOf(cells: WorkbookCells, id: string, offset: number): Completions {
  const place = placeOf(cells, id, offset);
  if (!place) return { from: offset, to: offset, items: [] };
  const { from } = wordAt(place.cell.source, offset);
  const prefix = place.cell.source.slice(from, offset);
  const found = place.service.getCompletionsAtPosition(place.path, place.at, {});
  const known = (found?.entries ?? []).filter(({ name }) => name !== "" && !name.includes("ˑ"));
  const items = known.toSorted(inOrder).map((entry) => completionOf(entry, place, cells));
  const told = new Set(known.map(({ name }) => name));
  // Inside of a string, a comment or a new name TypeScript offers nothing; after a point, members.
  if (found && !found.isMemberCompletion) {
    const others = namesOfOthers(cells, place).filter(({ label }) => !told.has(label));
    items.unshift(...others);
    for (const { label } of others) told.add(label);
    if (place.cell.kind === "kernel" && prefix !== "") {
      items.push(...imported(place).filter(({ label }) => !told.has(label)));
    }
  }
  const fitting = items.filter(({ label }) => isOffered(label, prefix));
  const [first, later] = [true, false].map((exactly) =>
    fitting.filter(({ label }) => label.startsWith(prefix) === exactly),
  );
  return { from, to: offset, items: [...first!, ...later!] };
}

function inOrder(a: CompletionEntry, b: CompletionEntry): number {
  return order(a.sortText, b.sortText) || order(a.name, b.name);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function completionOf(
  { name, kind, kindModifiers, insertText }: CompletionEntry,
  { cell }: Place,
  cells: WorkbookCells,
): Completion {
  const owner = kind === "alias" ? cells.owners.get(name) : undefined;
  const other = owner && owner.cell.id !== cell.id ? owner : undefined;
  return {
    label: name,
    kind: other?.declared.kind ?? kind,
    ...(insertText !== undefined && insertText !== name && { insert: insertText }),
    ...(other && { cell: other.cell.id }),
    ...(kindModifiers?.includes("deprecated") && { deprecated: true as const }),
  };
}

/** Names that other cells declare, and that the cell finds, whether it has named them or not. */
function namesOfOthers(cells: WorkbookCells, { cell }: Place): Completion[] {
  const own = new Set(cell.outline.declared.map(({ name }) => name));
  const declared = [...cells.owners.values()]
    .filter((owner) => owner.cell.id !== cell.id && !own.has(owner.declared.name))
    .map(({ cell: { id }, declared: { name, kind } }) => ({ label: name, kind, cell: id }));
  const found = [...cells.givenTo(cell)]
    .filter((name) => !own.has(name) && !cells.owners.has(name))
    .map((label) => ({ label, kind: "const" }));
  return [...declared, ...found].toSorted((a, b) => order(a.label, b.label));
}

/** Exports of `simile` and of Node's modules. */
function imported({ service }: Place): Completion[] {
  const program = service.getProgram();
  if (!program) return [];
  return importable.flatMap((module) =>
    exportsOf(program, module).map(({ name, kind }) => ({ label: name, kind, module })),
  );
}

/** The edit that has a cell import a name, at its top or in an import that is there. */
export function importEdit(
  source: string,
  name: string,
  module: string,
): { readonly from: number; readonly to: number; readonly text: string } {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ESNext, false);
  let top = 0;
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    top = statement.end;
    const { moduleSpecifier, importClause } = statement;
    const named = importClause?.namedBindings;
    if (!ts.isStringLiteral(moduleSpecifier) || moduleSpecifier.text !== module) continue;
    if (!named || !ts.isNamedImports(named) || importClause.phaseModifier !== undefined) continue;
    const last = named.elements.at(-1);
    if (last) return { from: last.end, to: last.end, text: `, ${name}` };
  }
  const line = `import { ${name} } from "${module}";`;
  return { from: top, to: top, text: top === 0 ? `${line}\n` : `\n${line}` };
}
