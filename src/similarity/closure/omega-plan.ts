import type { Program } from "../../tensor/index.ts";
import type { AttentionShape } from "./attention-shape.ts";
import type { Which } from "./blocks.ts";
import { type Group, groupsOf } from "./groups.ts";
import { tenLegProgram } from "./ten-leg-program.ts";
import { type Between, betweens, legsIn, type TenLegs } from "./ten-legs.ts";

/** Bytes of the covariances between legs of a and b that are held at a time, when heads of a are more. */
export const heldBytes: number = 2 ** 26;

/** Positions of legs of a and of legs of b, by their groups. */
export interface Places {
  readonly name: Between;
  readonly s: number;
  readonly t: number;
}

/** Terms that one program computes, with the sums of their targets. */
export interface Batch {
  readonly legs: TenLegs;
  readonly program: Program;
  readonly sums: readonly Sum[];
}

/** Groups that go to one target are added up; a group that goes to more is by itself. */
export interface Sum {
  readonly groups: readonly Group[];
  /** How often each target has the sum; of groups that go to one target, each has its own count. */
  readonly counts: ReadonlyMap<number, number>;
}

/** How the moments of what heads of a and of b write are computed. */
export interface OmegaPlan {
  readonly batches: readonly Batch[];
  /** Where covariances between legs of a and b are needed, each place once. */
  readonly places: readonly Places[];
  /** How many heads of a are taken at a time. */
  readonly heads: number;
}

const plans = new Map<string, OmegaPlan>();
/** Plans that are remembered: a series has one for each layer. */
const mostPlans = 16;

/** The plan for layers of these shapes; pairs of a series share one. */
export function omegaPlan(
  a: AttentionShape,
  b: AttentionShape,
  positions: number,
  which: Which,
): OmegaPlan {
  const shapes = [a, b].flatMap(({ heads, width, mask, turning, alike, shifted, squared }) => [
    heads,
    width,
    mask,
    turning,
    alike,
    shifted,
    squared,
  ]);
  const name = [...shapes, positions, which].join();
  const found = plans.get(name) ?? planned(a, b, positions, which);
  plans.delete(name);
  plans.set(name, found);
  const [oldest] = plans.keys();
  if (plans.size > mostPlans) plans.delete(oldest!);
  return found;
}

function planned(a: AttentionShape, b: AttentionShape, positions: number, which: Which): OmegaPlan {
  const batches = new Map<string, Batch & { readonly sums: Sum[] }>();
  const sums = new Map<string, Group[]>();
  const places = new Map<string, Places>();
  for (const group of groupsOf(a, b, positions, which)) {
    const legs = tenLegsOf(a, b, group);
    const name = JSON.stringify(legs);
    const program = programFor(legs, name);
    // Nothing comes of legs that are known to be independent.
    if (!program) continue;
    const batch = batches.get(name) ?? { legs, program, sums: [] };
    batches.set(name, batch);
    const targets = [...group.counts.keys()];
    const target = `${name} ${targets.length === 1 ? targets[0] : `${batch.sums.length} alone`}`;
    const together = sums.get(target);
    if (together) {
      together.push(group);
    } else {
      const groups = [group];
      sums.set(target, groups);
      batch.sums.push({ groups, counts: group.counts });
    }
    for (const place of placesOf(group, legs)) {
      const at = a.alike && b.alike ? "" : ` ${place.s} ${place.t}`;
      places.set(place.name + at, place);
    }
  }
  const asked = [...places.values()];
  return { batches: [...batches.values()], places: asked, heads: headsAtOnce(a, b, asked) };
}

const programs = new Map<string, Program | undefined>();

/** The same object for the same legs, for engines prepare a program once; undefined when Ω is 0. */
export function programFor(
  legs: TenLegs,
  name: string = JSON.stringify(legs),
): Program | undefined {
  if (!programs.has(name)) programs.set(name, tenLegProgram(legs));
  return programs.get(name);
}

/** What is known of the legs of a group. */
export function tenLegsOf(
  a: AttentionShape,
  b: AttentionShape,
  { t, u, t2, u2 }: Pick<Group, "t" | "u" | "t2" | "u2">,
): TenLegs {
  const alike = a.alike && b.alike;
  const meet = (s: number, p: number) => !alike || s === p;
  return {
    widths: { a: a.width, b: b.width },
    joined: { a: meet(t, u), b: meet(t2, u2) },
    between: {
      "query query": meet(t, t2),
      "query key": meet(t, u2),
      "key query": meet(u, t2),
      "key key": meet(u, u2),
    },
    turned: { a: alike && a.turning && t !== u, b: alike && b.turning && t2 !== u2 },
    shifted: { a: a.shifted, b: b.shifted },
    squared: { a: a.squared, b: b.squared },
  };
}

/** Where legs of a group covary. */
function placesOf({ t, u, t2, u2 }: Group, { between }: TenLegs): readonly Places[] {
  const at: Readonly<Record<Between, readonly [number, number]>> = {
    "query query": [t, t2],
    "query key": [t, u2],
    "key query": [u, t2],
    "key key": [u, u2],
  };
  return betweens
    .filter((name) => between[name])
    .map((name) => ({ name, s: at[name][0], t: at[name][1] }));
}

/** As many heads of a as fit, at least one. */
function headsAtOnce(a: AttentionShape, b: AttentionShape, places: readonly Places[]): number {
  let perHead = 0;
  for (const { name } of places) {
    const [x, y] = name.split(" ") as ["query" | "key", "query" | "key"];
    perHead += 8 * legsIn[x] * a.width * legsIn[y] * b.width * b.heads;
  }
  return Math.min(a.heads, Math.max(1, Math.floor(heldBytes / perHead)));
}
