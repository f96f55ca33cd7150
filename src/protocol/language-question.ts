import { CommandError, count, type Fields, record, text } from "./door.ts";
import type { LanguageQuestion, UnsavedCell } from "./language.ts";

const longest = {
  path: 1_024,
  id: 256,
  label: 1_024,
  cells: 10_000,
  source: 4 * 1024 * 1024,
} as const;

/**
 * Checks a question at the door: what it is, its types, its sizes.
 *
 * @returns the question with exactly its known keys
 * @throws {CommandError} naming what was expected and what was found
 */
export function checkLanguageQuestion(value: unknown): LanguageQuestion {
  const question = record(value, "an object with a type");
  const { type, unsaved, cells } = question;
  const about = {
    workbook: text(question["workbook"], "workbook", longest.path),
    unsaved: list(unsaved, "unsaved").map(checkUnsaved),
  };
  switch (type) {
    case "complete":
    case "hover":
    case "signature":
    case "define":
      return { type, ...about, ...place(question) };
    case "describe": {
      const label = text(question["label"], "label", longest.label);
      const named =
        question["module"] === undefined
          ? {}
          : { module: text(question["module"], "module", longest.label) };
      return { type, ...about, ...place(question), label, ...named };
    }
    case "rename": {
      const { to } = question;
      if (to !== undefined && (typeof to !== "string" || to.length > longest.label)) {
        throw new CommandError(`to to be a text of at most ${longest.label} characters`, to);
      }
      return { type, ...about, ...place(question), ...(to !== undefined && { to }) };
    }
    case "diagnose": {
      if (cells === undefined) return { type, ...about };
      const ids = list(cells, "cells");
      if (!ids.every((id) => typeof id === "string")) {
        throw new CommandError("cells to be texts", cells);
      }
      return { type, ...about, cells: ids };
    }
    default:
      throw new CommandError(
        "the type complete, describe, hover, signature, diagnose, define or rename",
        type,
      );
  }
}

function place(question: Fields): { cell: string; offset: number } {
  return {
    cell: text(question["cell"], "cell", longest.id),
    offset: count(question["offset"], "offset"),
  };
}

function checkUnsaved(value: unknown): UnsavedCell {
  const cell = record(value, "each of unsaved to be an object");
  const { kind, source } = cell;
  if (kind !== "browser" && kind !== "kernel") {
    throw new CommandError("kind to be browser or kernel", kind);
  }
  if (typeof source !== "string" || source.length > longest.source) {
    throw new CommandError(`source to be a text of at most ${longest.source} characters`, source);
  }
  return { id: text(cell["id"], "id", longest.id), kind, source };
}

function list(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new CommandError(`${name} to be an array`, value);
  if (value.length > longest.cells) {
    throw new CommandError(`at most ${longest.cells} ${name}`, value.length);
  }
  return value;
}
