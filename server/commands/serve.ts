import { join } from "node:path";
import open from "open";
import { memoryCap, stateFolder } from "../../kernel/process/index.ts";
import { createApp } from "../app.ts";
import { readArguments, readInteger } from "../arguments.ts";
import { type Command, UsageError } from "../command.ts";
import { isInside, WorkbookFolder } from "../documents/folder.ts";
import { shippedHashes } from "../documents/shipped.ts";
import { Trust } from "../documents/trust.ts";
import { type LeftJournal, leftJournals } from "../editing/left-journals.ts";
import { installation } from "../installation.ts";
import { createHttpServer, listen } from "../listen.ts";
import { Sessions } from "../sessions/sessions.ts";

/** The page that the address leads to when no folder is named. */
const firstWorkbook = "/w/grokking.md";

export const serve: Command = {
  summary: "serve the workbooks of a folder to the browser of this machine",
  usage: `Usage: simile serve [FOLDER] [options]

  FOLDER         folder of the workbooks (default: the ones that come with Simile)
  --root FOLDER  the same, as a flag
  --port N       port on 127.0.0.1 (default: 7464, or any free one; 0: any free one)
  --no-open      do not open the browser`,

  async run(args) {
    const { values, positionals } = readArguments(
      args,
      { port: { type: "string" }, root: { type: "string" }, "no-open": { type: "boolean" } },
      1,
    );
    if (values.root !== undefined && positionals.length > 0) {
      throw new UsageError("Cannot serve two folders: give FOLDER or --root, not both");
    }
    const port =
      values.port === undefined ? undefined : readInteger("--port", values.port, 0, 65535);
    // A size that makes no sense is told now, not when the first kernel is needed.
    memoryCap();
    const given = values.root ?? positionals[0];
    const folder = await WorkbookFolder.open(given ?? join(installation, "workbooks"));
    // Someone who starts Simile as it comes sees a filled workbook first, and the list one click away.
    const landing = given === undefined ? firstWorkbook : "/";
    return serveUntilSignal(folder, port, landing, values["no-open"] !== true);
  },
};

async function serveUntilSignal(
  folder: WorkbookFolder,
  port: number | undefined,
  landing: string,
  opening: boolean,
): Promise<number> {
  let listening = 0;
  const sessions = new Sessions({
    folder,
    kernel: join(installation, "dist", "kernel.js"),
    state: stateFolder(),
    trust: new Trust(stateFolder(), await shippedHashes()),
  });
  const app = createApp({
    folder,
    sessions,
    client: join(installation, "dist", "client"),
    port: () => listening,
  });
  const server = createHttpServer(app);
  listening = await listen(server, port);
  const address = `http://127.0.0.1:${listening}${landing}?token=`;
  console.log(`Simile serves ${folder.root}\n\n  ${address}${app.credentials.token}\n`);
  console.error("Press Ctrl+C to stop");
  for (const line of unsavedLines(folder, await leftJournals(stateFolder()).catch(() => []))) {
    console.error(line);
  }
  if (opening) await openBrowser(`${address}${app.credentials.issueLaunchToken()}`);

  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, resolve);
  });
  app.sockets.close();
  server.close();
  server.closeAllConnections();
  await sessions.close();
  return 0;
}

/** What was edited and is in no file: here, which the pages offer, and in other folders. */
export function unsavedLines(folder: WorkbookFolder, left: readonly LeftJournal[]): string[] {
  return left.map(({ document, edits, gone, isFirst }) => {
    const count = `${edits} ${edits === 1 ? "edit" : "edits"}`;
    if (!isInside(folder.root, document)) {
      return `Not saved: ${count} of ${document}, offered when its folder is served`;
    }
    const path = folder.pathOf(document);
    return gone || !isFirst
      ? `Not saved: ${count} of ${path}, offered on the first page`
      : `Not saved: ${count} of ${path}, back when it is opened`;
  });
}

/** A machine without a browser is no failure: the address is printed. */
async function openBrowser(url: string): Promise<void> {
  const note = () => console.error("The browser did not open: open the address in one yourself");
  try {
    const opener = await open(url);
    opener.once("error", note);
    opener.once("exit", (status) => {
      if (status !== 0) note();
    });
  } catch {
    note();
  }
}
