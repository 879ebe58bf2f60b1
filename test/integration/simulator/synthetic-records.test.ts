/** Synthetic records for benchmarks. */

import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { generateRecords } from '../../simulator/synthetic-records.ts';

const now = new Date('2026-03-10T12:00:00Z');
const options = { tenantId: 'a3c5e7f9-1b2d-4f60-8a7c-9e0d1c2b3a41', count: 5000, seed: 3, now };
const schema = z.object({ Id: z.guid(), UserId: z.email(), Operation: z.string(), CreationTime: z.string() });

const records = [...generateRecords(options)];
const parsed = records.map(({ text }) => schema.parse(JSON.parse(text)));

describe('synthetic records', () => {
  it('are the same only for the same seed', () => {
    const texts = [...generateRecords({ ...options, count: 10 })].map(({ text }) => text);
    expect([...generateRecords({ ...options, count: 10 })].map(({ text }) => text)).toEqual(texts);
    expect([...generateRecords({ ...options, count: 10, seed: 4 })].map(({ text }) => text)).not.toEqual(
      texts,
    );
  });

  it('have about 890 bytes on average', () => {
    const bytes = records.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    expect(Math.abs(bytes / records.length - 890)).toBeLessThan(30);
  });

  it('have unique IDs, 200 users, and many operations', () => {
    expect(new Set(parsed.map(({ Id }) => Id)).size).toBe(records.length);
    expect(new Set(parsed.map(({ UserId }) => UserId)).size).toBe(200);
    expect(new Set(parsed.map(({ Operation }) => Operation)).size).toBeGreaterThan(20);
  });

  it('happened in the last 30 days, before they became available, in no particular order', () => {
    const times = parsed.map(({ CreationTime }) => Date.parse(`${CreationTime}Z`));
    expect(Math.min(...times)).toBeGreaterThan(now.getTime() - 30 * 86_400_000 - 1000);
    expect(times.every((time, index) => time < (records[index]?.availableAt.getTime() ?? 0))).toBe(true);
    expect(times).not.toEqual(times.toSorted((left, right) => left - right));
  });
});
