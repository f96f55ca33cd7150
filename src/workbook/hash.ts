/**
 * A 64-bit hash of text as 16 hexadecimal digits: two FNV-1a sums over UTF-16 units with different
 * seeds, each closed by the finaliser of MurmurHash3. For telling versions apart, not for secrets.
 */
export function hash(text: string): string {
  let first = 0x811c9dc5;
  let second = 0x9e3779b9;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    first = Math.imul(first ^ unit, 0x01000193);
    second = Math.imul(second ^ unit, 0x85ebca6b);
    second ^= second >>> 15;
  }
  return digits(finish(first ^ text.length)) + digits(finish(second ^ first));
}

function finish(sum: number): number {
  let mixed = Math.imul(sum ^ (sum >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function digits(sum: number): string {
  return sum.toString(16).padStart(8, "0");
}
