import type { RequestHandler } from "express";
import type { Credentials } from "./credentials.ts";
import { securityHeaders } from "./headers.ts";
import { onwardPage, refusalPage } from "./pages.ts";
import { judge } from "./verdict.ts";

/** Most requests of ours have no body, or a small one; a larger one is not read. */
const largestBody = 64 * 1024;

/** Those that have: questions about all cells of a workbook, and pieces of files. */
const largeBodies: ReadonlyMap<string, number> = new Map([
  ["/api/language", 8 * 1024 * 1024],
  ["/api/workbooks/new", 8 * 1024 * 1024],
  ["/api/checkpoints", 8 * 1024 * 1024],
]);

/**
 * The one middleware before routing: whatever it does not admit reaches no route.
 *
 * @param port gives the port listened on, known only once listening
 */
export function gate(credentials: Credentials, port: () => number): RequestHandler {
  return (request, response, next) => {
    const verdict = judge(request, credentials, port());
    const refusedHost = verdict.kind === "refused" && verdict.status === 403;
    const host = refusedHost ? `127.0.0.1:${port()}` : request.headers.host!;
    response.set(securityHeaders(host));
    const length = Number(request.headers["content-length"] ?? 0);
    if (verdict.kind === "refused") {
      response.status(verdict.status).set("Connection", "close");
      response.type("html").send(refusalPage(verdict.status, verdict.reason));
    } else if (
      length > (largeBodies.get(request.path) ?? largestBody) ||
      request.headers["transfer-encoding"] !== undefined
    ) {
      response.status(413).set("Connection", "close").type("text").send("The body is too large\n");
    } else if (verdict.kind === "exchange") {
      response.set("Set-Cookie", credentials.cookie(port()));
      if (verdict.crossSite) response.type("html").send(onwardPage(verdict.path));
      else response.redirect(303, verdict.path);
    } else next();
  };
}
