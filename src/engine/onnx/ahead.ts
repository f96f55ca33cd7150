/**
 * Begins pieces of work in their order, some of them before the first is over.
 *
 * @throws what the first piece that fails throws, once no other is under way
 */
export async function inOrder(pieces: Iterable<() => Promise<void>>, ahead: number): Promise<void> {
  const left = pieces[Symbol.iterator]();
  let failed = false;
  const lane = async () => {
    while (!failed) {
      const { done, value } = left.next();
      if (done) return;
      try {
        await value();
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: ahead }, lane));
  for (const one of lanes) if (one.status === "rejected") throw one.reason;
}
