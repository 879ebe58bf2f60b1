/** The contents of content blobs, and how a tenant's records are split into them. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cutContent } from '../../simulator/activity/cut-content.ts';
import { countDistinct } from '../../simulator/count-distinct.ts';
import { createRandom } from '../../simulator/random.ts';
import type { SimulatedRecord } from '../../simulator/tenant.ts';
import {
  contentPath,
  fabrikam,
  feedPath,
  itemsOf,
  json,
  refusalOf,
  startClient,
  tenantOf,
  type SimulatorClient,
} from './simulator-client.ts';

const dayMs = 24 * 60 * 60 * 1000;
const oddText = '{ "Id":"1", "Big": 12345678901234567890, "Slash":"\\/", "Umlaut":"\\u00fc\u2028" }';

let client: SimulatorClient;

beforeEach(async () => {
  client = await startClient();
});

afterEach(() => client.stop());

const add = (content: Parameters<SimulatorClient['simulator']['addContent']>[1]): string =>
  client.simulator.addContent(fabrikam, content).join('');

const addTexts = (...texts: readonly string[]): string =>
  add({ kind: 'records', contentType: 'Audit.General', texts: [...texts] });

const fetchBlob = (contentId: string) => client.get(feedPath(`audit/${contentId}`));

describe('a content blob', () => {
  it('contains the exact texts of its records', async () => {
    const { data, headers } = await fetchBlob(addTexts(oddText, '{"Id":"2"}'));
    expect(data).toBe(`[${oddText},{"Id":"2"}]`);
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      server: 'Microsoft-IIS/10.0',
      'cache-control': 'no-cache',
    });
  });

  it('may separate its records with line breaks', async () => {
    const contentId = add({
      kind: 'records',
      contentType: 'Audit.General',
      texts: ['{}', '{}'],
      lineBreaks: true,
    });
    expect((await fetchBlob(contentId)).data).toBe('[{},\r\n{}]');
  });

  it.each(['{', '{}', '<html></html>', '[{"Id":"1"},{"Id"', ''])('may be arbitrary: %s', async (text) => {
    const contentId = add({ kind: 'raw', contentType: 'Audit.General', body: { text } });
    expect((await fetchBlob(contentId)).data).toBe(text);
  });

  it('may contain a record of one mebibyte', async () => {
    const text = JSON.stringify({ Id: 'large', Filler: 'x'.repeat(1024 * 1024) });
    expect((await fetchBlob(addTexts(text))).data).toBe(`[${text}]`);
  });

  it('does not exist after its expiration', async () => {
    const contentId = addTexts('{}');
    client.simulator.moveClock(19 * dayMs);
    expect((await fetchBlob(contentId)).status).toBe(200);
    client.simulator.moveClock(21 * dayMs);
    expect(refusalOf(await fetchBlob(contentId))).toBe('400 AF20051');
  });

  it('is refused if it never existed', async () => {
    expect(refusalOf(await fetchBlob('1$2$audit_general$Audit_General$na0020'))).toBe('404 AF20050');
    expect(refusalOf(await fetchBlob('nonsense'))).toBe('400 AF20052');
  });

  it('contains half of its records until it has settled', async () => {
    client.simulator.changeSettings({ settleMs: 60_000 });
    const contentId = addTexts('{"Id":"1"}', '{"Id":"2"}', '{"Id":"3"}', '{"Id":"4"}');
    expect(json(await fetchBlob(contentId))).toHaveLength(2);
    client.simulator.moveClock(61_000);
    expect(json(await fetchBlob(contentId))).toHaveLength(4);
  });

  it('gets a different ID when content is redelivered', async () => {
    const first = addTexts(oddText);
    client.simulator.moveClock(5 * dayMs);
    const second = add({ kind: 'redelivery', contentIds: [first] });
    expect(second).not.toBe(first);
    expect((await fetchBlob(second)).data).toBe(`[${oddText}]`);
    expect(client.simulator.delivered(fabrikam)).toEqual({ contentBlobs: 2, records: 2, distinctRecords: 1 });
  });

  it('of generated records is the same whether it is stored or streamed', async () => {
    const generated = {
      kind: 'generated',
      blobs: 1,
      recordsPerBlob: 500,
      to: new Date().toISOString(),
    } as const;
    const [kept, streamed] = [add(generated), add({ ...generated, stream: true })];
    const texts = [await fetchBlob(kept), await fetchBlob(streamed)].map(({ data }) => data);
    expect(texts[0]).toBe(texts[1]);
    expect(JSON.parse(texts[0] ?? '')).toHaveLength(500);
  });
});

describe("a tenant's records", () => {
  const tenantId = 'e5e7f90b-3d4f-4182-8c9e-b02f3e4d5c63';
  const records = Array.from({ length: 1000 }, (_, index): SimulatedRecord => ({
    contentType: index % 3 === 0 ? 'Audit.Exchange' : 'Audit.General',
    text: `{"Id":"${index}","Big":90071992547409931,"Name":"n"}`,
    availableAt: new Date(Date.now() - (1000 - index) * 60_000),
  }));

  const fetchAll = async (): Promise<readonly { contentCreated: string; texts: readonly string[] }[]> => {
    const blobs = client.simulator.published(tenantId);
    return Promise.all(
      blobs.map(async ({ contentId, contentCreated }) => {
        const { data } = await client.get(feedPath(`audit/${contentId}`, tenantId), { tenantId });
        return { contentCreated, texts: data.slice(1, -1).split(/(?<=\}),/) };
      }),
    );
  };

  it('are all delivered, some of them twice, and some of those with a different key order', async () => {
    client.simulator.addTenant(tenantOf(tenantId, { records }));
    const texts = (await fetchAll()).flatMap((blob) => blob.texts);
    const originals = new Set(records.map(({ text }) => text));
    expect(records.every(({ text }) => texts.includes(text))).toBe(true);
    expect(texts.length).toBeGreaterThan(records.length);
    expect(countDistinct(texts)).toBe(records.length);
    const reordered = texts.filter((text) => !originals.has(text));
    expect(reordered.length).toBeGreaterThan(0);
    expect(reordered.every((text) => text.includes('90071992547409931'))).toBe(true);
    const { records: count, distinctRecords } = client.simulator.delivered(tenantId);
    expect([count, distinctRecords]).toEqual([texts.length, records.length]);
  });

  it('are in content that was not created before they became available', async () => {
    client.simulator.addTenant(tenantOf(tenantId, { records }));
    const availableAt = new Map(records.map((record) => [record.text, record.availableAt]));
    for (const { contentCreated, texts } of await fetchAll()) {
      for (const text of texts) {
        expect(Date.parse(contentCreated)).toBeGreaterThanOrEqual(availableAt.get(text)?.getTime() ?? 0);
      }
    }
  });

  it('are split into content blobs of many sizes', async () => {
    client.simulator.addTenant(tenantOf(tenantId, { records }));
    const sizes = new Set((await fetchAll()).map(({ texts }) => texts.length));
    expect(sizes.size).toBeGreaterThan(3);
    expect(Math.max(...sizes)).toBeLessThan(250);
  });

  it('that became available long ago are still within the last 7 days', async () => {
    const old = records.map((record) => ({ ...record, availableAt: new Date(Date.now() - 90 * dayMs) }));
    client.simulator.addTenant(tenantOf(tenantId, { records: old }));
    for (const { contentCreated } of await fetchAll()) {
      expect(Date.parse(contentCreated)).toBeGreaterThan(Date.now() - 7 * dayMs);
    }
  });

  it('are split in the same way only for the same seed', () => {
    const now = new Date();
    const limits = {
      now,
      duplicateShare: 0.05,
      exactCopies: false,
      maxRecords: 200,
      maxBytes: 4096,
      layout: { lineBreaks: false },
    };
    const cut = (seed: number): readonly string[] =>
      cutContent(records, { ...limits, random: createRandom(seed) }).flatMap(({ body }) => [
        '[',
        ...body.recordTexts(),
        ']',
      ]);
    expect(cut(1)).toEqual(cut(1));
    expect(cut(1)).not.toEqual(cut(2));
  });

  it('deliver records twice with exactly the same text if the tenant wants exact copies', () => {
    const limits = { now: new Date(), maxRecords: 20, maxBytes: 4096, layout: { lineBreaks: false } };
    const given = new Set(records.map(({ text }) => text));
    const delivered = (exactCopies: boolean) =>
      cutContent(records, { ...limits, random: createRandom(1), duplicateShare: 1, exactCopies }).flatMap(
        ({ body }) => [...body.recordTexts()],
      );
    expect(delivered(true).filter((text) => !given.has(text))).toEqual([]);
    expect(delivered(true).length).toBeGreaterThan(records.length);
    expect(delivered(false).filter((text) => !given.has(text))).not.toEqual([]);
  });

  it("do not exceed a content blob's byte limit, unless a single record does", () => {
    const large: SimulatedRecord = {
      contentType: 'DLP.All',
      text: `{"Id":"${'x'.repeat(5000)}"}`,
      availableAt: new Date(),
    };
    const limits = { maxRecords: 200, maxBytes: 4096, layout: { lineBreaks: true } };
    const random = createRandom(1);
    const drafts = cutContent([...records, large], {
      ...limits,
      now: new Date(),
      random,
      duplicateShare: 0,
      exactCopies: false,
    });
    for (const { body } of drafts) {
      const bytes = body.whole();
      expect(body.recordCount === 1 || (Buffer.isBuffer(bytes) && bytes.length <= 4096)).toBe(true);
    }
  });
});

describe('listing and fetching', () => {
  it('work together through contentUri', async () => {
    await client.subscribe('Audit.General');
    addTexts('{"Id":"1"}');
    const [item] = itemsOf(await client.get(contentPath('Audit.General')));
    expect(json(await client.get(item?.contentUri ?? ''))).toEqual([{ Id: '1' }]);
  });
});
