import type { SeriesNews } from "../../src/protocol/index.ts";

/** What the thread that reads checkpoints is asked. */
export type CheckpointWork =
  /** Looks through the series in a folder. */
  | { readonly type: "series"; readonly folder: string; readonly shown: string }
  /** Holds that a file is a checkpoint; `shown` is what messages call it. */
  | { readonly type: "check"; readonly file: string; readonly shown: string };

/** What it says: of a series its news, of a file that it is one. */
export type CheckpointSaid = SeriesNews | { readonly type: "checked" };
