import { linesOf } from "../lines.ts";
import type { Workbook } from "../workbook.ts";
import { readMatter } from "./matter.ts";

/** Front matter written anew; empty when there is nothing to say. */
export function writeMatter({ title, summary, matter }: Workbook): string {
  const values = { ...matter, ...(title && { title }), ...(summary && { summary }) };
  return Object.keys(values).length === 0 ? "" : `${block(values, "\n")}\n`;
}

/**
 * The text before the first cell with these values in its front matter: the lines of those that changed
 * are written anew, the others stay as they are.
 */
export function mendMatter(front: string, matter: Workbook["matter"], end: string): string {
  if (matter === undefined) return front;
  const { values: read } = readMatter(front);
  const changed = Object.keys({ ...read, ...matter }).filter((key) => read[key] !== matter[key]);
  if (changed.length === 0) return front;
  const mark = front.startsWith("\ufeff") ? "\ufeff" : "";
  const body = front.slice(mark.length);
  if (!body.startsWith("---")) return `${mark}${block(matter, end)}${end}${body}`;
  const lines = linesOf(body).map(({ start, next }) => body.slice(start, next));
  const close = lines.findIndex((line, index) => index > 0 && /^(---|\.\.\.)/.test(line));
  const kept: string[] = [];
  let isGone = false;
  for (const line of lines.slice(1, close)) {
    const key = /^([^\s#:"'[\]{}-][^:]*?)[ \t]*:(?:[ \t]|[\r\n]|$)/.exec(line)?.[1];
    if (key !== undefined) {
      isGone = changed.includes(key);
      const value = matter[key];
      if (isGone && value !== undefined) kept.push(entry(key, value) + end);
    }
    if (!isGone) kept.push(line);
  }
  const added = changed.filter((key) => read[key] === undefined);
  for (const key of added) kept.push(entry(key, matter[key]!) + end);
  return mark + lines[0] + kept.join("") + lines.slice(close).join("");
}

function block(values: Readonly<Record<string, string>>, end: string): string {
  const entries = Object.entries(values).map(([key, value]) => entry(key, value) + end);
  return `---${end}${entries.join("")}---${end}`;
}

function entry(key: string, value: string): string {
  return `${key}: ${quote(value)}`;
}

function quote(value: string): string {
  return /^[\p{L}\p{N}][^\n\r:#"'\\]*$/u.test(value) && value.trim() === value
    ? value
    : JSON.stringify(value);
}
