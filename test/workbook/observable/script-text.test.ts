import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeScript, encodeScript } from "../../../src/workbook/observable/script-text.ts";
import { observableSource } from "../../support/observable-text.ts";

const decode = (text: string): string => decodeScript(text).source;

describe("a source between <script> and </script>", () => {
  test.for<[name: string, source: string, text: string]>([
    ["one line", "a", "\n    a\n  "],
    ["two lines, the empty one between them bare", "a\n\nb", "\n    a\n\n    b\n  "],
    ["nothing", "", "\n\n  "],
    ["a line of white space keeps it", "`a\n  \nb`", "\n    `a\n      \n    b`\n  "],
    ["lines that are indented already", "  a\n    b", "\n      a\n        b\n  "],
    ["blank lines at both ends", "\na\n", "\n\n    a\n\n  "],
    ["CR LF inside stays", "a\r\nb", "\n    a\r\n    b\n  "],
    ["a final CR", "a\r", "\n    a\r\r  "],
    ["an end tag", '"</script>"', '\n    "<\\/script>"\n  '],
    ["an end tag in capitals", "</SCRIPT >", "\n    <\\/SCRIPT >\n  "],
    ["an end tag escaped by hand", '"<\\/script>"', '\n    "<\\\\/script>"\n  '],
    ["an end tag with a slash", "</script/>", "\n    <\\/script/>\n  "],
    ["half an end tag at the end", "</script", "\n    <\\/script\n  "],
    ["no end tag", "</scripts>", "\n    </scripts>\n  "],
    ["a comment", "<!-- a -->", "\n    <!-- a -->\n  "],
    ["a comment closed before a script", "<!-- a --> <script>", "\n    <!-- a --> <script>\n  "],
    ["a script in a comment", "<!-- <script>", "\n    <\\!-- <script>\n  "],
    ["that escaped by hand", "<\\!-- <script>", "\n    <\\\\!-- <script>\n  "],
    ["a backslash that nothing follows on", "<\\!-- a", "\n    <\\!-- a\n  "],
  ])("%s", ([, source, text]) => {
    expect(encodeScript(source)).toBe(text);
    expect(decode(text)).toBe(source);
  });

  test.for<[name: string, text: string, source: string, skipped: number]>([
    ["on the tag's own line", "a", "a", 0],
    ["without any text", "", "", 0],
    ["white space alone", " \n ", "", 2],
    ["lines indented by less than four", "\n  a\n b\n", "  a\n b", 1],
    ["white space behind the tag", "  \n    a", "a", 3],
    ["CR LF", "\r\n    a\r\n    b\r\n  ", "a\r\nb", 2],
  ])("written by hand: %s", ([, text, source, skipped]) => {
    expect(decodeScript(text)).toEqual({ source, skipped });
  });

  test("any source comes back, and nothing in its text ends a script or keeps one from ending", () => {
    fc.assert(
      fc.property(observableSource, fc.constantFrom("\n", "\r\n"), (source, newline) => {
        const text = encodeScript(source, newline);
        expect(decode(text)).toBe(source);
        expect(text).not.toMatch(/<\/script[\s/>]/i);
        const [, ...comments] = text.split("<!--");
        for (const rest of comments) {
          expect(rest.replace(/^-?>.*|-->.*/s, "")).not.toMatch(/<script[\s/>]/i);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
