/**
 * Real records from the feed to the answer, compared with a plain loop over the file. The files are next to the project
 * and do not belong to it; without them this test says so and does nothing.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { ContentType } from '../../../shared/activity/content-types.ts';
import { readLines } from '../../../shared/index/read-lines.ts';
import { defaultLimits } from '../../../shared/query/reading/budget.ts';
import { derivedId, parseRecord } from '../../../shared/records/audit-record.ts';
import { contentNamed } from '../../support/content.ts';
import { sized } from '../../support/sizes.ts';
import { askPages, idsOf, listOf, type Page } from './asking.ts';
import { startPipeline, type DeliveredContent, type Pipeline } from './pipeline.ts';
import { isPicked, members, readPlainly, toQuery, type PlainRecord } from './plain-loop.ts';

const folder = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const recordsFile = `${folder}records-dev.ndjson`;
const edgeCasesFile = `${folder}edge-cases.ndjson`;
const present = [recordsFile, edgeCasesFile].filter((file) => existsSync(file));
for (const file of [recordsFile, edgeCasesFile]) {
  if (!present.includes(file))
    console.warn(`SKIPPED: ${file} does not exist, so nothing is tested with real records.`);
}

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
/** A tenth of a second to a second each. 40 new questions in every run still combine all filters, orders and page sizes. */
const questions = sized(40, 200);
const landedAt = new Date('2026-03-02T10:00:00Z');
const typeOfWorkload: Readonly<Record<string, ContentType>> = {
  AzureActiveDirectory: 'Audit.AzureActiveDirectory',
  Exchange: 'Audit.Exchange',
  SharePoint: 'Audit.SharePoint',
};

let pipeline: Pipeline;

beforeAll(async () => {
  pipeline = await startPipeline();
});

afterAll(() => pipeline.stop());

function linesOf(file: string): readonly Buffer[] {
  const lines = readFileSync(file, 'latin1').split('\n');
  return lines.filter((line) => line !== '').map((line) => Buffer.from(line, 'latin1'));
}

interface CutContent extends DeliveredContent {
  readonly lines: readonly Buffer[];
}

/** Content blobs of one line up to 90, each a minute younger than the one before. */
function cut(lines: readonly Buffer[]): readonly CutContent[] {
  const contents: CutContent[] = [];
  for (let at = 0; at < lines.length;) {
    const some = lines.slice(at, at + 1 + ((contents.length * 37) % 90));
    const created = new Date(landedAt.getTime() - 86_400_000 + contents.length * 60_000);
    const type = typeOfWorkload[readPlainly(some[0] ?? Buffer.alloc(0), created).values['service'] ?? ''];
    const comma = Buffer.from(',\r\n');
    const joined = some.flatMap((line, index) => (index === 0 ? [line] : [comma, line]));
    const body = Buffer.concat([Buffer.from('['), ...joined, Buffer.from(']')]);
    contents.push({
      content: contentNamed(`c${contents.length}`, created, type ?? 'Audit.General'),
      body,
      lines: some,
    });
    at += some.length;
  }
  return contents;
}

/** Lands in three landings, indexes them, and returns the content of the raw container afterwards. */
async function collect(tenantId: string, contents: readonly CutContent[]): Promise<readonly string[]> {
  const third = Math.ceil(contents.length / 3);
  const raw: string[] = [];
  for (const part of [0, 1, 2]) {
    const some = contents.slice(part * third, (part + 1) * third);
    if (some.length === 0) continue;
    for (const request of await pipeline.land(
      tenantId,
      some,
      new Date(landedAt.getTime() + part * 3_600_000),
    )) {
      const blob = await pipeline.raw.read(request.blobName);
      if (blob !== undefined)
        for await (const { bytes } of readLines(blob.body)) raw.push(bytes.toString('latin1'));
      await pipeline.indexOne(request);
    }
  }
  return raw;
}

