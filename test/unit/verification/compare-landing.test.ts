/** One landing, compared in all places: nothing differs by itself, and whatever is damaged is named. */
import { gunzipSync, gzipSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RawBlob } from '../../../shared/landing/raw-store.ts';
import { createLandingIndex } from '../../../shared/verification/landing-index.ts';
import { guidOf } from '../index/placed-records.ts';
import {
  createVerificationWorld,
  recordText,
  tenantId,
  type VerificationWorld,
} from './verification-world.ts';

const texts = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => recordText(from + at));

let world: VerificationWorld;
beforeEach(() => {
  world = createVerificationWorld();
});

const kindsOf = async (landingId: string) => (await world.compare(landingId)).counts;

/** The blob with its text, or its bytes, changed. */
function changed(blob: RawBlob, change: (bytes: Buffer) => Buffer): RawBlob {
  async function* body() {
    yield change(await buffer(blob.body));
  }
  return { ...blob, body: body() };
}
const withText = (blob: RawBlob, change: (text: string) => string) =>
  changed(blob, (bytes) => gzipSync(change(gunzipSync(bytes).toString('utf8'))));

/** Metadata as an earlier release wrote it. */
const withoutHash =
  (change: VerificationWorld['damage']['blob']): VerificationWorld['damage']['blob'] =>
  (blob, name) => {
    const metadata = Object.fromEntries(
      Object.entries(blob.metadata).filter(([key]) => key !== 'textsha256'),
    );
    return change({ ...blob, metadata }, name);
  };

function failed(): never {
  throw new Error('It is there.');
}

describe('an untouched landing', () => {
  it('agrees in all places, and says what was compared', async () => {
    const landing = await world.deliver([{ name: 'one', texts: texts(0, 30) }]);
    expect(await world.compare(landing)).toEqual({
      counts: {},
      listed: [],
      records: 30,
      rows: 150,
      isSound: true,
    });
  });

  it('agrees with duplicates, records that share an ID, and records that no one can read', async () => {
    const odd = [
      recordText(1),
      recordText(1),
      recordText(2, { n: 1 }),
      recordText(2, { n: 2 }),
      recordText(3, { CreationTime: 'yesterday' }),
      recordText(4, { Id: 'no GUID' }),
      '{"Operation":"nothing else"}',
    ];
    const first = await world.deliver([{ name: 'one', texts: odd }]);
    const again = await world.deliver([{ name: 'two', texts: [...odd.toReversed(), recordText(9)] }]);
    expect(await kindsOf(first)).toEqual({});
    expect(await kindsOf(again)).toEqual({});
  });

  it('agrees before it is indexed: what waits for the indexer is not compared with the index', async () => {
    const landing = await world.land([{ name: 'one', texts: texts(0, 3) }]);
    expect(await world.compare(landing)).toEqual({
      counts: {},
      listed: [],
      records: 3,
      rows: 0,
      isSound: true,
    });
  });

  it('agrees without its row when its content landed again, as after a host was killed', async () => {
    const orphan = await world.land([{ name: 'one', texts: texts(0, 3) }]);
    await world.deliver([{ name: 'one', texts: texts(0, 3) }]);
    expect((await world.compare(orphan, null)).counts).toEqual({});
  });

  it('agrees while the landing that claimed its duplicates waits for the indexer, or was just indexed', async () => {
    const owner = await world.deliver([{ name: 'one', texts: texts(0, 3) }]);
    const again = await world.deliver([{ name: 'two', texts: texts(0, 4) }]);
    const { landings } = world;
    // A host was killed between the claims and the rows.
    world.deps.isWaiting = createLandingIndex(
      {
        ids: (...asked) => landings.ids(...asked),
        rows: async (...asked) =>
          (await landings.rows(...asked)).map((row) =>
            row.landingId === owner ? { ...row, counts: undefined } : row,
          ),
      },
      tenantId,
    ).isWaiting;
    world.damage.row = (row) => (row.rowKey.endsWith(guidOf(3)) ? row : undefined);
    expect(await kindsOf(again)).toEqual({});
    world.deps.isWaiting = async (landing) => {
      world.damage.row = (row) => row;
      return await createLandingIndex(landings, tenantId).isWaiting(landing);
    };
    expect(await kindsOf(again)).toEqual({});
  });

  it('agrees when the ledger names the landing in which the content landed again', async () => {
    const first = await world.deliver([{ name: 'one', texts: texts(0, 3) }]);
    const again = await world.deliver([{ name: 'one', texts: texts(0, 3) }]);
    expect([await kindsOf(first), await kindsOf(again)]).toEqual([{}, {}]);
  });
});

