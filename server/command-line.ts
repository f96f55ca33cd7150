import { type Command, UsageError } from "./command.ts";
import { installedVersion } from "./installation.ts";
import { nearest } from "./nearest.ts";

/** The commands by name. */
export type CommandTable = Readonly<Record<string, () => Promise<Command>>>;

const commands: CommandTable = {
  serve: () => import("./commands/serve.ts").then((module) => module.serve),
  similarity: () => import("./commands/similarity.ts").then((module) => module.similarity),
  matrix: () => import("./commands/matrix.ts").then((module) => module.matrix),
  audit: () => import("./commands/audit.ts").then((module) => module.audit),
  check: () => import("./commands/check.ts").then((module) => module.check),
  inspect: () => import("./commands/inspect.ts").then((module) => module.inspect),
  kernel: () => import("./commands/kernel.ts").then((module) => module.kernel),
  convert: () => import("./commands/convert.ts").then((module) => module.convert),
  run: () => import("./commands/run.ts").then((module) => module.run),
  publish: () => import("./commands/publish.ts").then((module) => module.publish),
  train: () => import("./commands/train.ts").then((module) => module.train),
};

/**
 * Runs the command that `args` names and gives its exit status: 0 when it did what it was asked, 1 when
 * it could not, 2 when the command line makes no sense.
 */
export async function runCommandLine(
  args: readonly string[],
  table: CommandTable = commands,
): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    console.log(await overview(table));
    return name === undefined ? 2 : 0;
  }
  if (name === "--version") {
    console.log(installedVersion());
    return 0;
  }
  if (!Object.hasOwn(table, name)) {
    const what = name.startsWith("-") ? "flag" : "command";
    const expected = Object.keys(table).join(", ");
    const meant = nearest(name, [...Object.keys(table), "--help", "--version"]);
    console.error(
      `Unknown ${what} ${name}: expected one of ${expected}, --help, --version${meant === undefined ? "" : `; did you mean ${meant}?`}`,
    );
    return 2;
  }
  const command = await table[name]!();
  if (rest.some((argument) => argument === "--help" || argument === "-h")) {
    console.log(command.usage);
    return 0;
  }
  try {
    return await command.run(rest);
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}\n\n${command.usage}`);
      return 2;
    }
    console.error(error instanceof Error && isExpected(error) ? error.message : error);
    return 1;
  }
}

/** Errors of ours carry a sentence for the person; of others the stack is worth more. */
function isExpected(error: Error): boolean {
  return error.message.startsWith("Cannot ");
}

async function overview(table: CommandTable): Promise<string> {
  const entries = await Promise.all(
    Object.entries(table).map(async ([name, load]) => [name, (await load()).summary] as const),
  );
  const width = Math.max(...entries.map(([name]) => name.length));
  const lines = entries.map(([name, summary]) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: simile <command> [options]

${lines.join("\n")}

  simile <command> --help   what a command takes
  simile --version          the version`;
}
