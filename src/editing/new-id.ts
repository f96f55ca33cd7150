import type { EditedWorkbook } from "../protocol/index.ts";

const consonants = "bdfghjklmnprstvz";
const vowels = "aeiou";

const made = new RegExp(`^(?:[${consonants}][${vowels}]){3}$`);

/** Whether an id may be one that was made for a new cell: it says nothing of the cell. */
export function isMadeId(id: string): boolean {
  return made.test(id);
}

/**
 * An id for a new cell: three syllables that can be said, and that no cell has. Made at random, so
 * that two tabs do not make the same one: with 16 · 5 · 16 · 5 · 16 · 5 words, once in 512,000 pairs.
 *
 * @param random numbers in [0, 1)
 */
export function newCellId(
  { cells }: Pick<EditedWorkbook, "cells">,
  random: () => number = Math.random,
): string {
  const taken = new Set(cells.map(({ id }) => id));
  const pick = (letters: string) => letters[Math.floor(random() * letters.length)]!;
  for (;;) {
    const id = Array.from({ length: 3 }, () => pick(consonants) + pick(vowels)).join("");
    if (!taken.has(id)) return id;
  }
}
