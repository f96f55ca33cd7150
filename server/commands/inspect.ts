import { readArguments } from "../arguments.ts";
import { type Command, UsageError } from "../command.ts";
import { readingFlags, readingUsage, readReading } from "../comparing/reading.ts";
import { outputWidth } from "../comparing/sentences.ts";
import { inspection } from "../inspecting/inspection.ts";
import { inspectionText } from "../inspecting/text.ts";
import { interruptible } from "../interruption.ts";

const flags = { ...readingFlags, json: { type: "boolean", default: false } } as const;

export const inspect: Command = {
  summary: "say what is in a checkpoint file",
  usage: `Usage: simile inspect FILE [options]

The format of a file, told by its content, and its tensors: name, type, shape, bytes, least, greatest and
mean number, how many are NaN or infinite. The step it records, the hash of its contents, which adapter makes
a network of it and why others do not, which network that is, and which metrics can compare two such
networks. Nothing in the file is run.

${readingUsage}
  --json             print all of it as JSON

Examples:
  simile inspect model.pt
  simile inspect model.safetensors --adapter mine.json
  simile inspect model.npz --json | jq '.tensors[] | select(.nan > 0).name'

Exit status: 0 the file is a checkpoint, whether or not an adapter fits, 1 it is none or cannot be read,
2 the command line makes no sense.`,

  async run(args) {
    const { values, positionals } = readArguments(args, flags, 1);
    const [file] = positionals;
    if (file === undefined) throw new UsageError("Cannot inspect: expected FILE, found none");
    const reading = await readReading(values);
    return interruptible(async (signal) => {
      const found = await inspection(file, reading, signal);
      console.log(
        values.json ? JSON.stringify(found, null, 2) : inspectionText(found, outputWidth()),
      );
      return 0;
    });
  },
};
