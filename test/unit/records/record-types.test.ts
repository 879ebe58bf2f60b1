/** Numbers and names of record types and user types. */
import { describe, expect, it } from 'vitest';
import { codeNumbers, recordTypeName, userTypeName } from '../../../shared/records/record-types.ts';

describe('a record type', () => {
  it('keeps its name when converted to its number and back', () => {
    for (let number = 1; number <= 475; number++) {
      const name = recordTypeName(number);
      expect(recordTypeName(codeNumbers.recordType(name.toLowerCase())[0] ?? 0)).toBe(name);
    }
  });

  it('is shown as its number when it has no name', () => {
    expect(recordTypeName(98_765)).toBe('98765');
    expect(codeNumbers.recordType('98765')).toEqual([98_765]);
    expect(codeNumbers.recordType(' -7 ')).toEqual([-7]);
  });

  it.each(['', 'NobodyKnows', '1.5', '0x1', '1e3', '99999999999', '2147483648', 'constructor', '__proto__'])(
    'is not read from %j',
    (text) => {
      expect(codeNumbers.recordType(text)).toEqual([]);
      expect(codeNumbers.userType(text)).toEqual([]);
    },
  );
});

describe('a user type', () => {
  it.each([
    [0, 'Regular'],
    [2, 'Admin'],
    [5, 'Application'],
    [10, 'Guest'],
  ])('%i is %s, in any casing', (number, name) => {
    expect(userTypeName(number)).toBe(name);
    expect(codeNumbers.userType(name.toUpperCase())).toEqual([number]);
  });

  it.each([11, -1, 1000])('%i is shown as a number', (number) => {
    expect(userTypeName(number)).toBe(String(number));
    expect(codeNumbers.userType(String(number))).toEqual([number]);
  });
});
