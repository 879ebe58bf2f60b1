/** Table `PageTokens`: positions of queries that are too long for a link. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import type { PageTokenStore } from '../../query/page-tokens.ts';
import { binaryColumn, dateColumn } from './columns.ts';
import { openRows } from './rows.ts';
import type { Tables } from './tables.ts';

/** A column holds 64 KiB. */
const columnBytes = 60_000;
/** What a token of 200 streams needs, several times over. */
const maxTokenBytes = 1024 * 1024;

const columns = z.object({ at: dateColumn, token: binaryColumn, more: binaryColumn.optional() });

export function createPageTokenStore(tables: Tables): PageTokenStore {
  const rows = openRows(tables, {
    table: 'PageTokens',
    columns,
    toRow: ({ token, more }) => Buffer.concat(more === undefined ? [token] : [token, more]),
  });
  return {
    async keep(id, token, at) {
      const bytes = deflateRawSync(token);
      const more = bytes.length > columnBytes ? bytes.subarray(columnBytes) : undefined;
      const row = { at, token: bytes.subarray(0, columnBytes), more };
      if (!(await rows.createOwn(keyOf(id), row))) throw new Error('Another page token has this ID.');
    },
    async find(id) {
      const bytes = await rows.get(keyOf(id));
      return bytes && inflateRawSync(bytes, { maxOutputLength: maxTokenBytes }).toString('utf8');
    },
  };
}

/** Ids are random, so their first character spreads them over partitions. */
function keyOf(id: string) {
  return { partitionKey: id.slice(0, 1), rowKey: id };
}
