// @vitest-environment happy-dom
import { expect, onTestFinished, test, vi } from "vitest";
import { openCopyDialog } from "../../../src/client/keeping/copy-dialog.ts";

test("a copy is asked for beside the workbook, and opened; what is refused is said", async () => {
  const asked: unknown[] = [];
  let answer = Response.json({ error: "Cannot make b.md: it exists already" }, { status: 409 });
  vi.stubGlobal("fetch", async (_address: string, { body }: { body: string }) => {
    asked.push(JSON.parse(body));
    return answer;
  });
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
  const gone: string[] = [];
  const dialog = openCopyDialog("deep/a b.md", (address) => gone.push(address));
  expect(dialog.querySelector("input")!.value).toBe("deep/a b (kept).md");
  const form = dialog.querySelector("form")!;
  form.requestSubmit();
  await expect.poll(() => dialog.textContent).toContain("it exists already");
  answer = Response.json({ path: "deep/a b (kept).md" });
  form.requestSubmit();
  await expect.poll(() => gone).toEqual(["/w/deep/a%20b%20(kept).md"]);
  expect(asked[1]).toEqual({ path: "deep/a b.md", to: "deep/a b (kept).md" });
});
