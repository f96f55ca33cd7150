/** What the part of an address after its `#` says. */
export interface Fragment {
  /** A place on the page, as `cell-matrix`. */
  readonly anchor: string;
  /** States of views, by `cell.name`. */
  readonly states: ReadonlyMap<string, string>;
}

/** Signs that encodeURIComponent escapes and a fragment need not. */
const plainSigns: ReadonlyMap<string, string> = new Map(
  Array.from("@:,/?$;[]", (sign) => [encodeURIComponent(sign), sign]),
);

/** Reads `#cell-matrix&slider.n=5`; what cannot be read is left out. */
export function readFragment(hash: string): Fragment {
  const states = new Map<string, string>();
  let anchor = "";
  for (const part of hash.replace(/^#/, "").split("&")) {
    try {
      const sign = part.indexOf("=");
      if (sign < 0) anchor ||= decodeURIComponent(part);
      else states.set(decoded(part.slice(0, sign)), decoded(part.slice(sign + 1)));
    } catch {
      // Not written by us: a percent sign that is none.
    }
  }
  return { anchor, states };
}

/** Writes what `readFragment` reads; empty when there is nothing to say. */
export function writeFragment({ anchor, states }: Fragment): string {
  const parts = [...states].map(([key, text]) => `${encoded(key)}=${encoded(text)}`);
  const all = anchor === "" ? parts : [encodeURIComponent(anchor), ...parts];
  return all.length === 0 ? "" : `#${all.join("&")}`;
}

function decoded(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}

function encoded(text: string): string {
  return encodeURIComponent(text)
    .replaceAll("%20", "+")
    .replace(/%../g, (code) => plainSigns.get(code) ?? code);
}
