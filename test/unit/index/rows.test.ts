/** Index rows as Table Storage takes them. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unpackSummary, unpackText } from '../../../shared/index/packing.ts';
import { recordRows } from '../../../shared/index/rows.ts';
import { guidOf, placeRecord, tenantId } from './placed-records.ts';

const context = { tenantId, blobName: 'tenant=t/date=2026-03-02/landing.ndjson.gz' };

/** A binary property may have this many bytes. */
const maxPropertyBytes = 64 * 1024;

function noise(bytes: number): string {
  return randomBytes(bytes / 2).toString('hex');
}

describe('the rows of a record', () => {
  it('all have its summary, and the one by time has its exact text', () => {
    const placed = placeRecord(7, {
      Id: guidOf(1),
      UserId: 'ada@contoso.example',
      Operation: 'Send',
      N: '\u2028',
    });
    const rows = recordRows(placed, context);
    expect(rows.map(({ dimension }) => dimension)).toEqual(['time', 'operation', 'user']);
    for (const { dimension, row } of rows) {
      expect(unpackSummary(row.summary, tenantId).summary).toEqual(placed.record.summary);
      expect(row.text !== undefined).toBe(dimension === 'time');
    }
    expect(unpackText(rows[0]?.row.text ?? Buffer.alloc(0)).equals(placed.record.bytes)).toBe(true);
  });

  it('point to the raw blob if a text does not fit into a row', () => {
    const [time] = recordRows(placeRecord(7, { Id: guidOf(1), Data: noise(1024 * 1024) }), context);
    expect(time?.row).toMatchObject({ textAt: { blobName: context.blobName, line: 7 } });
    expect(time?.row.text).toBeUndefined();
  });

  it('hold a text of 1 MiB that packs small', () => {
    const [time] = recordRows(placeRecord(7, { Id: guidOf(1), Data: 'x'.repeat(1024 * 1024) }), context);
    expect(unpackText(time?.row.text ?? Buffer.alloc(0)).length).toBeGreaterThan(1024 * 1024);
  });

  it('are the same every time', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (fields) => {
        expect(recordRows(placeRecord(1, fields), context)).toEqual(
          recordRows(placeRecord(1, fields), context),
        );
      }),
    );
  });

  it.each(['ObjectId', 'UserId', 'ResultStatus'])('fit into Table Storage, however long %s is', (field) => {
    for (const { row } of recordRows(
      placeRecord(1, { Id: guidOf(1), [field]: noise(1024 * 1024) }),
      context,
    )) {
      expect(row.summary.length).toBeLessThan(maxPropertyBytes);
      expect(row.text?.length ?? 0).toBeLessThan(maxPropertyBytes);
      expect(row.rowKey.length).toBeLessThan(512);
    }
  });
});
