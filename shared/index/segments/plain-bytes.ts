/** Packed summaries and texts as blocks hold them: unpacked, because they are compressed together. */
import { asPacked, unpackedIfShort } from '../packing.ts';

/** A text that is longer stays packed, so that the texts of a block fit into memory. */
const maxPlainBytes = 64 * 1024;

export interface PlainBytes {
  readonly bytes: Uint8Array;
  /** Whether they are as the row held them: too long, or not packed by this app. */
  readonly isPacked: boolean;
}

export function toPlain(packed: Uint8Array): PlainBytes {
  const bytes = unpackedIfShort(packed, maxPlainBytes);
  return bytes === undefined ? { bytes: packed, isPacked: true } : { bytes, isPacked: false };
}

/** Restores to the same bytes as what {@link toPlain} was given. */
export function fromPlain({ bytes, isPacked }: PlainBytes): Uint8Array {
  return isPacked ? bytes : asPacked(bytes);
}
