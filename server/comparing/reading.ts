import { openAdapter } from "../../src/checkpoint/files/index.ts";
import { type Adapter, adapters, type Settings, settingNames } from "../../src/model/index.ts";
import { UsageError } from "../command.ts";
import { nearest } from "../nearest.ts";

/** The flags of every command that reads checkpoints. */
export const readingFlags = {
  adapter: { type: "string" },
  setting: { type: "string", multiple: true },
} as const;

/** What `--help` says of {@link readingFlags}. */
export const readingUsage: string = `  --adapter NAME|FILE.json
                     how tensor names become layers: an adapter of Simile's, or one of your own
                     (default: what simile.json beside the files says, else the one of Simile's that fits)
  --setting NAME=VALUE
                     what tensors do not hold, as often as needed: ${settingNames.slice(0, 3).join(", ")},
                     ${settingNames.slice(3).join(", ")}`;

/** How checkpoints are to be read, as the command line says. */
export interface ReadingRequest {
  readonly adapter: Adapter | undefined;
  readonly settings: Settings;
}

/**
 * @throws {UsageError} when there is no adapter of that name, or a setting makes no sense
 * @throws {CheckpointError} when the adapter's file cannot be read
 * @throws {AdapterError} when the file describes none
 */
export async function readReading(values: {
  readonly adapter?: string | undefined;
  readonly setting?: readonly string[] | undefined;
}): Promise<ReadingRequest> {
  const settings = Object.fromEntries((values.setting ?? []).map(readSetting)) as Settings;
  const { adapter } = values;
  return { settings, adapter: adapter === undefined ? undefined : await adapterOf(adapter) };
}

/** A name with a "/" or with ".json" at its end is a file's. */
async function adapterOf(name: string): Promise<Adapter> {
  if (/\.json$|[/\\]/i.test(name)) return openAdapter(name);
  const known = adapters.find((adapter) => adapter.name === name);
  if (known !== undefined) return known;
  const names = adapters.map((adapter) => adapter.name);
  const meant = nearest(name, names);
  throw new UsageError(
    `Cannot use --adapter ${name}: expected a file that ends in .json, or one of ${names.join(", ")}${meant === undefined ? "" : `; did you mean ${meant}?`}`,
  );
}

/** The library checks the value; a word that is no number, true or false is a text. */
function readSetting(text: string): readonly [string, number | boolean | string] {
  const [, name, value] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new UsageError(`Cannot use --setting ${text}: expected NAME=VALUE, e.g. heads=8`);
  }
  if (!settingNames.some((known) => known === name)) {
    const meant = nearest(name, settingNames);
    throw new UsageError(
      `Cannot use --setting ${text}: expected one of ${settingNames.join(", ")}${meant === undefined ? "" : `; did you mean ${meant}?`}`,
    );
  }
  if (value === "true" || value === "false") return [name, value === "true"];
  return [name, Number.isFinite(Number(value)) ? Number(value) : value];
}
