/** Offset in UTF-16 units of one in code points, as clients count them; the end when there is none. */
export function units(code: string, points: unknown): number {
  if (typeof points !== "number") return code.length;
  return Array.from(code).slice(0, Math.max(0, points)).join("").length;
}

/** Offset in code points of one in UTF-16 units. */
export function codePoints(code: string, offset: number): number {
  return Array.from(code.slice(0, offset)).length;
}
