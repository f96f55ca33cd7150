import type { KernelCell } from "./cells.ts";
import type { CommCommand } from "./comm.ts";
import { CommandError, count, type Fields, record, text } from "./door.ts";
import { checkEditCommand, checkRevision, isEditCommand } from "./edit-command.ts";
import type { KernelCommand, KernelRequest } from "./kernel-commands.ts";
import type { PageCommand } from "./page-commands.ts";

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
  if (isEditCommand(command)) return checkEditCommand(command);
  switch (command["type"]) {
    case "open":
      return checkOpen(command);
    case "request":
      return checkRequest(command);
    case "run":
    case "stop":
    case "restart":
      return { type: command["type"] };
    default:
      throw new CommandError(
        "the type open, request, run, stop, restart, edit, apply, save or resolve",
        command["type"],
      );
  }
}

/** The number of a decoded message of the page, when it has one; the message itself is not checked. */
export function commandNumber(value: unknown): number | undefined {
  const { number } = record(value, "an object with a type");
  return number === undefined ? undefined : count(number, "number");
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
    case "comm":
      return checkComm(command);
    case "keys":
      return {
        type,
        number: count(command["number"], "number"),
        path: texts(command["path"], "path"),
      };
    case "stop":
      return { type };
    default:
      throw new CommandError("the type cells, request, execute, answer, comm, keys or stop", type);
  }
}

function checkOpen(command: Fields): PageCommand {
  const { client, heard, document } = command;
  const workbook = text(command["workbook"], "workbook", longest.path);
  if (client === undefined) return { type: "open", workbook };
  const last = heard === undefined ? undefined : record(heard, "heard to be an object");
  return {
    type: "open",
    workbook,
    client: text(client, "client", longest.id),
    ...(last && {
      heard: {
        stream: text(last["stream"], "stream", longest.id),
        count: count(last["count"], "count"),
      },
    }),
    ...(document === undefined ? {} : { document: checkRevision(document) }),
  };
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

function checkComm(command: Readonly<Record<string, unknown>>): CommCommand {
  const { word, seq, data, metadata, buffers } = command;
  if (word !== "open" && word !== "message" && word !== "close") {
    throw new CommandError("word to be open, message or close", word);
  }
  if (!Number.isSafeInteger(seq)) throw new CommandError("seq to be a whole number", seq);
  if (typeof data !== "string") throw new CommandError("data to be a text", data);
  if (typeof metadata !== "string") throw new CommandError("metadata to be a text", metadata);
  if (!Array.isArray(buffers) || !buffers.every((buffer) => buffer instanceof Uint8Array)) {
    throw new CommandError("buffers to be an array of bytes", buffers);
  }
  return {
    type: "comm",
    word,
    comm: text(command["comm"], "comm", longest.id),
    ...(word === "open" && { target: text(command["target"], "target", longest.id) }),
    data,
    metadata,
    buffers,
    seq: seq as number,
  };
}

function texts(value: unknown, name: string): readonly string[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) {
    throw new CommandError(`${name} to be an array of texts`, value);
  }
  return value;
}

function checkRequest(command: Fields): KernelRequest {
  const { cells } = command;
  const seq = count(command["seq"], "seq");
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
    seq,
    inputs,
    cells: cells.map(checkCell),
  };
}

function checkCell(value: unknown): KernelRequest["cells"][number] {
  const cell = record(value, "each of cells to be an object");
  const id = text(cell["id"], "a cell's id", longest.id);
  const { have, run } = cell;
  return {
    id,
    ...(have === undefined ? {} : { have: text(have, "a cell's have", longest.id) }),
    ...(run === undefined ? {} : { run: text(run, "a cell's run", longest.id) }),
  };
}
