import { describe, expect, test } from "vitest";
import { seriesOf } from "../../../src/checkpoint/index.ts";
import { AdapterError } from "../../../src/model/index.ts";
import { entries, file, small } from "../../support/series-entries.ts";

describe("describe()", () => {
  test("tells each file's state; a bad file hides no other", async () => {
    const whole = file(small, 5);
    const series = await seriesOf(
      entries({
        "step_0.pt": whole,
        "step_1.pt": whole.slice(0, -1),
        "step_2.pt": file({ left: [1, 1], right: [1, 1] }),
        "step_1000.pt": whole,
        "final.pt": whole,
      }),
      { leftOut: [{ name: "notes.txt", size: 4, reason: "not a checkpoint" }] },
    );
    const size = whole.length;
    expect(series.describe()).toEqual({
      summary:
        '2 checkpoints, steps 0 to 1,000; read by the adapter "simile"; 2 files could not be used; 2 files left out',
      files: [
        { name: "step_0.pt", state: "read", step: 0, bytes: size },
        { name: "step_1000.pt", state: "read", step: 1000, bytes: size },
        {
          name: "step_1.pt",
          state: "failed",
          step: 1,
          bytes: size - 1,
          reason: 'Cannot read tensor "down" of step_1.pt: expected data up to 24, found 23 bytes',
        },
        {
          name: "step_2.pt",
          state: "failed",
          step: 2,
          bytes: expect.any(Number),
          reason: 'Cannot make a network of step_2.pt: adapter "simile" does not fit: missing down',
        },
        {
          name: "final.pt",
          state: "left out",
          bytes: size,
          reason: "no training step in its name, which 4 others have",
        },
        { name: "notes.txt", state: "left out", bytes: 4, reason: "not a checkpoint" },
      ],
      tensors: [
        { name: "left", type: "F64", shape: [1, 1] },
        { name: "right", type: "F64", shape: [1, 1] },
        { name: "down", type: "F64", shape: [1, 1] },
      ],
      metadata: { value: "5" },
      adapter: "simile",
    });
    expect(structuredClone(series.describe())).toEqual(series.describe());
  });

  test("of one checkpoint without a step", async () => {
    const series = await seriesOf(entries({ "a.pt": file(small) }));
    expect(series.describe().summary).toBe('1 checkpoint; read by the adapter "simile"');
  });

  test("where no adapter fits, says what the nearest lacks; checkpoints can still be read", async () => {
    const series = await seriesOf(entries({ "a.pt": file({ left: [1, 1], right: [1, 1] }) }));
    const mismatch =
      'Cannot make a network of a.pt: no adapter fits; the nearest is "simile": missing down';
    expect(series.describe()).toMatchObject({
      mismatch,
      summary: `1 checkpoint. ${mismatch}`,
    });
    expect(series.describe()).not.toHaveProperty("adapter");
    const error: unknown = await series.network(0).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AdapterError);
    expect(String(error)).toContain(`${mismatch}\n  adapter `);
    expect((await series.checkpoint(0)).tensors.size).toBe(2);
  });
});
