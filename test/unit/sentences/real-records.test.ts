/**
 * Real records, which are next to the project and do not belong to it; without them, this test says so and does
 * nothing.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../shared/json.ts';
import { parseRecord } from '../../../shared/records/audit-record.ts';
import { describe as describeRecord, textOf } from '../../../shared/sentences/describe.ts';

const file = fileURLToPath(new URL('../../../../shared/data/records-dev.ndjson', import.meta.url));
const isPresent = existsSync(file);
if (!isPresent) console.warn(`SKIPPED: ${file} does not exist, so nothing is tested with real records.`);

describe.skipIf(!isPresent)('real records', () => {
  it('mostly have a sentence of their own, and none is empty, long, or a dump of data', () => {
    const lines = isPresent
      ? readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
      : [];
    const all = lines.map((line) => describeRecord(parseRecord(Buffer.from(line)).summary, parseJson(line)));
    for (const { sentence } of all) expect(textOf(sentence)).toMatch(/^[^{}]{10,500}(?:\{[-\dA-F]+\}.*)?$/i);
    expect(all.filter(({ act }) => act !== 'other').length / all.length).toBeGreaterThan(0.8);
  });
});
