/** Digests of claims and rows whose sums can be compared in place of the claims and rows. */
import { createHash } from 'node:crypto';
import type { Dimension, Month } from '../index/keys.ts';
import { matchColumns } from '../index/match-columns.ts';
import { unpackText } from '../index/packing.ts';
import type { Claim, IndexRow } from '../index/record-index.ts';

/** 64 bits each. */
export interface KeyedDigest {
  readonly ofClaim: (claim: Claim) => bigint;
  /** Of the inverted time and the ID of a claim, or of a row in `time`. */
  readonly ofPosition: (position: string) => bigint;
  /** The same for rows that say the same, however they were packed. @throws Error when the row is damaged */
  readonly ofRow: (place: { readonly month: Month; readonly dimension: Dimension }, row: IndexRow) => bigint;
}

/** @param key no one knows it before the verification begins, so no one can make rows whose digests add up to those of others */
export function createKeyedDigest(key: string): KeyedDigest {
  const begin = (what: string) => createHash('sha256').update(`${key}\n${what}\n`);
  return {
    ofClaim: ({ id, inverted, landing, line, content }) =>
      begin(`${id} ${inverted} ${landing} ${line} ${content}`).digest().readBigUInt64LE(0),
    ofPosition: (position) => begin(position).digest().readBigUInt64LE(0),
    ofRow({ month, dimension }, { rowKey, match, summary, text, textAt }) {
      const columns = matchColumns.map((column) => String(match[column] ?? ''));
      const at = textAt === undefined ? '' : `${textAt.line}:${textAt.blobName}`;
      const packed = unpackText(summary);
      const hash = begin(`${month} ${dimension} ${rowKey} ${columns.join(' ')} ${at} ${packed.length}`);
      hash.update(packed);
      if (text !== undefined) hash.update(unpackText(text));
      return hash.digest().readBigUInt64LE(0);
    },
  };
}

/** Adds as 64-bit numbers do. */
export function sumOf(a: bigint, b: bigint): bigint {
  return BigInt.asUintN(64, a + b);
}
