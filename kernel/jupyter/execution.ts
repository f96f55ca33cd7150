import type { CellError, MimeBundle } from "../../src/protocol/index.ts";
import type { Request } from "./publisher.ts";
import type { Content } from "./wire.ts";

/** A request being executed, or one whose late output is still its own. */
export interface Execution {
  readonly id: string;
  readonly request: Request;
  readonly code: string;
  readonly count: number;
  readonly silent: boolean;
  readonly payload: Content[];
}

/** How an execution came to its end. */
export interface Ended {
  readonly bundle?: MimeBundle;
  readonly error?: CellError;
}
