import { isMainThread } from "node:worker_threads";
import { runCommandLine } from "./command-line.ts";
import { computing, inThread, takeTerminal } from "./command-thread.ts";

const args = process.argv.slice(2);
// Whoever reads the output, as `head`, has seen enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});
if (!isMainThread) takeTerminal();
process.exitCode =
  isMainThread && computing.has(args[0] ?? "") ? await inThread(args) : await runCommandLine(args);
