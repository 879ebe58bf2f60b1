/** Writes records as a Parquet file. Loaded where there is such a destination only. */
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer, type ColumnSource } from 'hyparquet-writer';
import type { EncodedRecord } from '../../outgoing.ts';
import { parquetColumns, type ParquetColumn } from './columns.ts';

/** The same records give the same bytes. */
export function parquetFile(records: readonly EncodedRecord[]): Buffer {
  const columnData = parquetColumns.map(({ name, valueOf }): ColumnSource => ({
    name,
    data: records.map(valueOf),
  }));
  const file = parquetWriteBuffer({
    columnData,
    schema: [{ name: 'root', num_children: parquetColumns.length }, ...parquetColumns.map(elementOf)],
    rowGroupSize: records.length,
    // Smaller than Snappy, faster than Snappy without native code, and read by every engine.
    codec: 'GZIP',
    compressors: { GZIP: (bytes) => gzipSync(bytes) },
    createdBy: 'Auditkeep version 1',
  });
  return Buffer.from(file);
}

type SchemaElement = NonNullable<Parameters<typeof parquetWriteBuffer>[0]['schema']>[number];

/** Times are moments of UTC, so that no engine moves them into the zone of a session. */
const types: Readonly<Record<ParquetColumn['type'], Omit<SchemaElement, 'name'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  time: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  int: { type: 'INT32' },
  long: { type: 'INT64' },
  boolean: { type: 'BOOLEAN' },
};

function elementOf({ name, type, isRequired }: ParquetColumn): SchemaElement {
  return { name, ...types[type], repetition_type: isRequired ? 'REQUIRED' : 'OPTIONAL' };
}
