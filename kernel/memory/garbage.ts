import { Session } from "node:inspector";

let session: Session | undefined;

/** Gives back what nothing refers to any more, at once. */
export function collectGarbage(): void {
  if (!session) {
    session = new Session();
    session.connect();
  }
  session.post("HeapProfiler.collectGarbage");
}