describe('the raw blob', () => {
  it('is named when it is missing, truncated, or damaged', async () => {
    const landing = await world.deliver([{ name: 'one', texts: texts(0, 30) }]);
    const kindWith = async (blob: typeof world.damage.blob) => {
      world.damage.blob = blob;
      return await kindsOf(landing);
    };
    expect(await kindWith(() => undefined)).toEqual({ rawBlobMissing: 1 });
    expect(await kindWith((blob) => changed(blob, (bytes) => bytes.subarray(0, 100)))).toEqual({
      rawBlobTruncated: 1,
    });
    expect(await kindWith((blob) => changed(blob, () => Buffer.alloc(0)))).toEqual({ rawBlobTruncated: 1 });
    const flipped = (bytes: Buffer) => bytes.map((byte, at) => (at === bytes.length - 6 ? byte ^ 1 : byte));
    expect(await kindWith((blob) => changed(blob, (bytes) => Buffer.from(flipped(bytes))))).toEqual({
      rawBlobDamaged: 1,
    });
  });

  it('is named with the record when a letter of it was exchanged', async () => {
    const landing = await world.deliver([{ name: 'one', texts: texts(0, 30) }]);
    world.damage.blob = (blob) => withText(blob, (text) => text.replace('https://x/7', 'https://y/7'));
    const { counts, listed } = await world.compare(landing);
    expect(counts).toEqual({ textHashDiffers: 1, recordDiffers: 1 });
    expect(listed.slice(1)).toMatchObject([
      { kind: 'recordDiffers', recordId: guidOf(7), line: 7, landingId: landing },
    ]);
    // A landing of an earlier release has no hash: its claims still say what was indexed.
    const row = { ...((await world.rowOf(landing)) ?? failed()), textSha256: undefined };
    world.damage.blob = withoutHash(world.damage.blob);
    expect((await world.compare(landing, row)).counts).toMatchObject({ recordDiffers: 1 });
  });

  it('is named when a line is missing, and then the records say nothing against the index', async () => {
    const landing = await world.deliver([{ name: 'one', texts: texts(0, 30) }]);
    world.damage.blob = (blob) => withText(blob, (text) => text.slice(text.indexOf('\n') + 1));
    const { counts, listed } = await world.compare(landing);
    expect(Object.keys(counts).sort()).toEqual(['rawBlobDiffers', 'recordDiffers', 'textHashDiffers']);
    expect(listed[0]?.detail).toBe('records: 30 in metadata, 29 found');
  });

  it('is named when it is that of another landing', async () => {
    const landing = await world.deliver([{ name: 'one', texts: texts(0, 5) }]);
    const other = await world.deliver([{ name: 'two', texts: texts(5, 5) }]);
    const name = world.raw.names().find((one) => one.includes(other)) ?? '';
    const swapped = await world.raw.read(name);
    world.damage.blob = (blob, of) => (of === name ? blob : swapped);
    expect(await kindsOf(landing)).toMatchObject({ rawBlobDiffers: 1 });
  });
});

describe('the row of the landing', () => {
  it('is named when it is missing', async () => {
    const landing = await world.deliver([{ name: 'one', texts: texts(0, 5) }]);
    expect((await world.compare(landing, null)).counts).toEqual({ landingRowMissing: 1 });
  });

  it.each([
    [{ records: 4 }, 'records: 4 in the row, 5 found'],
    [{ bytes: 1 }, /^bytes: 1 in the row/],
    [{ blobName: 'other' }, 'blobName'],
    [{ counts: { indexed: 4, duplicates: 0 } }, 'indexed: 4 in the row, 5 found'],
    [{ counts: { indexed: 5, duplicates: 1 } }, 'duplicates: 1 in the row, 0 found'],
  ])('is named when it says something else: %j', async (changes, detail) => {
    const landing = await world.deliver([{ name: 'one', texts: texts(0, 5) }]);
    const row = (await world.rowOf(landing)) ?? failed();
    const { counts, listed } = await world.compare(landing, { ...row, ...changes });
    // The chain says so as well.
    expect(Object.keys(counts)).toEqual(['landingRowDiffers']);
    expect(listed[0]?.detail).toMatch(detail);
  });
});

describe('the ledger', () => {
  it('is named when it counts other records than landed', async () => {
    const landing = await world.deliver([
      { name: 'one', texts: texts(0, 5) },
      { name: 'two', texts: texts(5, 3) },
    ]);
    world.damage.settled = (row) =>
      row.receipt?.records === 3 ? { ...row, receipt: { ...row.receipt, records: 4 } } : row;
    const { counts, listed } = await world.compare(landing);
    expect(counts).toEqual({ ledgerRowDiffers: 1 });
    expect(listed[0]?.contentId).toContain('two$');
  });

  it('is named when it says another hash or size of a body, which no line of text could prove', async () => {
    const landing = await world.deliver([{ name: 'one', texts: texts(0, 5) }]);
    for (const change of [{ sha256: 'ab'.repeat(32) }, { bytes: 1 }]) {
      world.damage.settled = ({ receipt = failed(), ...row }) => ({
        ...row,
        receipt: { ...receipt, ...change },
      });
      expect(await kindsOf(landing)).toEqual({ ledgerRowDiffers: 1 });
    }
  });

  it('is named when a row is gone, or names a landing that does not exist', async () => {
    const landing = await world.deliver([{ name: 'one', texts: texts(0, 5) }]);
    world.damage.settled = () => undefined;
    expect(await kindsOf(landing)).toEqual({ ledgerRowMissing: 1 });
    world.damage.settled = (row) => ({ ...row, landingId: '20260101T000000000-0123456789abcdef' });
    expect(await kindsOf(landing)).toEqual({ ledgerRowMissing: 1 });
  });

  it('may have a content blob open of which only whole records landed', async () => {
    const landing = await world.deliver([{ name: 'one', texts: texts(0, 5) }]);
    const [row] = world.ledger.allSettled(tenantId);
    if (row === undefined) throw new Error('It is settled.');
    await world.ledger.defer(tenantId, [
      { ...row, state: 'rejected', nextAttemptAt: new Date(0), code: 'x' },
    ]);
    world.damage.settled = () => undefined;
    expect(await kindsOf(landing)).toEqual({});
  });
});

