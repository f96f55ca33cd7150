// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { copyLinkButton, linkOf } from "../../../src/client/link/copy-link.ts";
import type { LinkedInputs } from "../../../src/client/link/linked-inputs.ts";

const written: string[] = [];
const write = vi.fn(async (text: string) => void written.push(text));

/** The inputs of a page; the address has them when they are asked to write it. */
const inputs = (...left: string[]) =>
  ({
    left,
    writeNow: () => {
      location.hash = "#c.n=5";
    },
  }) as unknown as LinkedInputs;

beforeEach(() => {
  vi.useFakeTimers();
  written.length = 0;
  Object.defineProperty(navigator, "clipboard", {
    value: { writeText: write },
    configurable: true,
  });
  location.href = "http://127.0.0.1:8000/w/a.md?token=secret&view=wide";
});
afterEach(() => void vi.useRealTimers());

async function clicked(button: HTMLButtonElement): Promise<string | null> {
  button.click();
  await vi.advanceTimersByTimeAsync(0);
  return button.textContent;
}

test("a link has the state of the inputs, and not what let the browser in", () => {
  expect(linkOf(inputs())).toBe("http://127.0.0.1:8000/w/a.md?view=wide#c.n=5");
});

test("the button copies it and says so, for a moment", async () => {
  const button = copyLinkButton(inputs());
  expect(await clicked(button)).toBe("Link copied");
  expect(written).toEqual(["http://127.0.0.1:8000/w/a.md?view=wide#c.n=5"]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await clicked(button)).toBe("Link copied");
  await vi.advanceTimersByTimeAsync(2_499);
  expect(button.textContent).toBe("Link copied");
  await vi.advanceTimersByTimeAsync(1);
  expect(button.textContent).toBe("Copy link");
});

test("inputs of which an address says nothing are named", async () => {
  expect(await clicked(copyLinkButton(inputs("key", "file")))).toBe(
    "Link copied, without key, file",
  );
});

test("where nothing may be copied, the address bar has it", async () => {
  write.mockRejectedValueOnce(new Error("denied"));
  expect(await clicked(copyLinkButton(inputs()))).toBe("Not copied: the address bar has the link");
});
