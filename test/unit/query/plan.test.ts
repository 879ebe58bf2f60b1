/** Which partition answers a query. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueHash } from '../../../shared/index/keys.ts';
import type { RecordFilters } from '../../../shared/query/filters.ts';
import { planQuery } from '../../../shared/query/plan.ts';

const all = {
  objectId: ['file'],
  siteUrl: ['https://site'],
  mailbox: ['box'],
  clientIp: ['192.0.2.1'],
  users: ['ada'],
  operations: ['Send'],
  service: ['Exchange'],
  resultStatus: ['Failed'],
  recordType: [6],
} as const satisfies RecordFilters;

/** The rarest kind of value first. */
const order = [
  ['objectId', 'object', valueHash('objectId', 'file'), 'b'],
  ['siteUrl', 'container', valueHash('siteUrl', 'https://site'), 'w'],
  // Its column has only the value that is shown, and mailboxes are found by all names.
  ['mailbox', 'container', valueHash('mailboxOwner', 'box'), undefined],
  ['clientIp', 'ip', valueHash('clientIp', '192.0.2.1'), 'i'],
  ['users', 'user', valueHash('userId', 'ada'), 'u'],
  ['operations', 'operation', valueHash('operation', 'Send'), 'o'],
] as const;

describe('the plan of a query', () => {
  it.each(order.map((choice, at) => [choice[0], choice, order.slice(at + 1)] as const))(
    'reads by %s when the query has no rarer filter, and lets storage filter by the rest',
    (_, [name, dimension, hash], rest) => {
      const asked = [name, ...rest.map(([other]) => other)];
      const filters = Object.fromEntries(
        Object.entries(all).filter(([key]) => asked.some((one) => one === key)),
      );
      expect(planQuery(filters)).toEqual({
        dimension,
        keyPrefixes: [`${hash.hex}_`],
        // Records with several addresses have none of them in the column.
        where: rest.flatMap(([, , { int }, column]) =>
          column === undefined ? [] : [{ column, anyOf: column === 'i' ? [int, 0n] : [int] }],
        ),
        isExact: rest.every(([, , , column]) => column !== 'i' && column !== undefined),
      });
    },
  );

  it('reads by time where no filter has a partition', () => {
    const { service, resultStatus, recordType } = all;
    expect(planQuery({ service, resultStatus, recordType, from: new Date(0) })).toEqual({
      dimension: 'time',
      keyPrefixes: [''],
      where: [
        { column: 's', anyOf: [valueHash('service', 'Exchange').int] },
        { column: 'r', anyOf: [valueHash('resultStatus', 'Failed').int] },
        { column: 't', anyOf: [6] },
      ],
      isExact: true,
    });
    expect(planQuery({})).toEqual({ dimension: 'time', keyPrefixes: [''], where: [], isExact: true });
  });

  it('reads one stream per distinct value', () => {
    expect(planQuery({ users: ['ada', 'ADA ', 'bo'] }).keyPrefixes).toEqual(
      ['ada', 'bo'].map((user) => `${valueHash('userId', user).hex}_`),
    );
  });

  it("never puts a caller's text into a query", () => {
    const text = fc.string({ unit: 'binary', minLength: 1 });
    fc.assert(
      fc.property(text, text, text, (objectId, user, service) => {
        const { keyPrefixes, where } = planQuery({ objectId: [objectId], users: [user], service: [service] });
        expect(keyPrefixes.every((prefix) => /^[0-9a-f]{16}_$/.test(prefix))).toBe(true);
        expect(where.flatMap(({ anyOf }) => anyOf).every((value) => typeof value === 'bigint')).toBe(true);
      }),
    );
  });
});
