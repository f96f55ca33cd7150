/** A folder that holds checkpoints, as its names say: nothing was opened. */
export interface CheckpointFolder {
  /** Under the root, with `/`; empty for the root itself. */
  readonly path: string;
  /** Files whose names end as a checkpoint's does, those in folders named by a step included. */
  readonly files: number;
  readonly bytes: number;
  /** Least and greatest training step in the names. */
  readonly steps?: readonly [number, number];
}

/** The folders of checkpoints under the root, by path. */
export interface CheckpointFolders {
  readonly folders: readonly CheckpointFolder[];
  /** Whether there is more than was looked through. */
  readonly truncated?: true;
}

/** One file of a series. */
export interface SeriesMember {
  readonly name: string;
  readonly state: "read" | "left out" | "failed";
  readonly step?: number;
  readonly bytes: number;
  readonly reason?: string;
}

/** What a folder of checkpoints holds. */
export interface DescribedSeries {
  readonly summary: string;
  readonly files: readonly SeriesMember[];
  /** Of the first checkpoint. */
  readonly tensors: readonly {
    readonly name: string;
    readonly type: string;
    readonly shape: readonly number[];
  }[];
  /** What makes networks of them; absent when nothing does. */
  readonly adapter?: string;
  /** The network of the first checkpoint in a line. */
  readonly network?: string;
  /** Why no adapter fits. */
  readonly mismatch?: string;
  /** How many files and tensors there are where not all are listed. */
  readonly all?: { readonly files: number; readonly tensors: number };
}

/** Something in a series that a person should look at before believing a figure of it. */
export interface SeriesFinding {
  readonly kind: string;
  readonly message: string;
  /** Files it is about, below the folder. */
  readonly files: readonly string[];
}

/** What the server tells of a series while it looks through it, one line of JSON each. */
export type SeriesNews =
  | { readonly type: "series"; readonly series: DescribedSeries }
  /** Of the audit, or before it of looking into the files. */
  | {
      readonly type: "progress";
      readonly done: number;
      readonly total: number;
      readonly reading?: true;
    }
  | {
      readonly type: "audit";
      readonly findings: readonly SeriesFinding[];
      /** How the steps are spaced, where that could be told. */
      readonly schedule?: string;
    }
  /** Nothing follows it. */
  | { readonly type: "failed"; readonly message: string };

/** What the server says to a piece of a file that it is sent. */
export interface ReceivedPiece {
  /** Bytes that are there. */
  readonly received: number;
  /** Whether the file is complete, is a checkpoint, and has its name. */
  readonly done: boolean;
}