/** Records with unique content, with the id each must be found by. */
async function identify(
  tenantId: string,
  contents: readonly CutContent[],
): Promise<ReadonlyMap<string, PlainRecord>> {
  const byContent = new Map<string, PlainRecord>();
  for (const { lines, content } of contents) {
    for (const line of lines) {
      const key = parseRecord(line).contentHash.toString('hex');
      if (!byContent.has(key)) byContent.set(key, readPlainly(line, content.contentCreated));
    }
  }
  const shared = groupBy([...byContent], ([, { line }]) => ownId(line));
  const byId = new Map<string, PlainRecord>();
  for (const [own, group] of shared) {
    // Of several contents with one Id, one bears it and the others a made-up one.
    const bearer = own === undefined || group.length === 1 ? undefined : await textOf(tenantId, own);
    for (const [hash, record] of group) {
      const bears = own !== undefined && (bearer === undefined || sameContent(bearer, record.line));
      byId.set(bears ? own : derivedId(Buffer.from(hash, 'hex')), record);
    }
  }
  expect(byId.size).toBe(byContent.size);
  return byId;
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function ownId(line: Buffer): string | undefined {
  const { Id } = z.object({ Id: z.guid().optional().catch(undefined) }).parse(JSON.parse(line.toString()));
  return Id?.toLowerCase();
}

function sameContent(one: Buffer, other: Buffer): boolean {
  return parseRecord(one).contentHash.equals(parseRecord(other).contentHash);
}

async function textOf(tenantId: string, id: string): Promise<Buffer> {
  const { status, body } = await pipeline.get(`tenants/${tenantId}/records/${id}/auditData`);
  expect([id, status]).toEqual([id, 200]);
  return body;
}

/** Ids in the order that pages must have: newest first, then by id. */
function expectedIds(
  byId: ReadonlyMap<string, PlainRecord>,
  asked: Readonly<Record<string, readonly string[]>>,
) {
  return [...byId]
    .filter(([, record]) => isPicked(record, asked))
    .sort(([a, one], [b, other]) => other.time - one.time || (a < b ? -1 : 1))
    .map(([id]) => id);
}

describe.runIf(present.includes(recordsFile))('real records', () => {
  let tenantId: string;
  let contents: readonly CutContent[];
  let raw: readonly string[];
  let byId: ReadonlyMap<string, PlainRecord>;

  beforeAll(async () => {
    tenantId = await pipeline.addTenant('Real records');
    contents = cut(linesOf(recordsFile));
    raw = await collect(tenantId, contents);
    byId = await identify(tenantId, contents);
  }, 240_000);

  it('are in the raw container byte for byte, each once', () => {
    const delivered = contents.flatMap(({ lines }) => lines.map((line) => line.toString('latin1')));
    expect(raw.toSorted()).toEqual(delivered.toSorted());
  });

  it('are all listed once, newest first', async () => {
    const pages = await askPages(pipeline, { tenantId, query: { top: '1000' } });
    expect(idsOf(pages)).toEqual(expectedIds(byId, {}));
  });

  it('are returned byte for byte', async () => {
    for (const [id, { line }] of [...byId].filter((_, at) => at % 150 === 0)) {
      expect((await textOf(tenantId, id)).equals(line)).toBe(true);
    }
  });

  it('are found as a plain loop over the file finds them, whatever the query', async () => {
    console.info(`real-records: SEED=${seed}`);
    const records = [...byId.values()];
    // Numbers, not records: a failure must not print the content of records.
    const pick = fc.nat(records.length - 1);
    const names = fc.uniqueArray(fc.constantFrom(...Object.keys(members), 'recordType'), {
      minLength: 1,
      maxLength: 3,
    });
    const hours = fc.constantFrom(0, 1, 24, 24 * 30, 24 * 400);
    const range = fc.option(fc.tuple(hours, hours), { nil: undefined });
    let hits = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.record({ pick, others: fc.array(pick, { maxLength: 3 }), names, range }),
        fc.constantFrom([1, 15] as const, [7, 40] as const, [1000, 100] as const),
        fc.constantFrom('desc', 'asc'),
        async ({ pick: at, others, names: wanted, range: around }, [top, maxPages], order) => {
          const base = records[at];
          const asked: Record<string, readonly string[]> = {};
          for (const name of wanted) {
            const values = [at, ...others].flatMap((number) => valueOf(records[number], name) ?? []);
            if (values.length > 0 && valueOf(base, name) !== undefined) asked[name] = [...new Set(values)];
          }
          // A star in a record is not a wildcard.
          if (asked['objectId']?.some((value) => value.includes('*')) === true) delete asked['objectId'];
          if (around !== undefined && base !== undefined) {
            asked['from'] = [new Date(base.time - around[0] * 3_600_000).toISOString()];
            asked['to'] = [new Date(base.time + around[1] * 3_600_000 + 1).toISOString()];
          }
          const orderby = `createdDateTime ${order}`;
          const query = { ...toQuery(asked, listOf), top: String(top), orderby };
          const expected = expectedIds(byId, asked);
          if (order === 'asc') expected.reverse();
          hits += Number(expected.length > 0);
          const pages = await askPages(pipeline, { tenantId, query, maxPages });
          const ids = idsOf(pages);
          // A page may end at its budget with fewer records, even none: only a query that ended is whole.
          const ended = pages.length < maxPages;
          expect(ids).toEqual(ended ? expected : expected.slice(0, ids.length));
          // Every page gets further than the one before it; each short page is checked to have spent its budget.
          // How full sparse pages are depends on the query: 7 records on 15 pages of one is the least seen.
          expect(new Set(pages.map(({ nextLink }) => nextLink)).size).toBe(pages.length);
          if (!ended) expect(ids.length).toBeGreaterThan((top * maxPages) / 3);
          expectSpent(pages, top);
        },
      ),
      { seed, numRuns: questions },
    );
    expect(hits).toBeGreaterThan(questions * 0.6);
  }, 600_000);
});

/** A short page with more to come has spent its requests, or its time: a loaded machine is slow. */
function expectSpent(pages: readonly Page[], top: number): void {
  for (const { nextLink, value, requests, duration } of pages) {
    const isShort = nextLink !== undefined && value.length < top;
    expect(!isShort || requests >= defaultLimits.scans || duration >= defaultLimits.ms).toBe(true);
  }
}

function valueOf(record: PlainRecord | undefined, name: string): string | undefined {
  return name === 'recordType' ? record?.recordType : record?.values[name];
}

describe.runIf(present.includes(edgeCasesFile))('odd real records', () => {
  it('are all kept, listed and returned byte for byte', async () => {
    const tenantId = await pipeline.addTenant('Odd records');
    const contents = cut(linesOf(edgeCasesFile));
    const raw = await collect(tenantId, contents);
    const delivered = contents.flatMap(({ lines }) => lines.map((line) => line.toString('latin1')));
    expect(raw.toSorted()).toEqual(delivered.toSorted());
    const byId = await identify(tenantId, contents);
    const pages = await askPages(pipeline, { tenantId, query: { top: '7' } });
    expect(idsOf(pages).toSorted()).toEqual([...byId.keys()].sort());
    for (const [id, { line }] of byId) {
      expect(sameContent(await textOf(tenantId, id), line)).toBe(true);
    }
  });
});
