import { describe, expect, test } from "vitest";
import { names } from "../../support/series-entries.ts";

describe("a series is in the order of its training steps:", () => {
  test("by value, not by spelling", async () => {
    expect(await names("step_10.pt", "step_9.pt", "step_0100.pt", "step_1k.pt")).toEqual({
      names: ["step_9.pt", "step_10.pt", "step_0100.pt", "step_1k.pt"],
      steps: [9, 10, 100, 1000],
      labels: ["step_9", "step_10", "step_0100", "step_1k"],
      leftOut: [],
    });
  });

  test("seeds are labels in natural order, and have no steps", async () => {
    const found = await names("model_seed_10.pt", "model_seed_2.pt");
    expect(found.names).toEqual(["model_seed_2.pt", "model_seed_10.pt"]);
    expect(found.steps).toBe(undefined);
  });

  test("a folder for each step; what lies beside the weights is left out", async () => {
    expect(
      await names(
        "checkpoint-20/model.safetensors",
        "checkpoint-3/model.safetensors",
        "checkpoint-3/optimizer.pt",
        "checkpoint-3/rng_state_0.pth",
      ),
    ).toEqual({
      names: ["checkpoint-3/model.safetensors", "checkpoint-20/model.safetensors"],
      steps: [3, 20],
      labels: ["checkpoint-3", "checkpoint-20"],
      leftOut: [
        "checkpoint-3/optimizer.pt: kept beside the weights, by its name",
        "checkpoint-3/rng_state_0.pth: kept beside the weights, by its name",
      ],
    });
  });

  test("among names with steps, one without is left out; a lone step among many names is none", async () => {
    expect(await names("step_1.pt", "step_2.pt", "best.pt")).toMatchObject({
      steps: [1, 2],
      leftOut: ["best.pt: no training step in its name, which 2 others have"],
    });
    expect(await names("baseline.pt", "pruned.pt", "tuned_2.pt")).toMatchObject({
      names: ["baseline.pt", "pruned.pt", "tuned_2.pt"],
      steps: undefined,
      leftOut: [],
    });
  });

  test("the same weights in two formats are one checkpoint; parts of one are none", async () => {
    expect(
      await names(
        "step_1.pt",
        "step_1.safetensors",
        "step_2.pt",
        "step_3-00001-of-00002.safetensors",
      ),
    ).toMatchObject({
      names: ["step_1.safetensors", "step_2.pt"],
      leftOut: [
        "step_1.pt: the same checkpoint as step_1.safetensors",
        "step_3-00001-of-00002.safetensors: one part of a checkpoint in several files, which Simile does not join",
      ],
    });
  });
});
