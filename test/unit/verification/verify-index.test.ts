/** Rows of the index that no record explains are named, wherever their month is; what a retention deletes is not missed. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { IndexRow } from '../../../shared/index/record-index.ts';
import { dimensions, invertedTime, type Dimension } from '../../../shared/index/keys.ts';
import type { Retained } from '../../../shared/retention/retention.ts';
import { nothingVerified, type VerificationProgress } from '../../../shared/verification/verification.ts';
import { verifyTenant } from '../../../shared/verification/verify-tenant.ts';
import { compactAll, createCompactedIndex } from '../../support/compacted-index.ts';
import { createFakeMonthLayouts } from '../../support/fakes/month-layouts.ts';
import { createFakeSegmentFiles } from '../../support/fakes/segment-files.ts';
import { landingNumber } from '../../../shared/index/claim-records.ts';
import { timeOfLanding } from '../../../shared/landing/landing-names.ts';
import { contentHash } from '../../../shared/records/canonical.ts';
import { parseJson } from '../../../shared/json.ts';
import { guidOf } from '../index/placed-records.ts';
import {
  createVerificationWorld,
  recordText,
  tenantId,
  type VerificationWorld,
} from './verification-world.ts';

const month = '202603';
const older = { CreationTime: '2025-11-20T09:00:00' };
const request = { mode: 'full', to: new Date('2026-03-12T00:00:00Z') } as const;
let world: VerificationWorld;

/** What a claim says of the content of a record. */
function contentOf(text: string): bigint {
  return contentHash(Buffer.from(text), parseJson(text)).readBigInt64BE(0);
}

beforeEach(async () => {
  world = createVerificationWorld();
  await world.deliver([{ name: 'one', texts: [recordText(1), recordText(2), recordText(3, older)] }]);
  await world.deliver([{ name: 'two', texts: [recordText(4)] }]);
});

interface Wanted {
  readonly mode?: 'full' | 'sample';
  readonly retained?: Partial<Retained>;
  readonly seed?: string;
}

/** All states that a run may be killed in. */
async function statesOf({ mode = 'full', retained, seed = 'a' }: Wanted, before = nothingVerified) {
  const states: VerificationProgress[] = [];
  const decided = retained && { from: new Date(0), decidedAt: new Date(0), ...retained };
  const wanted = { ...request, mode, sampleSize: 1, seed };
  for await (const state of verifyTenant(
    world.deps,
    { tenantId, request: wanted, seed, retained: decided },
    before,
  ))
    states.push(state);
  return states;
}

const verified = async (wanted: Wanted = {}) => {
  const { counts, listed, explained } = (await statesOf(wanted)).at(-1) ?? nothingVerified;
  return { counts, listed, explained };
};

const rowsOf = (dimension: Dimension, of = month) =>
  world.index.wholeRows(tenantId, { month: of, dimension, from: '', through: '~', limit: 100 });

async function forge(dimension: Dimension, change: (row: IndexRow) => IndexRow, of = month): Promise<void> {
  const [row] = await rowsOf(dimension, of);
  if (row === undefined) throw new Error('It has rows.');
  await world.index.writeRows(tenantId, of, dimension, [change(row)]);
}

/** Under an ID that no record has. */
const asOther = (row: IndexRow) => ({ ...row, rowKey: row.rowKey.replace(/[^_]+$/, guidOf(77)) });

