// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { homePage } from "../../../src/client/home/home-page.ts";

afterEach(() => void vi.unstubAllGlobals());

/** The page once the server has answered. */
async function answered(answer: () => Promise<Response>): Promise<HTMLElement> {
  vi.stubGlobal("fetch", answer);
  const page = homePage();
  await vi.waitFor(() => expect(page.querySelector("[aria-busy]")).toBeNull());
  return page;
}

const json = (value: unknown) => async () => Response.json(value);

test("each workbook is a link with its title, its summary and its path", async () => {
  const page = await answered(
    json({
      workbooks: [
        { path: "deep/a b.md", title: "A", summary: "What it shows." },
        {
          path: "bad.md",
          title: "bad",
          summary: "",
          error: "Cannot open bad.md: it is not UTF-8 text",
        },
      ],
    }),
  );
  const links = Array.from(page.querySelectorAll("a"), (a) => [
    a.textContent,
    a.getAttribute("href"),
  ]);
  expect(links).toEqual([
    ["A", "/w/deep/a%20b.md"],
    ["bad", "/w/bad.md"],
  ]);
  expect(page.querySelector("li")?.textContent).toBe("AWhat it shows.deep/a b.md⋯");
  expect(page.querySelector(".home-error")?.textContent).toBe(
    "Cannot open bad.md: it is not UTF-8 text",
  );
});

test("Markdown without cells stands below the workbooks, and arrow keys go on to it", async () => {
  const page = await answered(
    json({
      workbooks: [
        { path: "README.md", title: "A package", summary: "", document: true },
        { path: "a.md", title: "A", summary: "" },
      ],
    }),
  );
  document.body.replaceChildren(page);
  expect(page.querySelector("h2.home-documents")?.textContent).toBe("Markdown without cells");
  const links = [...page.querySelectorAll<HTMLElement>("li > a")];
  expect(links.map(({ textContent }) => textContent)).toEqual(["A", "A package"]);
  links[0]!.focus();
  links[0]!.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
  expect(document.activeElement).toBe(links[1]);
});

test("a list that was cut short says so", async () => {
  const workbooks = [{ path: "a.md", title: "A", summary: "" }];
  const page = await answered(json({ workbooks, truncated: true }));
  expect(page.textContent).toContain("There are more workbooks; these are the first 1");
});

test("an empty folder says what to do", async () => {
  const page = await answered(json({ workbooks: [] }));
  expect(page.textContent).toContain("There is no workbook in this folder yet");
});

test.for([
  [async () => new Response("", { status: 500 }), "the server answered 500"],
  [() => Promise.reject(new TypeError("fetch failed")), "fetch failed"],
] as const)("a list that cannot be had says why", async ([answer, why]) => {
  const page = await answered(answer);
  expect(page.querySelector("[role=alert]")?.textContent).toBe(
    `Cannot list the workbooks: ${why}. Is Simile still running? Start it again and open the address it prints`,
  );
});
