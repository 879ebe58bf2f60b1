/** Indexing landings that wait in storage. */
import { indexLanding } from '../../../shared/index/index-landing.ts';
import { peakMb } from '../../support/peak-memory.ts';
import type { findLandings, index, InputOf, ResultOf } from '../tasks.ts';
import { timed } from './clock.ts';
import type { Product } from './product.ts';

export async function listLandings(
  { landings }: Product,
  { tenantId }: InputOf<typeof findLandings>,
): Promise<ResultOf<typeof findLandings>> {
  const waiting = await landings.unindexed(tenantId);
  return {
    landings: waiting.map(({ landingId, blobName }) => ({ version: 1, tenantId, landingId, blobName })),
    textBytes: waiting.reduce((sum, landing) => sum + landing.bytes, 0),
  };
}

export async function indexLandings(
  product: Product,
  { landings }: InputOf<typeof index>,
): Promise<ResultOf<typeof index>> {
  const { value: rows, seconds } = await timed(async () => {
    let written = 0;
    for (const landing of landings) written += (await indexLanding(product, landing)).rows;
    return written;
  });
  return { seconds, rows, peakMb: peakMb() };
}
