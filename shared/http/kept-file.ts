/** A file that browsers keep: its address changes with its content. */
import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import type { ApiRequest } from './request.ts';

/** @param gzip the file, compressed; every browser takes it so, and it is expanded for other callers */
export async function keptFile(gzip: Uint8Array, { headers }: Pick<ApiRequest, 'headers'>) {
  const kept = { 'Cache-Control': 'public, max-age=31536000, immutable', Vary: 'Accept-Encoding' };
  const takesGzip = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(headers.get('accept-encoding') ?? '');
  if (takesGzip) return { body: gzip, headers: { ...kept, 'Content-Encoding': 'gzip' } };
  return { body: await promisify(gunzip)(gzip), headers: kept };
}
