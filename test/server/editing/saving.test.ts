import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Saving, type WriteOutcome } from "../../../server/editing/saving.ts";
import type { SaveState } from "../../../src/protocol/index.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function saving() {
  const told: SaveState[] = [];
  const write = vi.fn(async (): Promise<WriteOutcome> => ({ revision: 9 }));
  const saves = new Saving(0, write, (state) => told.push(state));
  return { saves, write, told };
}

test("a pause in the typing saves; typing without one saves every two seconds", async () => {
  const { saves, write } = saving();
  saves.touch(1);
  await vi.advanceTimersByTimeAsync(399);
  expect(write).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(write).toHaveBeenCalledTimes(1);
  write.mockImplementation(async () => ({ revision: 1_000 }));
  for (let time = 0; time < 4_050; time += 50) {
    saves.touch(10 + time);
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(write).toHaveBeenCalledTimes(3);
});

test("what is told is what is true: saving, then saved at the revision that was written", async () => {
  const { saves, told } = saving();
  saves.touch(9);
  await saves.now();
  expect(told).toMatchObject([
    { state: "saving", revision: 9 },
    { state: "saved", revision: 9 },
  ]);
  await saves.now();
  expect(told).toHaveLength(2);
});

test("an edit made while the file is written is written after it", async () => {
  const { saves, write, told } = saving();
  saves.touch(9);
  write.mockImplementationOnce(async () => {
    saves.touch(10);
    return { revision: 9 };
  });
  write.mockImplementationOnce(async () => ({ revision: 10 }));
  await saves.now();
  expect(told.at(-1)).toMatchObject({ state: "saving", revision: 10 });
  await vi.advanceTimersByTimeAsync(400);
  expect(told.at(-1)).toMatchObject({ state: "saved", revision: 10 });
});

test("a failure is told with its reason and tried again, each time after a longer pause, at most 30 s", async () => {
  const { saves, write, told } = saving();
  write.mockRejectedValue(new Error("Cannot save a.md: the disk is full"));
  saves.touch(9);
  await vi.advanceTimersByTimeAsync(400);
  expect(told.at(-1)).toEqual({
    state: "failed",
    revision: 9,
    reason: "Cannot save a.md: the disk is full",
    retry: Date.now() + 1_000,
  });
  const pauses = [1, 2, 4, 8, 16, 30, 30];
  for (const [index, pause] of pauses.entries()) {
    await vi.advanceTimersByTimeAsync(pause * 1_000 - 1);
    expect(write).toHaveBeenCalledTimes(index + 1);
    await vi.advanceTimersByTimeAsync(1);
    expect(write).toHaveBeenCalledTimes(index + 2);
  }
  write.mockResolvedValue({ revision: 9 });
  await vi.advanceTimersByTimeAsync(30_000);
  expect(told.at(-1)).toMatchObject({ state: "saved", revision: 9 });
});

test("edits after a failure are told, wait for its retry and are in it", async () => {
  const { saves, write, told } = saving();
  write.mockRejectedValueOnce(new Error("full"));
  saves.touch(8);
  await saves.now();
  saves.touch(9);
  expect(told.at(-1)).toMatchObject({ state: "failed", revision: 9, reason: "full" });
  await vi.advanceTimersByTimeAsync(999);
  expect(write).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(told.at(-1)).toMatchObject({ state: "saved", revision: 9 });
});

test("after a save the pauses between tries are short again", async () => {
  const { saves, write } = saving();
  for (let time = 0; time < 2; time++) {
    write.mockRejectedValueOnce(new Error("full"));
    saves.touch(9);
    await saves.now();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(saves.state.state).toBe("saved");
  }
});

test("what was saved asks for no other try, whoever wrote it; an older revision settles nothing", async () => {
  const { saves, write, told } = saving();
  saves.touch(9);
  saves.settle(8);
  expect(told).toHaveLength(1);
  saves.settle(9);
  expect(told.at(-1)).toMatchObject({ state: "saved", revision: 9 });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(write).not.toHaveBeenCalled();
});

test("one try is made at a time, and a save asked for during it comes after it", async () => {
  const { saves, write } = saving();
  let end = (_: WriteOutcome) => {};
  write.mockImplementationOnce(() => new Promise((resolve) => (end = resolve)));
  saves.touch(9);
  const [first, second] = [saves.now(), saves.now()];
  await vi.advanceTimersByTimeAsync(0);
  expect(write).toHaveBeenCalledTimes(1);
  saves.touch(10);
  write.mockResolvedValue({ revision: 10 });
  end({ revision: 9 });
  await Promise.all([first, second]);
  expect(write).toHaveBeenCalledTimes(2);
  expect(saves.state).toMatchObject({ state: "saved", revision: 10 });
});

test("after the end nothing is tried", async () => {
  const { saves, write } = saving();
  saves.touch(9);
  saves.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(write).not.toHaveBeenCalled();
});

test("the same revision is said to be saving once", () => {
  const { saves, told } = saving();
  saves.touch(9);
  saves.touch(9);
  saves.touch(10);
  expect(told.map(({ revision }) => revision)).toEqual([9, 10]);
});

test("what is held back waits for a person, and is not tried by itself", async () => {
  const { saves, write, told } = saving();
  write.mockResolvedValue({ held: "Decide" });
  saves.touch(9);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(write).toHaveBeenCalledTimes(1);
  expect(told.at(-1)).toEqual({ state: "failed", revision: 9, reason: "Decide" });
  write.mockResolvedValue({ revision: 9 });
  await saves.now();
  expect(told.at(-1)).toMatchObject({ state: "saved" });
});
