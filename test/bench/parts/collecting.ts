/** Tenants collected and indexed with every storage operation counted. */
import type { Bench } from '../bench.ts';
import type { OperationCounts } from '../counting-proxy.ts';
import type { FeedContent } from '../feed.ts';
import { collect, register } from '../tasks.ts';
import { hour, minutesAgo } from '../times.ts';

export interface Collected {
  readonly tenantId: string;
  readonly records: number;
  readonly counts: OperationCounts;
}

/** One poll of a tenant with this content, and the indexing of all of it. */
export async function collectTenant(
  bench: Bench,
  size: Pick<FeedContent, 'blobs' | 'recordsPerBlob'>,
): Promise<Collected> {
  const tenantId = await bench.feed.addTenant({ ...size, from: minutesAgo(20 * hour), to: minutesAgo(2) });
  // Once per tenant, so not counted.
  await bench.withWorker('direct', (worker) => worker.run(register, { tenantId }));
  return await collectMore(bench, tenantId, size.blobs * size.recordsPerBlob);
}

/** One more poll of a tenant. @throws {Error} when not so many records were new in the index */
export async function collectMore(bench: Bench, tenantId: string, records: number): Promise<Collected> {
  return await bench.withWorker('counted', async (worker) => {
    bench.wire.reset();
    const { indexed } = await worker.run(collect, { tenantId });
    const counts = bench.wire.counts();
    if (indexed !== records) throw new Error(`Of ${records} records ${indexed} were indexed`);
    return { tenantId, records, counts };
  });
}

let large: Promise<Collected> | undefined;

/** 20,000 records in content blobs of 100, of 200 users over 30 days; collected once for all parts. */
export function collectLargeTenant(bench: Bench): Promise<Collected> {
  return (large ??= collectTenant(bench, { blobs: 200, recordsPerBlob: 100 }));
}
