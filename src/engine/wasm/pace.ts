/** Seconds a task should take: long enough for its messages not to count, short enough to be stopped. */
export const shortest: number = 3e-4;
export const longest: number = 0.03;
/** Operations a second, to tell beforehand what a task will take; the order of magnitude is enough. */
export const rate: { readonly float64: number; readonly float32: number } = {
  float64: 25e9,
  float32: 50e9,
};
