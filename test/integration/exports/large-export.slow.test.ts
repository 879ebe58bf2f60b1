/** Many records in a separate process: bounded memory, and the same file after a kill. */
import { parse } from 'csv-parse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { inventedTexts } from '../../load/invented-tenant.ts';
import { sha256Of, startLoadWorld, type LoadWorld } from '../../load/world.ts';
import { sized } from '../../support/sizes.ts';

/** 8,000 are still four months, two blocks of a file, many pages and several messages; `npm run test:load` also exports half a million. */
const records = sized(8000, 20_000);
const allowedMb = 256;
/** No machine writes what is left after the kill in so short a time. */
const budgetMs = sized(50, 500);
const rowSchema = z.object({ AuditData: z.string() });
let world: LoadWorld;

beforeAll(async () => {
  world = await startLoadWorld(records, budgetMs);
}, 600_000);

afterAll(() => world.stop());

function* lines(): Generator<string> {
  for (const text of inventedTexts(records)) yield `${text}\n`;
}

describe(`an export of ${records} records`, () => {
  it('as NDJSON equals the result of a plain loop, although its process was killed', async () => {
    const { one, report } = await world.export('ndjson', records / 4);
    expect(one.status).toBe('Succeeded');
    expect(one.state.progress.records).toBe(records);
    expect(report.messages).toBeGreaterThan(1);
    expect(one.state.sha256).toBe(await sha256Of(lines()));
    expect(await sha256Of(await world.read(one))).toBe(one.state.sha256);
    expect(report.peakMb).toBeLessThanOrEqual(allowedMb);
  }, 600_000);

  it('as CSV contains every record once, in order, in bounded memory', async () => {
    const { one, report } = await world.export('csv');
    expect(one.status).toBe('Succeeded');
    const texts = inventedTexts(records);
    const parser = parse({ columns: true });
    void feed(parser, await world.read(one));
    let rows = 0;
    for await (const row of parser) {
      expect(rowSchema.parse(row).AuditData).toBe(texts.next().value);
      rows++;
    }
    expect(rows).toBe(records);
    expect(report.peakMb).toBeLessThanOrEqual(allowedMb);
  }, 600_000);
});

async function feed(parser: NodeJS.WritableStream, chunks: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of chunks) parser.write(chunk);
  parser.end();
}
