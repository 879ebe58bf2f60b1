/** However rules are compiled together, each matches what it would match alone. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileCondition } from '../../../shared/detection/conditions/compile-condition.ts';
import type { Condition } from '../../../shared/detection/conditions/condition.ts';
import { createFields } from '../../../shared/detection/conditions/fields.ts';
import type { WatchedRecord } from '../../../shared/detection/conditions/watched-record.ts';
import { compileRules } from '../../../shared/detection/evaluate.ts';
import { createMatchReader, type Match } from '../../../shared/detection/match.ts';
import type { Rule, Trigger } from '../../../shared/detection/rule.ts';
import { watched } from '../../support/detection/watched.ts';

const operations = ['New-InboxRule', 'UserLoggedIn', 'FileDeleted', '', '<null>', '7'];
const users = ['anna@contoso.example', 'Bo@fabrikam.example', ''];
const addresses = ['192.0.2.7', '192.0.2.7:443', '2001:DB8::1', 'SERVER', ''];

const recordFields = fc.record(
  {
    Id: fc.uuid(),
    Operation: fc.oneof(
      fc.constantFrom<unknown>(...operations, 'new-inboxrule ', 7, null),
      fc.subarray(operations),
    ),
    UserId: fc.constantFrom<unknown>(...users, ' ANNA@contoso.example', null),
    ClientIP: fc.constantFrom(...addresses),
    ObjectId: fc.constantFrom('https://contoso.example/a/payroll.exe', 'café', '  a  ', '{"a": 1}'),
    ResultStatus: fc.constantFrom<unknown>('Succeeded', 'Failed', true, 0),
    Parameters: fc.array(
      fc.record({ Name: fc.constantFrom('ForwardTo', 'User'), Value: fc.constantFrom(...users, '3') }),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: ['Id'] },
);

const members = ['operation', 'Operation', 'userId', 'clientIp', 'clientNetwork', 'objectId', 'objectName'];
const member = fc.constantFrom(...members, 'Parameters', 'Parameters.ForwardTo', 'auditData', 'ResultStatus');
const someValues = fc.constantFrom(
  ...operations,
  ...users,
  ...addresses,
  'a',
  'PAYROLL',
  'Cafe\u0301',
  'True',
  0,
);
const values = fc.array(someValues, { minLength: 1, maxLength: 3 });

const comparison: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    op: fc.constantFrom('equals', 'contains', 'startsWith', 'endsWith', 'wildcard'),
    member,
    values,
    caseSensitive: fc.boolean(),
  }),
  fc.record({ op: fc.constant('equals'), member: fc.constantFrom('operation', 'Operation'), values }),
  fc.record({ op: fc.constant('regex'), member, values: fc.constant([String.raw`\.(exe|msi)$`]) }),
  fc.record({ op: fc.constant('cidr'), member, values: fc.constant(['192.0.2.0/24', '2001:db8::/32']) }),
  fc.record({ op: fc.constantFrom('exists', 'outside'), member }),
  fc.record({ op: fc.constantFrom('gt', 'le'), member, value: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ op: fc.constant('sameAs'), member, other: member }),
  fc.record({ op: fc.constant('keywords'), values: fc.constant(['payroll', 'café']) }),
  fc.record({
    op: fc.constant('filter'),
    filter: fc.constantFrom(
      `operation eq 'UserLoggedIn'`,
      `operation in ('FileDeleted', 'New-InboxRule') and contains(objectId, 'payroll')`,
    ),
  }),
);

const condition = fc.letrec<{ readonly condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    comparison,
    fc.record({ op: fc.constant('not'), condition: tie('condition') }),
    fc.record({
      op: fc.constantFrom('all', 'any'),
      conditions: fc.array(tie('condition'), { maxLength: 3 }),
    }),
  ),
})).condition;

const groupBy = fc.subarray(['userId', 'clientIp', 'Parameters.ForwardTo']);
const trigger: fc.Arbitrary<Trigger> = fc.oneof(
  fc.record({ kind: fc.constant('count'), atLeast: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ kind: fc.constant('distinct'), member, atLeast: fc.constant(2) }),
  fc.record({ kind: fc.constant('firstSeen'), member, days: fc.constant(7) }),
  fc.record({
    kind: fc.constant('sequence'),
    ordered: fc.boolean(),
    steps: fc.array(
      fc.record(
        { name: fc.constant('step'), condition, distinct: member, groupBy: fc.constant(['userId']) },
        { requiredKeys: ['name', 'condition'] },
      ),
      { minLength: 2, maxLength: 3 },
    ),
  }),
);

const rules: fc.Arbitrary<readonly Rule[]> = fc
  .array(
    fc.record({
      condition,
      trigger,
      groupBy,
      raiseTo: fc.array(fc.record({ severity: fc.constant('high'), condition }), { maxLength: 1 }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((all) =>
    all.map((one, at) => ({
      ...{ id: `${at}`, title: '', description: '', nextSteps: '', severity: 'low', window: 'PT1H' },
      ...one,
    })),
  );

/** Nothing is shared: neither readers, nor an index. */
function matchesAlone(rule: Rule, record: WatchedRecord): readonly Match[] {
  const compiling = { fields: createFields(), count: () => undefined };
  const [holds, read] = [compileCondition(rule.condition, compiling), createMatchReader(rule, compiling)];
  return holds(record) ? read(record) : [];
}

/** Without the record, whose text is functions. */
function dataOf({ rule, severity, group, groupKey, entries }: Match) {
  return { ruleId: rule.id, severity, group, groupKey, entries };
}

test('rules that are evaluated together match what each matches alone', () => {
  let found = 0;
  fc.assert(
    fc.property(rules, fc.array(recordFields, { minLength: 1, maxLength: 4 }), (all, delivered) => {
      const compiled = compileRules(all, (_, error) => {
        throw error;
      });
      for (const record of delivered.map((fields) => watched(fields))) {
        const { matches } = compiled.evaluate(record);
        found += matches.length;
        const alone = all.flatMap((rule) => matchesAlone(rule, record));
        expect(matches.map(dataOf)).toEqual(alone.map(dataOf));
      }
    }),
    { numRuns: 500 },
  );
  expect(found).toBeGreaterThan(100);
});
