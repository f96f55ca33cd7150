import fc from "fast-check";
import { expect, test } from "vitest";
import { readFragment, writeFragment } from "../../../src/client/link/address.ts";

const states = new Map([
  ["controls.slice", "3"],
  ["steps.range", "[1,5000]"],
  ["a b.größe", "50 % & more + #"],
]);

test("a fragment is the place on the page, then the state of each view, so that a person can read it", () => {
  const hash = writeFragment({ anchor: "cell-map", states });
  expect(hash).toBe(
    "#cell-map&controls.slice=3&steps.range=[1,5000]&a+b.gr%C3%B6%C3%9Fe=50+%25+%26+more+%2B+%23",
  );
  expect(readFragment(hash)).toEqual({ anchor: "cell-map", states });
  expect(writeFragment({ anchor: "", states: new Map() })).toBe("");
});

test("whatever the states are, they are read as they were written, also by the browser's own parser", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: "grapheme", minLength: 1 }), fc.string({ unit: "grapheme" })),
      (all) => {
        const states = new Map(Object.entries(all));
        const hash = writeFragment({ anchor: "", states });
        expect(readFragment(hash).states).toEqual(states);
        expect(new URL(`http://a.example/${hash}`).hash).toBe(hash);
      },
    ),
  );
});

test("what is no state of ours is passed over", () => {
  expect(readFragment("#cell-a&x.y=%zz&x.z=1")).toEqual({
    anchor: "cell-a",
    states: new Map([["x.z", "1"]]),
  });
});
