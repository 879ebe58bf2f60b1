/** What becomes one landing of an import. */
import { describe, expect, it } from 'vitest';
import { gather } from '../../../shared/imports/gather.ts';
import { tenantId } from './import-world.ts';

async function* refused(count: number) {
  for (let row = 1; row <= count; row++) yield await Promise.resolve({ value: '{}', place: `line ${row}` });
}

const gathered = async (rows?: number) =>
  await gather(
    refused(60_000),
    { tenantId, now: new Date() },
    { characters: 16 * 1024 * 1024, ...(rows === undefined ? {} : { rows }) },
  );

describe('a stretch of rows', () => {
  it('has so many rows at most that its refusals can be held', async () => {
    expect(await gathered()).toMatchObject({ rows: 50_000, records: 0 });
  });

  it('that an earlier attempt ended has the rows of that attempt', async () => {
    expect(await gathered(55_000)).toMatchObject({ rows: 55_000 });
  });
});