describe('a row that no record explains', () => {
  it.each(dimensions)('is named in %s', async (dimension) => {
    if ((await rowsOf(dimension)).length === 0) return;
    await forge(dimension, asOther);
    const { counts, listed } = await verified();
    expect(counts).toEqual({ rowUnexplained: 1 });
    const place = { recordId: guidOf(77), table: `${month} ${dimension}`, detail: 'no claim' };
    expect(listed).toMatchObject([{ kind: 'rowUnexplained', ...place }]);
  });

  it('is named when it makes a record be found by a value that it does not have', async () => {
    await forge('user', (row) => ({ ...row, rowKey: row.rowKey.replace(/^[0-9a-f]{16}/, 'f'.repeat(16)) }));
    const { listed } = await verified();
    expect(listed).toMatchObject([{ kind: 'rowUnexplained', detail: 'its record does not have the value' }]);
  });

  it.each([
    ['another landing', { landing: 5n }, 'its claim names a landing that does not exist'],
    ['another time', { inverted: '9000000000000' }, 'its claim has another time'],
  ])('is named when it has a claim with %s', async (_what, changes, detail) => {
    await forge('time', asOther);
    const [own] = (await world.index.readClaims(tenantId, [guidOf(4)])).values();
    if (own === undefined) throw new Error('It is claimed.');
    await world.index.createClaims(tenantId, [{ ...own, id: guidOf(77), ...changes }]);
    expect((await verified()).listed).toContainEqual(
      expect.objectContaining({ kind: 'rowUnexplained', detail }),
    );
  });

  it('is named in a month that was compacted', async () => {
    await forge('operation', asOther);
    const [layouts, files] = [createFakeMonthLayouts(), createFakeSegmentFiles()];
    const compacted = { tables: world.index, layouts, files, clock: { ms: 0 } };
    expect(await compactAll(compacted, tenantId)).toContain('cleaned');
    Object.assign(world.deps.index, createCompactedIndex(compacted));
    expect((await verified()).counts).toEqual({ rowUnexplained: 1 });
  });

  it('is named by whatever run continues after any state, once', async () => {
    await forge('ip', asOther);
    const states = await statesOf({});
    for (const state of states.slice(0, -1))
      expect((await statesOf({}, state)).at(-1)).toEqual(states.at(-1));
    expect(states.filter(({ phase }) => phase === 'index').length).toBeGreaterThan(dimensions.length);
  });

  it('may be named by a sample, which reads one page of each month and dimension', async () => {
    for (const dimension of dimensions)
      if ((await rowsOf(dimension)).length > 0) await forge(dimension, asOther);
    const samples = await Promise.all(['a', 'b', 'c', 'd'].map((seed) => verified({ mode: 'sample', seed })));
    expect(Math.max(...samples.map(({ counts }) => counts.rowUnexplained ?? 0))).toBeGreaterThan(0);
    expect(samples[0]).toEqual(await verified({ mode: 'sample', seed: 'a' }));
  });
});

describe('what fits a landing that exists', () => {
  const forgeClaim = async (id: string) => {
    const [own] = (await world.index.readClaims(tenantId, [guidOf(4)])).values();
    if (own === undefined) throw new Error('It is claimed.');
    await world.index.createClaims(tenantId, [{ ...own, id, line: 1 }]);
  };

  it('is named: a row that was forged together with its claim', async () => {
    const [row] = (await rowsOf('time')).filter(({ rowKey }) => rowKey.endsWith(guidOf(4)));
    if (row === undefined) throw new Error('It has rows.');
    await world.index.writeRows(tenantId, month, 'time', [asOther(row)]);
    await forgeClaim(guidOf(77));
    const { listed, counts } = await verified();
    expect(counts).toEqual({ claimDiffers: 1, rowUnexplained: 1 });
    const detail = 'no record of its landing has it';
    expect(listed).toContainEqual(expect.objectContaining({ recordId: guidOf(77), detail }));
  });

  it('is named: a claim alone, which would keep the record with its ID out of the index', async () => {
    await forgeClaim(guidOf(77));
    expect((await verified()).listed).toMatchObject([
      { kind: 'claimDiffers', detail: 'not those of its records' },
    ]);
  });

  it('is named: a further row of a record, with a summary of its own landing', async () => {
    const [row] = (await rowsOf('user')).filter(({ rowKey }) => rowKey.endsWith(guidOf(1)));
    const [own] = (await rowsOf('user')).filter(({ rowKey }) => rowKey.endsWith(guidOf(2)));
    if (row === undefined || own === undefined) throw new Error('They have rows.');
    const rowKey = `${own.rowKey.slice(0, 16)}${row.rowKey.slice(16)}`;
    await world.index.writeRows(tenantId, month, 'user', [{ ...own, rowKey }]);
    expect((await verified()).listed).toMatchObject([
      { kind: 'rowUnexplained', recordId: guidOf(1), detail: 'no record of its landing has it' },
    ]);
  });

  it('is named: a further row of a record, with the summary of a record of another landing', async () => {
    const [row] = (await rowsOf('user')).filter(({ rowKey }) => rowKey.endsWith(guidOf(4)));
    const [other] = (await rowsOf('user')).filter(({ rowKey }) => rowKey.endsWith(guidOf(3)));
    const [own] = (await rowsOf('user')).filter(({ rowKey }) => rowKey.endsWith(guidOf(2)));
    if (row === undefined || own === undefined) throw new Error('They have rows.');
    expect(other).toBeUndefined();
    const rowKey = `${own.rowKey.slice(0, 16)}${row.rowKey.slice(16)}`;
    await world.index.writeRows(tenantId, month, 'user', [{ ...own, rowKey }]);
    expect((await verified()).listed).toMatchObject([
      { kind: 'rowUnexplained', recordId: guidOf(4), detail: 'its claim names another landing' },
    ]);
  });
});

