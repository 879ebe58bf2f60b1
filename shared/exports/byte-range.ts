/** The parts of the header `Range` that files support. */
import type { ByteRange } from './export.ts';

/** `whole`: the header is ignored; `unsatisfiable`: it names no byte of the file. */
export type RequestedRange = ByteRange | 'whole' | 'unsatisfiable';

/**
 * One range of bytes. Several ranges, other units and malformed ones are ignored, as the standard allows.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-range-requests
 */
export function parseRange(header: string | null, size: number): RequestedRange {
  const match = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? '');
  const [, from = '', to = ''] = match ?? [];
  if (from === '' && to === '') return 'whole';
  if (from === '') return lastBytes(Number(to), size);
  const first = Number(from);
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && Number(to) < first) return 'whole';
  return first < size ? { first, last } : 'unsatisfiable';
}

function lastBytes(count: number, size: number): RequestedRange {
  return count === 0 || size === 0 ? 'unsatisfiable' : { first: Math.max(0, size - count), last: size - 1 };
}
