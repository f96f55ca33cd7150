import { isPlain } from "./json.ts";
import type { KernelCell, KernelCommand, KernelRequest, PageCommand } from "./messages.ts";

/** A command that may not pass the door; the message says what was expected and what was found. */
export class CommandError extends TypeError {
  override readonly name = "CommandError";

  constructor(expected: string, found: unknown) {
    super(`Cannot accept command: expected ${expected}, found ${describe(found)}`);
  }
}

const longest = { path: 1_024, folder: 8_192, id: 256, cells: 10_000, inputs: 1_000 } as const;

/**
 * Checks a decoded message of the page at the door: what it is, its types, its sizes. The values of a
 * request's inputs are data and are not looked into.
 *
 * @returns the command with exactly its known keys
 * @throws {CommandError} naming what was expected and what was found
 */
export function checkPageCommand(value: unknown): PageCommand {
  const command = record(value, "an object with a type");
  switch (command["type"]) {
    case "open":
      return { type: "open", workbook: text(command["workbook"], "workbook", longest.path) };
    case "request":
      return checkRequest(command);
    case "run":
    case "stop":
    case "restart":
      return { type: command["type"] };
    default:
      throw new CommandError("the type open, request, run, stop or restart", command["type"]);
  }
}

/**
 * Checks a decoded message of the server at the kernel's door.
 *
 * @throws {CommandError} naming what was expected and what was found
 */
export function checkKernelCommand(value: unknown): KernelCommand {
  const command = record(value, "an object with a type");
  const { type, cells, directory } = command;
  switch (type) {
    case "cells":
      if (!Array.isArray(cells)) throw new CommandError("cells to be an array", cells);
      return {
        type,
        cells: cells.map(checkKernelCell),
        directory: text(directory, "directory", longest.folder),
      };
    case "request":
      return checkRequest(command);
    case "execute": {
      const { code } = command;
      if (typeof code !== "string") throw new CommandError("code to be a text", code);
      return { type, id: text(command["id"], "id", longest.id), code };
    }
    case "answer": {
      const answered = command["text"];
      if (typeof answered !== "string" && answered !== null) {
        throw new CommandError("text to be a text or null", answered);
      }
      return { type, text: answered };
    }
    case "stop":
      return { type };
    default:
      throw new CommandError("the type cells, request, execute, answer or stop", type);
  }
}

function checkKernelCell(value: unknown): KernelCell {
  const cell = record(value, "each of cells to be an object");
  const { code, expression, run } = cell;
  if (typeof code !== "string") throw new CommandError("a cell's code to be a text", code);
  if (typeof expression !== "boolean") {
    throw new CommandError("a cell's expression to be true or false", expression);
  }
  if (run !== "live" && run !== "demand" && run !== "once") {
    throw new CommandError("a cell's run to be live, demand or once", run);
  }
  return {
    id: text(cell["id"], "a cell's id", longest.id),
    version: text(cell["version"], "a cell's version", longest.id),
    code,
    expression,
    inputs: texts(cell["inputs"], "a cell's inputs"),
    outputs: texts(cell["outputs"], "a cell's outputs"),
    wanted: texts(cell["wanted"], "a cell's wanted"),
    run,
  };
}

function texts(value: unknown, name: string): readonly string[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
    throw new CommandError(`${name} to be an array of texts`, value);
  }
  return value;
}

function checkRequest(command: Readonly<Record<string, unknown>>): KernelRequest {
  const { seq, cells } = command;
  if (!Number.isSafeInteger(seq) || (seq as number) < 0) {
    throw new CommandError("seq to be a whole number from 0", seq);
  }
  const inputs = record(command["inputs"], "inputs to be an object");
  const names = Object.keys(inputs);
  if (names.length > longest.inputs) {
    throw new CommandError(`at most ${longest.inputs} inputs`, names.length);
  }
  for (const name of names) {
    if (
      name.length > longest.id ||
      !/^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.test(name)
    ) {
      throw new CommandError("names of inputs to be identifiers", name);
    }
  }
  if (!Array.isArray(cells)) throw new CommandError("cells to be an array", cells);
  if (cells.length > longest.cells) {
    throw new CommandError(`at most ${longest.cells} cells`, cells.length);
  }
  return {
    type: "request",
    client: text(command["client"], "client", longest.id),
    seq: seq as number,
    inputs,
    cells: cells.map(checkCell),
  };
}

function checkCell(value: unknown): KernelRequest["cells"][number] {
  const cell = record(value, "each of cells to be an object");
  const id = text(cell["id"], "a cell's id", longest.id);
  const have = cell["have"];
  return have === undefined ? { id } : { id, have: text(have, "a cell's have", longest.id) };
}

function record(value: unknown, expected: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value) || !isPlain(value)) {
    throw new CommandError(expected, value);
  }
  return value as Readonly<Record<string, unknown>>;
}

function text(value: unknown, name: string, limit: number): string {
  if (typeof value !== "string" || value === "" || value.length > limit || value.includes("\0")) {
    throw new CommandError(`${name} to be a text of 1 to ${limit} characters without NUL`, value);
  }
  return value;
}

function describe(value: unknown): string {
  if (typeof value === "string") {
    return value.length > 40 ? `a text of ${value.length} characters` : JSON.stringify(value);
  }
  if (typeof value === "number" || typeof value === "boolean" || value == null)
    return String(value);
  return Array.isArray(value) ? "an array" : `a value of type ${typeof value}`;
}
