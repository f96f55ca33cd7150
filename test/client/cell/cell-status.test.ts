// @vitest-environment happy-dom
import { expect, onTestFinished, test, vi } from "vitest";
import { nothingYet } from "../../../src/client/cell/cell-facts.ts";
import { CellStatus } from "../../../src/client/cell/cell-status.ts";

test("a run says how long it lasts, only once it lasts, until its cell is gone", () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const status = new CellStatus();
  const running = { state: "running", why: [] } as const;
  status.show({ ...nothingYet, run: running, since: performance.now(), progress: "1 of 2" });
  expect(status.sign.hidden).toBe(true);
  vi.advanceTimersByTime(400);
  expect(status.sign.dataset["state"]).toBe("running");
  expect(status.element.textContent).toMatch(/^\d+ ms · 1 of 2$/);
  expect(vi.getTimerCount()).toBe(1);
  status.dispose();
  expect(vi.getTimerCount()).toBe(0);
  status.show({ ...nothingYet, isPending: true, since: performance.now() });
  expect(vi.getTimerCount()).toBe(0);
});
