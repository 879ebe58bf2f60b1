/** Findings are made while landings are indexed. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUnnotified } from '../../../shared/detection/finding.ts';
import { createGroupLimit } from '../../../shared/detection/group-limit.ts';
import { createRecordMatcher } from '../../../shared/detection/watch-landing.ts';
import { createFaults } from '../../support/faults.ts';
import { fabrikamId } from '../../support/tenants.ts';
import { createWatchWorld, now, standing, start, type Told } from '../../support/detection/watch-world.ts';

const inboxRules = { filter: "operation eq 'New-InboxRule'" };
const each = { ...inboxRules, title: 'Each', window: 'PT10M' };
const three = { ...inboxRules, title: 'Three', window: 'PT10M', trigger: { kind: 'count', atLeast: 3 } };
const twoAddresses = {
  ...{ ...inboxRules, title: 'Two addresses', severity: 'low', window: 'PT20M' },
  trigger: { kind: 'distinct', member: 'clientIp', atLeast: 2 },
  raiseTo: [{ severity: 'critical', condition: { op: 'equals', member: 'clientIp', values: ['192.0.2.3'] } }],
};
const newAddress = {
  ...{ ...inboxRules, title: 'New address', window: 'PT1H' },
  trigger: { kind: 'firstSeen', member: 'clientIp', days: 1, newGroups: 'fire' },
};
const minutes = (...all: readonly number[]): Told[] => all.map((minute) => ({ minute }));

describe('a landing without matches', () => {
  it('costs no storage operation for watches, except one reading of all rules a minute', async () => {
    const world = await createWatchWorld([each, three, twoAddresses, newAddress]);
    const faults = createFaults();
    const host = world.hostWith(faults);
    const others = [{ minute: 1, operation: 'FileAccessed' }];
    await host(await world.land(others));
    const isOfWatches = (step: string) => /^(watches|tenants|groupStates|findings|queues)\./.test(step);
    expect(faults.steps.filter(isOfWatches)).toEqual(['watches.list', 'tenants.list']);
    for (let minute = 2; minute < 20; minute++) await host(await world.land([{ ...others[0], minute }]));
    expect(faults.steps.filter(isOfWatches)).toHaveLength(2);
    world.clock.ms += 60_000;
    await host(await world.land([{ ...others[0], minute: 30 }]));
    expect(faults.steps.filter(isOfWatches)).toHaveLength(4);
  });

  it('costs one list a minute while there are no watches', async () => {
    const world = await createWatchWorld([]);
    const faults = createFaults();
    await world.hostWith(faults)(await world.land(minutes(1, 2, 3)));
    expect(faults.steps.filter((step) => /^(watches|tenants|groupStates)\./.test(step))).toEqual([
      'watches.list',
    ]);
  });
});

describe('a rule whose match cannot be used', () => {
  it('is reported, and stops neither others nor the landing', async () => {
    const world = await createWatchWorld([each, three]);
    const failures: string[] = [];
    const rules = await world.rulesOf(fabrikamId);
    if (rules === undefined) throw new Error('There are no rules.');
    const matcher = createRecordMatcher(
      {
        ...rules,
        appliedBy: (rule) => {
          if (rule.title === 'Each') throw new Error('No.');
          return rules.appliedBy(rule);
        },
        onFailure: ({ title }) => failures.push(title),
      },
      { tenantId: fabrikamId, now: () => now, limit: createGroupLimit() },
    );
    const [delivered] = await world.deliveredOf(minutes(1));
    if (delivered === undefined) throw new Error('There is no record.');
    expect(matcher(delivered).map(({ applied }) => applied.rule.title)).toEqual(['Three']);
    expect(failures).toEqual(['Each']);
  });
});

describe('a finding', () => {
  it('says what happened, in the words of its first record, and is announced once it is stored', async () => {
    const world = await createWatchWorld([three]);
    await world.index(await world.land(minutes(1, 2)));
    expect(await world.findings.list(undefined, {}, 10)).toEqual([]);
    await world.index(await world.land(minutes(3, 4)));
    const [finding] = await world.findings.list(undefined, {}, 10);
    expect(finding).toMatchObject({
      ...{ rule: { title: 'Three' }, severity: 'medium', state: 'new', count: 4, countIsExact: true },
      group: [{ member: 'userId', value: 'anna@fabrikam.example' }],
      firstDateTime: new Date(start + 60_000),
      lastDateTime: new Date(start + 4 * 60_000),
      ...{ notification: 'due', revision: 1, notifiedRevision: 0 },
    });
    expect(finding?.sentence).toMatch(/^.*anna@fabrikam\.example.* and 3 more records$/u);
    expect(finding?.records).toHaveLength(4);
    const { tenantId, findingId } = finding ?? {};
    expect(world.queue.messages).toEqual([{ version: 1, tenantId, findingId, revision: 1 }]);
  });

  it('fits into its row, however long the values are that its records share', async () => {
    const world = await createWatchWorld([{ ...each, groupBy: ['userId', 'UserId', 'auditData/UserId'] }]);
    const user = Array.from({ length: 3000 }, () => randomUUID()).join('');
    await world.index(await world.land([{ minute: 1, user }]));
    const [finding] = await world.findings.list(undefined, {}, 10);
    expect(finding?.group.map(({ value }) => value.length)).toEqual([1000, 1000, 1000]);
  });

  it('of imported or old records is made, and not notified of', async () => {
    const world = await createWatchWorld([each]);
    await world.index(await world.land(minutes(1), { importid: 'i' }));
    await world.index(await world.land(minutes(-60 * 24 * 8)));
    const found = await world.findings.list(undefined, {}, 10);
    expect(found.map(({ notification }) => notification)).toEqual(['tooOld', 'tooOld']);
    expect(world.queue.messages).toEqual([]);
    await world.index(await world.land(minutes(2)));
    expect(world.queue.messages).toHaveLength(1);
  });

  it('has the severity of its watch, if that has one', async () => {
    const world = await createWatchWorld([twoAddresses], { severity: 'informational' });
    await world.index(await world.land([{ minute: 1, ip: '192.0.2.3' }, { minute: 2 }]));
    expect(await world.findings.list(undefined, {}, 10)).toMatchObject([{ severity: 'informational' }]);
  });

  it('is not made of what the watch passes over, until that ends, by the times of records', async () => {
    const suppression = {
      ...{ suppressionId: 's', reason: 'Known.', createdBy: 'key', createdDateTime: now },
      ...{ member: 'clientIp', values: ['192.0.2.0/31', '198.51.100.7'] },
      endDateTime: new Date(start + 10 * 60_000),
    };
    const world = await createWatchWorld([each], {
      suppressions: [
        { ...suppression, tenantId: fabrikamId },
        { ...suppression, tenantId: 'another', values: ['192.0.2.2'] },
      ],
    });
    const told = ['192.0.2.1', '198.51.100.7', '192.0.2.2'].map((ip) => ({ minute: 1, ip }));
    await world.index(await world.land([...told, { minute: 10 }]));
    const times = (await world.findings.list(undefined, {}, 10)).map((one) => [one.count, one.firstDateTime]);
    expect(times).toEqual([[2, new Date(start + 60_000)]]);
  });
});

describe('a rule that fails', () => {
  const broken = { title: 'Broken', condition: { op: 'equals', member: 'userId', values: [{}] } };

  it('stops neither indexing nor other rules, and its watch shows the cause', async () => {
    const world = await createWatchWorld([each]);
    const [watch] = await world.watches.list();
    if (watch === undefined) throw new Error('There is a watch.');
    await world.watches.create({ ...watch, watchId: 'broken', source: { kind: 'rule', rule: broken } });
    const host = world.hostWith(createFaults());
    expect(await host(await world.land(minutes(1)))).toMatchObject({ indexed: 1 });
    expect(await world.findings.list(undefined, {}, 10)).toHaveLength(1);
    world.clock.ms += 60_000;
    await host(await world.land(minutes(30)));
    expect((await world.watches.get('broken'))?.failure).toMatchObject({ since: now });
  });

  it('leaves room in its watch, which is stored with the cause, however long that is', async () => {
    const world = await createWatchWorld([each]);
    const [watch] = await world.watches.list();
    if (watch === undefined) throw new Error('There is a watch.');
    const source = { kind: 'rule', rule: { ...broken, ['x'.repeat(40_000)]: 1 } } as const;
    await world.watches.create({ ...watch, watchId: 'long', source });
    const host = world.hostWith(createFaults());
    await host(await world.land(minutes(1)));
    world.clock.ms += 60_000;
    await host(await world.land(minutes(30)));
    const { cause = '' } = (await world.watches.get('long'))?.failure ?? {};
    expect([cause.length, cause.slice(-18)]).toEqual([1000, 'characters in all)']);
  });
});

describe('the states of groups', () => {
  const stepsOf = async (world: Awaited<ReturnType<typeof createWatchWorld>>, told: readonly Told[]) => {
    const faults = createFaults();
    await world.hostWith(faults)(await world.land(told));
    return faults.steps.filter((step) => step.startsWith('groupStates.'));
  };

  it('are written 32 at a time', async () => {
    const world = await createWatchWorld([three]);
    const told = Array.from({ length: 64 }, (_, at) => ({ minute: at, user: `u${at}` }));
    const steps = await stepsOf(world, told);
    expect(steps.filter((step) => step === 'groupStates.get')).toHaveLength(64);
    expect(steps.filter((step) => step !== 'groupStates.get')).toEqual(Array(2).fill('groupStates.writeAll'));
  });

  it('are not written if nothing is new, such as another record of a day from a known address', async () => {
    const world = await createWatchWorld([newAddress]);
    expect(await stepsOf(world, minutes(1))).toEqual(['groupStates.get', 'groupStates.create']);
    expect(await stepsOf(world, minutes(2, 3))).toEqual(['groupStates.get']);
    expect(await stepsOf(world, [{ minute: 4, ip: '192.0.2.9' }])).toContain('groupStates.replace');
  });
});

describe('findings', () => {
  it('number as many groups as there are, with many more matches than are held at once', async () => {
    const world = await createWatchWorld([each]);
    const told = Array.from({ length: 2500 }, (_, at) => ({
      minute: 1 + (at % 7),
      user: `u${at % 400}`,
      ip: `192.0.2.${at % 250}`,
    }));
    await world.index(await world.land(told));
    const found = await world.findings.list(undefined, {}, 1000);
    expect(found).toHaveLength(400);
    expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(2500);
  });

  it('are as if all had come once and in order, whatever the order, the repeats, and the ends of hosts', async () => {
    const told = fc.record({
      minute: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 4000 })),
      user: fc.constantFrom('anna', 'bo'),
      ip: fc.constantFrom('192.0.2.1', '192.0.2.2', '192.0.2.3'),
    });
    const ends = fc.array(fc.record({ step: fc.nat(40), after: fc.boolean() }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(told, { minLength: 1, maxLength: 24, selector: (one) => JSON.stringify(one) }),
        fc.array(fc.nat(5), { minLength: 24, maxLength: 24 }),
        fc.array(fc.nat(5), { maxLength: 4 }),
        ends,
        async (all, places, again, crashes) => {
          const rules = [each, three, twoAddresses, newAddress];
          const [whole, other] = [await createWatchWorld(rules), await createWatchWorld(rules)];
          await whole.index(await whole.land(all.toSorted((a, b) => a.minute - b.minute)));
          const landings: Told[][] = [[], [], [], [], [], []];
          for (const [at, one] of all.entries()) landings[places[at] ?? 0]?.push(one);
          // Others deliver what one has delivered, too.
          for (const place of again) landings[(place + 1) % 6]?.push(...(landings[place] ?? []));
          const left = [...crashes];
          const faultsOf = () => {
            const end = left.shift();
            return createFaults((_step, at) =>
              at === end?.step ? (end.after ? 'crashAfter' : 'crashBefore') : undefined,
            );
          };
          const waiting: string[] = [];
          for (const landing of landings) waiting.push(await other.land(landing));
          const messages = [...waiting, ...again.map((place) => waiting[place] ?? '')];
          // Two hosts at once.
          for (let at = 0; at < messages.length; at += 2)
            await Promise.all(messages.slice(at, at + 2).map((message) => other.index(message, faultsOf)));
          expect(await standing(other.findings)).toEqual(await standing(whole.findings));
          const sent = new Set(
            other.queue.messages.map(({ findingId, revision }) => `${findingId} ${revision}`),
          );
          const found = await other.findings.list(undefined, {}, 1000);
          for (const { findingId, revision } of found.filter(isUnnotified))
            expect(sent).toContain(`${findingId} ${revision}`);
        },
      ),
      // Smaller examples would take longer than a test may.
      { numRuns: 60, endOnFailure: true },
    );
  }, 120_000);
});
