import { CommandError, count, type Fields, record, text } from "./door.ts";
import type { Edit, EditedCell, KeptText, Operation, RevisionName, TextChanges } from "./edits.ts";
import type { EditCommand } from "./page-commands.ts";

const longest = { id: 256, label: 1_024, source: 4 * 1024 * 1024, value: 64 * 1024 } as const;
const most = { edits: 10_000, operations: 20_000, attributes: 1_000, cells: 10_000 } as const;

const types = new Set<unknown>(["edit", "apply", "save", "resolve"]);

export function isEditCommand(command: Fields): boolean {
  return types.has(command["type"]);
}

/**
 * Checks a command that asks something of the document: its types and sizes, not whether its edits fit
 * the document.
 *
 * @throws {CommandError} naming what was expected and what was found
 */
export function checkEditCommand(command: Fields): EditCommand {
  switch (command["type"]) {
    case "edit":
      return {
        type: "edit",
        base: checkRevision(command["base"]),
        edits: list(command["edits"], "edits", most.edits).map(checkEdit),
      };
    case "apply": {
      const { cells } = command;
      if (cells === undefined) return { type: "apply" };
      return { type: "apply", cells: list(cells, "cells", most.cells).map((id) => cellId(id)) };
    }
    case "resolve": {
      const { cell } = command;
      const keep = checkKeep(command["keep"]);
      return cell === undefined
        ? { type: "resolve", keep }
        : { type: "resolve", cell: cellId(cell), keep };
    }
    default:
      return { type: "save" };
  }
}

export function checkRevision(value: unknown): RevisionName {
  const name = record(value, "a revision to be an object");
  return {
    epoch: text(name["epoch"], "epoch", longest.id),
    revision: count(name["revision"], "revision"),
  };
}

function checkKeep(value: unknown): "mine" | "theirs" | { readonly text: string } {
  if (value === "mine" || value === "theirs") return value;
  const keep = record(value, "keep to be mine, theirs or an object with a text");
  return { text: source(keep["text"], "the text to keep") };
}

function checkEdit(value: unknown): Edit {
  const edit = record(value, "each of edits to be an object");
  return {
    id: text(edit["id"], "an edit's id", longest.id),
    label: text(edit["label"], "an edit's label", longest.label),
    operations: list(edit["operations"], "operations", most.operations).map(checkOperation),
  };
}

function checkOperation(value: unknown): Operation {
  const operation = record(value, "each of operations to be an object");
  const { type } = operation;
  switch (type) {
    case "text":
      return {
        type,
        cell: cellId(operation["cell"]),
        changes: checkChanges(operation["changes"]),
      };
    case "insert":
      return { type, after: place(operation["after"]), cell: checkCell(operation["cell"]) };
    case "delete":
      return { type, cell: cellId(operation["cell"]) };
    case "move":
      return { type, cell: cellId(operation["cell"]), after: place(operation["after"]) };
    case "set": {
      const { kind, attributes } = operation;
      return {
        type,
        cell: cellId(operation["cell"]),
        ...(kind === undefined ? {} : { kind: checkKind(kind) }),
        ...(attributes === undefined ? {} : { attributes: checkAttributes(attributes, true) }),
      };
    }
    case "matter": {
      const { value } = operation;
      return {
        type,
        key: matterKey(operation["key"]),
        value: value === null ? null : short(value, "a value of the front matter"),
      };
    }
    default:
      throw new CommandError("an operation text, insert, delete, move, set or matter", type);
  }
}

/** A change set as JSON: the editor's library checks how it fits a text, and nothing before that. */
function checkChanges(value: unknown): TextChanges {
  return list(value, "changes", longest.source).map((part) => {
    if (typeof part === "number") return count(part, "a part of changes");
    const [length, ...lines] = list(part, "a part of changes", longest.source);
    return [
      count(length, "a part of changes"),
      ...lines.map((line) => {
        if (typeof line !== "string" || /[\n\r]/.test(line)) {
          throw new CommandError("lines of changes to be texts without line ends", line);
        }
        return line;
      }),
    ];
  });
}