describe('claims', () => {
  it('are named when they are missing', async () => {
    const landing = await world.deliver([{ name: 'one', texts: texts(0, 5) }]);
    world.damage.claim = (claim) => (claim.id === guidOf(3) ? undefined : claim);
    const { counts, listed } = await world.compare(landing);
    expect(counts).toEqual({ claimMissing: 1 });
    expect(listed).toMatchObject([{ recordId: guidOf(3), line: 3 }]);
  });

  it.each([
    ['another line of the landing', { line: 4 }, 'claimDiffers'],
    ['a landing that does not exist', { landing: 12n }, 'ownerMissing'],
    ['another time', { inverted: '8226780000000' }, 'claimDiffers'],
    ['another content', { content: 1n }, 'recordDiffers'],
  ])('are named when they name %s', async (_what, changes, kind) => {
    const landing = await world.deliver([{ name: 'one', texts: texts(0, 5) }]);
    world.damage.claim = (claim) => (claim.id === guidOf(3) ? { ...claim, ...changes } : claim);
    expect(await kindsOf(landing)).toEqual({ [kind]: 1 });
  });

  it('are named when they name another landing than the one that was indexed', async () => {
    const landing = await world.deliver([{ name: 'one', texts: texts(0, 5) }]);
    await world.deliver([{ name: 'two', texts: texts(5, 5) }]);
    const other = (await world.index.readClaims(tenantId, [guidOf(6)])).get(guidOf(6));
    world.damage.claim = (claim) =>
      claim.id === guidOf(3) ? { ...claim, landing: other?.landing ?? 0n } : claim;
    expect(await kindsOf(landing)).toEqual({ claimDiffers: 1 });
  });
});

describe('rows of the index', () => {
  it('are named when they are missing: each of them', async () => {
    const landing = await world.deliver([{ name: 'one', texts: texts(0, 30) }]);
    world.damage.row = (row) => (row.rowKey.endsWith(guidOf(7)) ? undefined : row);
    const { counts, listed } = await world.compare(landing);
    expect(counts).toEqual({ rowMissing: 5 });
    expect(new Set(listed.map(({ recordId }) => recordId))).toEqual(new Set([guidOf(7)]));
    const tables = listed.map(({ table }) => table).sort();
    expect(tables).toEqual(['ip', 'object', 'operation', 'time', 'user'].map((one) => `202603 ${one}`));
  });

  it('are named when a duplicate is not found', async () => {
    await world.deliver([{ name: 'one', texts: texts(0, 5) }]);
    const again = await world.deliver([{ name: 'two', texts: texts(0, 6) }]);
    world.damage.row = (row) => (row.rowKey.endsWith(guidOf(3)) ? undefined : row);
    expect(await kindsOf(again)).toEqual({ rowMissing: 1 });
  });

  it.each([
    ['a column', { match: { o: 1n } }, /^columns .*o/],
    ['the text', { text: Buffer.from('damaged') }, 'text'],
    ['no text', { text: undefined }, 'text'],
    ['the summary', { summary: Buffer.from([1, 2, 3]) }, 'summary'],
  ])('are named when they differ in %s', async (_what, changes, detail) => {
    const landing = await world.deliver([{ name: 'one', texts: texts(0, 30) }]);
    world.damage.row = (row, dimension) =>
      dimension === 'time' && row.rowKey.endsWith(guidOf(7)) ? { ...row, ...changes } : row;
    const { counts, listed } = await world.compare(landing);
    expect(counts).toEqual({ rowDiffers: 1 });
    expect(listed[0]?.detail).toMatch(detail);
  });

  it('are counted all, and twenty of a kind are named', async () => {
    const landing = await world.deliver([{ name: 'one', texts: texts(0, 30) }]);
    world.damage.row = () => undefined;
    const { counts, listed } = await world.compare(landing);
    expect(counts).toEqual({ rowMissing: 150 });
    expect(listed).toHaveLength(20);
  });
});

describe('the cost', () => {
  it('is a request for each claim, and less than one for each row', async () => {
    const landing = await world.deliver([{ name: 'one', texts: texts(0, 1000) }]);
    world.requests.rows = world.requests.claims = 0;
    const { rows } = await world.compare(landing);
    expect(rows).toBe(5000);
    expect(world.requests.claims).toBe(1000);
    expect(world.requests.rows).toBeLessThan(1100);
  });
});
