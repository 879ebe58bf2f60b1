import { expect, test } from 'vitest';
import { isObject, parseJson } from '../../../shared/json.ts';
import { demoTenants } from '../../simulator/demo/demo-tenants.ts';
import { evaluateMany, fiftyRules } from '../../support/detection/evaluate-many.ts';
import { watched } from '../../support/detection/watched.ts';

test('fifty rules are a few comparisons for a record, since most are of other operations', () => {
  const records = demoTenants(new Date('2026-09-15T13:20:00Z')).flatMap((tenant) =>
    tenant.records
      .map(({ text }) => parseJson(text))
      .filter(isObject)
      .map((fields) => watched(fields)),
  );
  const { comparisons, milliseconds } = evaluateMany(fiftyRules(), records);
  const each = (milliseconds * 1000) / records.length;
  console.log(
    `fifty rules: ${(comparisons / records.length).toFixed(1)} comparisons, ${each.toFixed(0)} µs a record`,
  );
  expect(comparisons / records.length).toBeLessThan(12);
});
