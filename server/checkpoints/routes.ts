import express, { type Express, type Request, type Response } from "express";
import { listCheckpoints } from "./listing.ts";
import { CheckpointPathError, locateFolder, refuseLinksOut } from "./place.ts";
import { forget, receive } from "./receive.ts";
import { askThread } from "./thread.ts";
import type { CheckpointSaid } from "./work.ts";

/** Bytes of a piece of a file at most. */
export const largestPiece: number = 8 * 1024 * 1024;

/**
 * Checkpoints under the root: where they are, what a folder of them holds and whether something is wrong
 * with it, and files that a page sends to be kept. Nothing in a file is run.
 */
export function checkpointRoutes(app: Express, root: string): void {
  app.get("/api/checkpoints", async (_request, response) => {
    const { signal } = whileConnected(response);
    await told(response, signal, async () => {
      response.json(await listCheckpoints(root, signal));
    });
  });
  app.get("/api/series", async (request, response) => {
    const { signal } = whileConnected(response);
    await told(response, signal, async () => {
      const path = asked(request, "folder");
      const folder = await locateFolder(root, path);
      await refuseLinksOut(root, path, folder);
      response.type("application/x-ndjson");
      const hear = (said: CheckpointSaid) => void response.write(`${JSON.stringify(said)}\n`);
      const work = { type: "series", folder, shown: path || "this folder" } as const;
      await askThread(work, hear, signal).catch((error: Error) => {
        hear({ type: "failed", message: error.message });
      });
      response.end();
    });
  });
  const body = express.raw({ type: () => true, limit: largestPiece });
  app.post("/api/checkpoints", body, async (request, response) => {
    const { signal } = whileConnected(response);
    await told(response, signal, async () => {
      const [path, upload] = [asked(request, "path"), asked(request, "upload")];
      if (request.query["stop"] !== undefined) {
        await forget(root, path, upload);
        response.json({});
        return;
      }
      const [offset, total] = [asked(request, "offset"), asked(request, "total")].map(Number) as [
        number,
        number,
      ];
      const bytes = Buffer.isBuffer(request.body) ? request.body : new Uint8Array();
      response.json(await receive(root, { path, upload, offset, total, bytes }, signal));
    });
  });
}

/** Aborts when nobody waits for the answer any more. */
function whileConnected(response: Response): AbortController {
  const gone = new AbortController();
  response.on("close", () => gone.abort(new Error("Nobody waits any more")));
  return gone;
}

async function told(
  response: Response,
  signal: AbortSignal,
  act: () => Promise<void>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (signal.aborted || response.headersSent) return;
    if (!(error instanceof CheckpointPathError)) throw error;
    response.status(409).type("text").send(`${error.message}\n`);
  }
}

function asked(request: Request, name: string): string {
  const value = request.query[name];
  return typeof value === "string" ? value : "";
}
