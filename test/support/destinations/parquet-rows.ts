/** Reads Parquet files, by another library than the one that writes them. */
import { gunzipSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';

export type Row = Readonly<Record<string, unknown>>;

/** @param columns by default all */
export async function rowsIn(content: Buffer, columns?: readonly string[]): Promise<readonly Row[]> {
  const { buffer, byteOffset, byteLength } = new Uint8Array(content);
  return await parquetReadObjects({
    file: buffer.slice(byteOffset, byteOffset + byteLength),
    compressors: { GZIP: (bytes) => new Uint8Array(gunzipSync(bytes)) },
    ...(columns === undefined ? {} : { columns: [...columns] }),
  });
}
