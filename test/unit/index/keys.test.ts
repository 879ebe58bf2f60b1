/** Keys of the index: order, round trips, and what they are made of. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dateOfInverted,
  dimensionKeys,
  hashesOf,
  indexTableName,
  invertedTime,
  monthOf,
  positionKey,
  tablePrefix,
  valueHash,
} from '../../../shared/index/keys.ts';

const moment = fc.date({ min: new Date(0), max: new Date(9_999_999_999_999), noInvalidDate: true });
const tenantId = '11111111-2222-4333-8444-555555555555';

/** As Table Storage orders keys: code unit by code unit. */
function inKeyOrder(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

describe('the inverted time', () => {
  it('has 13 digits and can be turned back', () => {
    fc.assert(
      fc.property(moment, (date) => {
        expect(invertedTime(date)).toMatch(/^\d{13}$/);
        expect(dateOfInverted(invertedTime(date))).toEqual(date);
      }),
    );
  });

  it('sorts newest first', () => {
    fc.assert(
      fc.property(fc.array(moment), (dates) => {
        const sorted = dates.map(invertedTime).sort(inKeyOrder).map(dateOfInverted);
        expect(sorted).toEqual(dates.toSorted((a, b) => b.getTime() - a.getTime()));
      }),
    );
  });

  it('is pinned, as rows are stored under it', () => {
    expect(invertedTime(new Date('2026-03-02T09:14:07.123Z'))).toBe('8227557152876');
  });
});

describe('the position of a record', () => {
  it('sorts by time before anything in the id', () => {
    fc.assert(
      fc.property(moment, moment, fc.string(), fc.string(), (one, other, id, otherId) => {
        fc.pre(one > other);
        expect(positionKey(one, id) < positionKey(other, otherId)).toBe(true);
      }),
    );
  });
});

describe('the month of a record', () => {
  it('is that of UTC', () => {
    expect(monthOf(new Date('2026-02-28T23:59:59.999Z'))).toBe('202602');
    expect(monthOf(new Date('2026-03-01T00:00:00Z'))).toBe('202603');
  });

  it('sorts by time', () => {
    fc.assert(
      fc.property(moment, moment, (one, other) => {
        fc.pre(one <= other);
        expect(monthOf(one) <= monthOf(other)).toBe(true);
        expect(monthOf(one)).toMatch(/^\d{6}$/);
      }),
    );
  });
});

describe('a table of the index', () => {
  it('has a valid name for Table Storage, which begins with the prefix of its tenant', () => {
    const name = indexTableName(tenantId, '202603');
    expect(name).toBe('audit11111111222243338444555555555555202603');
    expect(name).toMatch(/^[A-Za-z][A-Za-z0-9]{2,62}$/);
    expect(name.startsWith(tablePrefix(tenantId))).toBe(true);
  });
});

describe('the hash of a value', () => {
  it('is the same number in keys and in columns', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const { hex, int } = valueHash('userId', value);
        expect(BigInt.asUintN(64, int).toString(16).padStart(16, '0')).toBe(hex);
      }),
    );
  });

  it('is the same for values that count as the same', () => {
    expect(valueHash('userId', ' Ada@Contoso.example')).toEqual(valueHash('userId', 'ada@contoso.example'));
    expect(valueHash('siteUrl', 'https://Contoso.example/x/')).toEqual(
      valueHash('siteUrl', 'https://contoso.example/x'),
    );
    expect(valueHash('clientIp', '[192.0.2.1]:443')).toEqual(valueHash('clientIp', '192.0.2.1'));
  });

  it('differs between kinds of container', () => {
    const hashes = [valueHash('siteUrl', 'x'), valueHash('mailboxOwner', 'x'), valueHash('teamId', 'x')];
    expect(new Set(hashes.map(({ hex }) => hex)).size).toBe(3);
  });

  it('is pinned, as rows are stored under it', () => {
    expect(valueHash('userId', 'ada@contoso.example').hex).toBe('689ff7b2ca28a966');
  });
});

describe('the rows of a record', () => {
  const position = positionKey(new Date('2026-03-02T09:14:07Z'), 'x-1');

  it('are one by time when its content is empty', () => {
    expect(dimensionKeys(hashesOf({}), position)).toEqual([{ dimension: 'time', rowKey: position }]);
  });

  it('are one per value it can be found by, and one per container', () => {
    const summary = {
      userId: 'u',
      operation: 'o',
      objectId: 'b',
      clientIp: '192.0.2.1',
      service: 's',
      siteUrl: 'https://s',
      mailboxOwner: 'm',
      teamId: 't',
      resultStatus: 'r',
      recordType: 1,
    };
    const keys = dimensionKeys(hashesOf(summary), position);
    expect(keys.map(({ dimension }) => dimension).sort()).toEqual([
      'container',
      'container',
      'container',
      'ip',
      'object',
      'operation',
      'time',
      'user',
    ]);
    expect(new Set(keys.map(({ dimension, rowKey }) => `${dimension} ${rowKey}`)).size).toBe(8);
    for (const { dimension, rowKey } of keys.slice(1)) {
      expect([dimension, rowKey]).toEqual([dimension, expect.stringMatching(/^[0-9a-f]{16}_\d{13}_x-1$/)]);
    }
  });
});
