import { expect, test } from "vitest";
import { LastWordsReader } from "../../../kernel/process/last-words.ts";

function read(...chunks: readonly string[]) {
  const reader = new LastWordsReader();
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  return reader.words;
}

test("the newest words of each kind hold, however the lines are cut", () => {
  expect(
    read(
      '{"held":"a 1 GB"}\n{"rea',
      'son":"it ended","cell":"a","place":"2:3"}\n{"held":"b 2 GB"}\n',
    ),
  ).toEqual({
    held: "b 2 GB",
    reason: "it ended",
    cell: "a",
    place: "2:3",
  });
});

test("what makes no sense is passed over, and what is too long is cut", () => {
  expect(read("nonsense\n", "null\n", '{"reason":7,"other":"x"}\n', "[1]\n", '{"held":"a')).toEqual(
    {},
  );
  const { reason } = read(`{"reason":"${"x".repeat(10_000)}"}\n`);
  expect(reason).toHaveLength(4_096);
});
