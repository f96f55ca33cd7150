/** Where something is from an origin, in whole pixels of the screen, as browsers place what they draw. */
export function snapped(at: number, origin: number): number {
  const ratio = globalThis.devicePixelRatio || 1;
  return (Math.round(at * ratio) - Math.round(origin * ratio)) / ratio;
}
