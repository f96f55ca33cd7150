import express, { type RequestHandler } from "express";
import type { CodeCell } from "../../src/language/index.ts";
import { CommandError, checkLanguageQuestion } from "../../src/protocol/index.ts";
import { WorkbookFileError } from "../documents/folder.ts";
import type { Sessions } from "../sessions/sessions.ts";
import type { LanguageThread } from "./language-thread.ts";

/** Reads a question's body. */
export const languageBody: RequestHandler = express.json({ limit: "8mb" });

/** Answers questions about the cells of a workbook, as they are on the page's screen. */
export function answerLanguage(sessions: Sessions, thread: LanguageThread): RequestHandler {
  return async (request, response) => {
    const aborted = new AbortController();
    response.on("close", () => aborted.abort(new Error("Nobody waits any more")));
    try {
      const question = checkLanguageQuestion(request.body);
      const { file, directory, code } = await sessions.open(question.workbook);
      const cells = onScreen(code, question.unsaved);
      const answer = await thread.ask({ file, directory, cells, question }, aborted.signal);
      response.json(answer);
    } catch (error) {
      if (aborted.signal.aborted) return;
      const { message } = error as Error;
      const status =
        error instanceof CommandError ? 400 : error instanceof WorkbookFileError ? 404 : 500;
      response.status(status).type("text").send(`${message}\n`);
    }
  };
}

function onScreen(cells: readonly CodeCell[], unsaved: readonly CodeCell[]): CodeCell[] {
  const newest = new Map(unsaved.map((cell) => [cell.id, cell]));
  const kept = cells.map((cell) => newest.get(cell.id) ?? cell);
  const known = new Set(cells.map(({ id }) => id));
  return [...kept, ...unsaved.filter(({ id }) => !known.has(id))];
}