function checkCell(value: unknown): EditedCell {
  const cell = record(value, "a cell to be an object");
  const { anonymous, kept, mode } = cell;
  return {
    id: newId(cell["id"]),
    kind: checkKind(cell["kind"]),
    ...(mode === undefined ? {} : { mode: newId(mode) }),
    source: source(cell["source"], "a cell's source"),
    attributes: checkAttributes(cell["attributes"], false),
    ...(anonymous === true && { anonymous }),
    ...(kept === undefined ? {} : { kept: checkKept(kept) }),
  };
}

/** What a cell that comes back had around it in the file. */
function checkKept(value: unknown): KeptText {
  const kept = record(value, "kept to be an object");
  const { written, source: original } = kept;
  return {
    open: fileText(kept["open"], "a kept open"),
    close: fileText(kept["close"], "a kept close"),
    ...(written === undefined ? {} : { written: checkWritten(written) }),
    ...(original === undefined ? {} : { source: fileText(original, "a kept source") }),
  };
}

function checkWritten(value: unknown): { readonly source: string; readonly text: string } {
  const written = record(value, "written to be an object");
  return {
    source: fileText(written["source"], "a written source"),
    text: fileText(written["text"], "a written text"),
  };
}

function fileText(value: unknown, name: string): string {
  if (typeof value !== "string" || value.length > longest.source) {
    throw new CommandError(`${name} to be a text of at most ${longest.source} characters`, value);
  }
  return value;
}

function checkKind(value: unknown): EditedCell["kind"] {
  if (value !== "prose" && value !== "browser" && value !== "kernel") {
    throw new CommandError("a cell's kind to be prose, browser or kernel", value);
  }
  return value;
}

function checkAttributes<Nothing extends boolean>(
  value: unknown,
  admitsNull: Nothing,
): Readonly<Record<string, string | true | (Nothing extends true ? null : never)>> {
  const attributes = record(value, "attributes to be an object");
  const entries = Object.entries(attributes);
  if (entries.length > most.attributes) {
    throw new CommandError(`at most ${most.attributes} attributes`, entries.length);
  }
  for (const [key, found] of entries) {
    if (!/^[^\s"'#={}`]{1,256}$/.test(key) || key === "kernel") {
      throw new CommandError("an attribute's name to be a word other than kernel", key);
    }
    if (found === true || (admitsNull && found === null)) continue;
    const written = short(found, "an attribute's value");
    // What no quotes can hold would be another attribute when the file is read again.
    if (/[\n\r]/.test(written) || (written.includes('"') && written.includes("'"))) {
      throw new CommandError("an attribute's value of one line, with one kind of quotes", written);
    }
  }
  return attributes as ReturnType<typeof checkAttributes<Nothing>>;
}

function cellId(value: unknown): string {
  return text(value, "a cell's id", longest.id);
}

/** An id as a fence can state it. */
function newId(value: unknown): string {
  const id = cellId(value);
  if (!/^[^\s"'#={}<>`]+$/.test(id)) {
    throw new CommandError("a cell's id to be a word without quotes, brackets, # and =", id);
  }
  return id;
}

function place(value: unknown): string | null {
  return value === null ? null : cellId(value);
}

function matterKey(value: unknown): string {
  const key = text(value, "a key of the front matter", longest.id);
  if (!/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(key)) {
    throw new CommandError("a key of the front matter to be a word", key);
  }
  return key;
}

function short(value: unknown, name: string): string {
  if (typeof value !== "string" || value.length > longest.value || value.includes("\0")) {
    throw new CommandError(`${name} to be a text of at most ${longest.value} characters`, value);
  }
  return value;
}

function source(value: unknown, name: string): string {
  if (typeof value !== "string" || value.length > longest.source || value.includes("\r")) {
    throw new CommandError(
      `${name} to be a text of at most ${longest.source} characters with lines that end in \\n`,
      value,
    );
  }
  return value;
}

function list(value: unknown, name: string, limit: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length > limit) {
    throw new CommandError(`${name} to be an array of at most ${limit}`, value);
  }
  return value;
}