describe('a landing whose raw blob the retention deleted', () => {
  const retained = { rawFrom: '2026-04-01' };

  it('agrees if its claims and rows agree with each other, without a request for each', async () => {
    world.requests.claims = 0;
    expect((await verified({ retained })).counts).toEqual({});
    expect(world.requests.claims).toBe(16);
  });

  it.each(dimensions)('has a row in %s named that has no claim', async (dimension) => {
    if ((await rowsOf(dimension)).length === 0) return;
    await forge(dimension, asOther);
    expect((await verified({ retained })).listed).toMatchObject([
      { kind: 'rowUnexplained', detail: 'no claim' },
    ]);
  });
});

describe('what the retention deletes', () => {
  const retained = { from: new Date('2025-12-01T00:00:00Z') };
  const drop = async () => {
    await world.index.dropMonth(tenantId, '202511');
    await world.index.removeClaims(tenantId, retained.from, undefined);
  };

  it('does not count as a difference once it is announced, before and after', async () => {
    expect((await verified({ retained })).counts).toEqual({});
    await drop();
    expect((await verified({ retained })).counts).toEqual({});
  });

  it('is what the claim says: an earlier release that did not understand a record claimed it for a later time', async () => {
    world = createVerificationWorld();
    const landingId = await world.land([{ name: 'one', texts: [recordText(1), recordText(3, older)] }]);
    const claim = { line: 1, content: contentOf(recordText(3, older)), landing: landingNumber(landingId) };
    const inverted = invertedTime(timeOfLanding(landingId));
    await world.index.createClaims(tenantId, [{ ...claim, id: guidOf(3), inverted }]);
    await world.indexOne(landingId);
    expect((await verified()).counts).toEqual({});
    expect((await verified({ retained })).counts).toEqual({});
  });

  it('is one if nothing announced it', async () => {
    await drop();
    expect((await verified()).counts).toEqual({ claimMissing: 1 });
    expect((await verified({ retained: { from: new Date('2025-11-01T00:00:00Z') } })).counts).toEqual({
      claimMissing: 1,
    });
  });

  it('does not hide what is missing of the months that are kept', async () => {
    await drop();
    await world.index.dropMonth(tenantId, month);
    expect(Object.keys((await verified({ retained })).counts)).toEqual(['rowMissing']);
  });

  it.each([
    ['2026-03-11', {}],
    ['2026-03-10', { rawBlobMissing: 1 }],
    [undefined, { rawBlobMissing: 1 }],
  ])('includes raw blobs of the days before %s only', async (rawFrom, counts) => {
    const [first] = world.landings.all(tenantId);
    const { listed } = world.raw;
    world.deps.rawNames = {
      ...listed,
      names: async (...asked) =>
        (await listed.names(...asked)).filter((name) => name !== (first?.blobName ?? '')),
    };
    expect((await verified({ retained: { ...retained, rawFrom } })).counts).toEqual(counts);
  });
});
