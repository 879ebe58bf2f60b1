/** Tells what was probably mistyped. */

/** Shorter names are a letter away from too many others. */
const shortest = 4;

/** Whether one letter is missing, added, or different, or two neighbors are swapped. */
export function isTypo(written: string, meant: string): boolean {
  if (meant.length < shortest) return false;
  const start = commonStart(written, meant);
  const [left, right] = [written.slice(start), meant.slice(start)];
  const end = commonStart(reversed(left), reversed(right));
  const [one, other] = [left.slice(0, left.length - end), right.slice(0, right.length - end)];
  return Math.max(one.length, other.length) <= 1 || (one.length === 2 && one === reversed(other));
}

function commonStart(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}

function reversed(text: string): string {
  return Array.from(text).reverse().join('');
}
