import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile, saveCheckpoint } from "../../src/checkpoint/files/index.ts";
import type { StoredType } from "../../src/checkpoint/index.ts";
import type { BilinearLayer, Network } from "../../src/model/index.ts";
import type { EngineInfo } from "../../src/tensor/index.ts";
import type {
  HistoryRow,
  Task,
  TrainingCheckpoint,
  TrainingSettings,
} from "../../src/training/index.ts";

/** What `history.json` says of a run, beside its rows. */
export interface RunDescription {
  readonly task: { readonly name: string; readonly parameters: Task["parameters"] };
  readonly settings: TrainingSettings;
  /** Element type of the stored weights. */
  readonly store: StoredType;
  /** Whether each checkpoint is packed by gzip. */
  readonly gzip: boolean;
  /** The command that makes the same run again. */
  readonly command: string;
  readonly engine: EngineInfo;
}

/** `history.json`: how a run was made and how it went. */
export interface RunHistory extends RunDescription {
  /** Time spent so far. */
  readonly seconds: number;
  /** One row for each stored checkpoint, in order. */
  readonly rows: readonly HistoryRow[];
}

const checkpointName = /^step-\d+\.safetensors(\.gz)?$/;

/** The folder of one training run: a checkpoint file for each step kept, and `history.json`. */
export class RunFolder {
  readonly path: string;
  readonly #description: RunDescription;
  /** Names of an earlier run, removed once there is something to put in their place. */
  readonly #earlier: readonly string[];
  readonly #rows: HistoryRow[] = [];
  readonly #started = performance.now();

  private constructor(path: string, description: RunDescription, earlier: readonly string[]) {
    this.path = path;
    this.#description = description;
    this.#earlier = earlier;
  }

  /**
   * Makes the folder, or takes an empty one. With `force` it may hold files: those of an earlier run
   * (`step-*.safetensors[.gz]`, `history.json`) are removed by the first `add`, others stay.
   *
   * @throws {Error} when it holds files and `force` is false, or cannot be made
   */
  static async open(path: string, description: RunDescription, force: boolean): Promise<RunFolder> {
    let names: string[];
    try {
      await mkdir(path, { recursive: true });
      names = await readdir(path);
    } catch (error) {
      throw new Error(`Cannot write into ${path}: ${(error as Error).message}`, { cause: error });
    }
    if (names.length > 0 && !force) {
      throw new Error(
        `Cannot write into ${path}: expected an empty or new folder, found ${names.length} entries; --force replaces an earlier run`,
      );
    }
    const earlier = names.filter((name) => checkpointName.test(name) || name === "history.json");
    return new RunFolder(path, description, earlier);
  }

  get rows(): readonly HistoryRow[] {
    return this.#rows;
  }

  get seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }

  /** Writes one checkpoint, then the history up to it; each file is complete at every moment. */
  async add({ row, network }: TrainingCheckpoint): Promise<void> {
    if (this.#rows.length === 0) {
      for (const name of this.#earlier) await rm(join(this.path, name));
    }
    const { task, store, gzip } = this.#description;
    const name = `step-${String(row.step).padStart(6, "0")}.safetensors${gzip ? ".gz" : ""}`;
    await saveCheckpoint(join(this.path, name), tensorsOf(network), {
      type: store,
      metadata: { task: task.name, step: String(row.step) },
    });
    this.#rows.push(row);
    const history: RunHistory = {
      ...this.#description,
      seconds: Math.round(this.seconds * 10) / 10,
      rows: this.#rows,
    };
    await replaceFile(join(this.path, "history.json"), historyText(history));
  }
}

function tensorsOf(network: Network): Record<string, BilinearLayer["left"]> {
  const { left, right, down } = network.layers[0] as BilinearLayer;
  return { left, right, down };
}

/** JSON with a line for each row: short, and readable as a table. */
function historyText({ rows, ...head }: RunHistory): string {
  const lines = rows.map((row) => `    ${JSON.stringify(row)}`);
  return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "rows": [\n${lines.join(",\n")}\n  ]\n}\n`;
}
