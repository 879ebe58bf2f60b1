/** What a watch may take: it is stored in one column, and each host reads all watches once a minute. */
import { gzipSync } from 'node:zlib';
import { RequestError } from '../errors.ts';
import type { Watch } from './watch.ts';

/** Compressed, as it is stored. A column holds 64; the rest is left to the cause of a failure. */
const mostKib = 48;

/** @throws RequestError 400 for a watch that is too large to store */
export function checkSize({ source, suppressions }: Pick<Watch, 'source' | 'suppressions'>): void {
  const kib = Math.ceil(gzipSync(JSON.stringify([source, suppressions])).length / 1024);
  if (kib <= mostKib) return;
  const what = `Compressed, the rules and suppressions of this watch take ${kib} KiB; the limit is ${mostKib}.`;
  const cure =
    'Make several watches of it, end suppressions, or pass over a network instead of its addresses.';
  throw new RequestError(400, 'WatchTooLarge', `${what} ${cure}`);
}
