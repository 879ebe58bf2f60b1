import { expect, it } from 'vitest';
import { dryRun } from '../../../shared/detection/dry-run.ts';
import { ownRuleSchema, ruleOf } from '../../../shared/detection/own-rule.ts';
import { fabrikamId, tenantNamed } from '../../support/tenants.ts';
import { watched } from '../../support/detection/watched.ts';

it('ends after a minute within a page, too', async () => {
  const { record } = watched({ Operation: 'FileDeleted', UserId: 'anna@fabrikam.example' });
  const rule = ruleOf('r', ownRuleSchema.parse({ title: 'x', filter: "operation eq 'FileDeleted'" }));
  let seconds = 0;
  const text = async () => {
    seconds += 10;
    return await Promise.resolve(Buffer.from('{}'));
  };
  const records = Array.from({ length: 500 }, () => ({
    record: { ...record, tenantId: fabrikamId, isLegacy: false },
    text,
  }));
  const pages = { page: async () => await Promise.resolve({ records, next: 'more' }) };
  const now = () => new Date(Date.UTC(2026, 2, 2, 8) + seconds * 1000);
  const tenants = [
    { ...tenantNamed('Fabrikam', { tenantId: fabrikamId }), etag: '', leasedUntil: undefined },
  ];
  const { tenants: tried } = await dryRun({ pages, now }, { rules: [rule], tenants, days: 7 });
  expect(tried).toMatchObject([{ recordsRead: 6, matches: 6 }]);
});
