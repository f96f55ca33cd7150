import { Window } from "happy-dom";
import { expect, onTestFinished, test } from "vitest";
import { inertWindow } from "../../src/headless/index.ts";

test("in a window that is made so no script runs and nothing is loaded", async () => {
  const window = new Window(inertWindow);
  onTestFinished(() => window.happyDOM.close());
  const asked: string[] = [];
  window.fetch = (address) => {
    asked.push(String(address));
    return Promise.reject(new Error("no"));
  };
  window.document.write(
    '<script>window.ran = "inline"</script>' +
      '<script src="http://localhost:9/ran.js"></script>' +
      '<link rel="stylesheet" href="http://localhost:9/look.css">' +
      '<img src="none" onerror="window.ran = this.src">',
  );
  await window.happyDOM.waitUntilComplete();
  expect("ran" in window).toBe(false);
  expect(asked).toEqual([]);
});
