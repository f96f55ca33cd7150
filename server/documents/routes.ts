import express, { type Express, type Request, type Response } from "express";
import { editedOf, workbookOf } from "../../src/editing/index.ts";
import type { EditedWorkbook, HistoryVersion } from "../../src/protocol/index.ts";
import { parseWorkbook } from "../../src/workbook/index.ts";
import { History } from "../editing/history.ts";
import { largestWorkbook, WorkbookFileError, type WorkbookFolder } from "./folder.ts";
import { MovedPaths } from "./moved-paths.ts";
import { type Opened, Shelf } from "./shelf.ts";
import { Trash } from "./trash.ts";
import type { Trust } from "./trust.ts";
import { Unsaved } from "./unsaved.ts";

/** What the routes need of the server. */
export interface DocumentRoutes {
  readonly folder: WorkbookFolder;
  /** Folder for what Simile remembers of a person. */
  readonly state: string;
  readonly trust: Pick<Trust, "add">;
  /** The open workbook of a file, if it is open. */
  readonly opened: (file: string) => Promise<OpenedDocument | undefined>;
}

/** What the routes need of an open workbook. */
export interface OpenedDocument extends Opened {
  readonly content: EditedWorkbook;
  readonly history: History;
}

type Body = Readonly<Record<string, unknown>>;

/** New, renamed, duplicated, deleted and restored workbooks, and what they were before. */
export function documentRoutes(
  app: Express,
  { folder, state, trust, opened }: DocumentRoutes,
): void {
  const trash = new Trash(state, folder.root);
  const moved = new MovedPaths(state, folder.root);
  const shelf = new Shelf({ folder, state, trash, trust, moved, opened });
  const isOpen = async (file: string) => (await opened(file)) !== undefined;
  const unsaved = new Unsaved(state, folder, trash, isOpen);
  const body = express.json({ limit: "8mb", strict: true });
  const posts: Readonly<Record<string, (asked: Body) => Promise<object>>> = {
    new: async ({ path, title, text: whole }) => ({
      path:
        whole === undefined
          ? await shelf.create(text(path, "path"), optional(title, "title"))
          : await shelf.add(text(path, "path"), wholeText(whole)),
    }),
    duplicate: async ({ path, to }) => ({
      path: await shelf.duplicate(text(path, "path"), optional(to, "to")),
    }),
    rename: async ({ path, to }) => ({
      path: await shelf.rename(text(path, "path"), text(to, "to")),
    }),
    delete: async ({ path }) => ({ trashed: await shelf.delete(text(path, "path")) }),
    recover: async ({ journal }) => ({ path: await unsaved.recover(text(journal, "journal")) }),
    discard: async ({ journal }) => ({ trashed: await unsaved.discard(text(journal, "journal")) }),
    restore: async ({ trashed }) => ({ path: await shelf.restore(text(trashed, "trashed")) }),
  };
  for (const [name, act] of Object.entries(posts)) {
    app.post(`/api/workbooks/${name}`, body, (request: Request, response: Response) =>
      answer(response, () => act((request.body ?? {}) as Body)),
    );
  }
  app.get("/api/trash", (_request, response) => answer(response, () => trash.list()));
  app.get("/api/unsaved", (_request, response) => answer(response, () => unsaved.list()));
  app.get("/api/history/*path", (request, response) =>
    answer(response, async () => {
      const path = (request.params.path as unknown as readonly string[]).join("/");
      const file = await folder.locate(path);
      const open = await opened(file);
      const history = open?.history ?? new History(`${state}/history`, file);
      const { version } = request.query;
      if (version === undefined) return { versions: await history.list() };
      const content =
        open?.content ?? editedOf(parseWorkbook(path, (await folder.read(path)).text));
      return versionOf(path, history, content, text(version, "version"));
    }),
  );
}

async function versionOf(
  path: string,
  history: History,
  now: EditedWorkbook,
  version: string,
): Promise<HistoryVersion> {
  const entry = (await history.list()).find((kept) => kept.version === version);
  const whole = entry && (await history.text(version));
  if (!entry || whole === undefined) {
    throw new WorkbookFileError(`Cannot show a version of ${path}: it is not kept`);
  }
  const content = editedOf(parseWorkbook(path, whole, workbookOf(now)));
  const [old, since] = [content, now].map(
    ({ cells }) => new Map(cells.map(({ id, source }) => [id, source])),
  ) as [Map<string, string>, Map<string, string>];
  const ids = new Set([...old.keys(), ...since.keys()]);
  const differences = [...ids].flatMap((cell) => {
    const [before, after] = [old.get(cell) ?? null, since.get(cell) ?? null];
    return before === after ? [] : [{ cell, was: before, now: after }];
  });
  return { ...entry, text: whole, content, differences };
}

/** What cannot be done is said in a sentence; what should not have happened is the server's to log. */
async function answer(response: Response, act: () => Promise<object>): Promise<void> {
  try {
    response.json(await act());
  } catch (error) {
    if (!(error instanceof WorkbookFileError)) throw error;
    response.status(409).json({ error: error.message });
  }
}

function text(value: unknown, name: string): string {
  if (typeof value !== "string" || value === "" || value.length > 1_024) {
    throw new WorkbookFileError(
      `Cannot do that: expected ${name} to be a text of 1 to 1024 characters`,
    );
  }
  return value;
}

/** The text of a whole workbook. */
function wholeText(value: unknown): string {
  if (typeof value !== "string" || Buffer.byteLength(value) > largestWorkbook) {
    throw new WorkbookFileError(
      `Cannot do that: expected text to be a text of at most ${largestWorkbook} bytes`,
    );
  }
  return value;
}

function optional(value: unknown, name: string): string | undefined {
  return value === undefined ? undefined : text(value, name);
}
