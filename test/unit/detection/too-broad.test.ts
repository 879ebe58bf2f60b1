/** A rule that matches nearly everything costs no more than its limit, and is shown. */
import { describe, expect, it } from 'vitest';
import type { AppliedRule } from '../../../shared/detection/add-matches.ts';
import { createGroupLimit, mostGroups } from '../../../shared/detection/group-limit.ts';
import { ruleOf, ownRuleSchema } from '../../../shared/detection/own-rule.ts';
import { createFaults } from '../../support/faults.ts';
import { createWatchWorld, now, standing, type Told } from '../../support/detection/watch-world.ts';

const filter = "operation eq 'New-InboxRule'";
const everything = { filter, title: 'Everything', groupBy: ['Id'], window: 'PT10M' };
const each = { filter, title: 'Each', window: 'PT10M' };

const omitted = 40;
const records = Array.from({ length: mostGroups.ofFindings + omitted }, (_, at): Told => ({ minute: at }));
const last = `${mostGroups.ofFindings} groups in one landing, of which the others, with ${omitted} matches, made no finding. Narrow its condition, or group by less.`;

function applied(rule: object): AppliedRule {
  const learnsFrom = new Date(0);
  return { watchId: 'w', rule: ruleOf('w', ownRuleSchema.parse({ ...each, ...rule })), learnsFrom };
}

describe('a rule that has a group for each record', () => {
  it('makes as many findings as its limit, and others all of theirs', async () => {
    const world = await createWatchWorld([everything, each]);
    const faults = createFaults();
    const host = world.hostWith(faults);
    expect(await host(await world.land(records))).toMatchObject({ indexed: records.length });
    const found = await world.findings.list(undefined, {}, 1000);
    const [own, others] = [true, false].map((own) =>
      found.filter((one) => (one.rule.title === 'Everything') === own),
    );
    expect(own).toHaveLength(mostGroups.ofFindings);
    expect(others).toMatchObject([{ count: records.length }]);
    const reads = faults.steps.filter((step) => step === 'groupStates.get');
    expect(reads.length).toBeLessThan(mostGroups.ofFindings + 5);
  });

  it('is counted, and its watch shows what to do', async () => {
    const world = await createWatchWorld([everything]);
    const host = world.hostWith(createFaults());
    await host(await world.land(records));
    expect(world.recording.of('watches.matches.omitted')).toMatchObject([{ matches: omitted }]);
    world.clock.ms += 60_000;
    await host(await world.land([{ minute: 5000 }]));
    const [watch] = await world.watches.list();
    expect(watch?.failure).toEqual({ since: now, cause: `Everything: matches too much: more than ${last}` });
  });

  it('makes the same findings of a landing that is indexed again, also by a host that takes over', async () => {
    const [once, often] = [await createWatchWorld([everything]), await createWatchWorld([everything])];
    await once.index(await once.land(records));
    const landing = await often.land(records);
    const ends = [700, 1900];
    await often.index(landing, () => {
      const end = ends.shift();
      return createFaults((_step, at) => (at === end ? 'crashAfter' : undefined));
    });
    await often.index(landing);
    expect(await standing(often.findings)).toEqual(await standing(once.findings));
  });
});

describe('the limit', () => {
  it('counts groups, of each rule of its own', () => {
    const [limit, one, other] = [createGroupLimit(), applied({}), applied({})];
    for (let at = 0; at < mostGroups.ofFindings; at++) expect(limit.admits(one, `${at}`)).toBe(true);
    expect(limit.admits(one, '0')).toBe(true);
    expect([limit.admits(one, 'new'), limit.admits(one, 'new')]).toEqual([false, false]);
    expect(limit.admits(other, 'new')).toBe(true);
    expect(limit.tooBroad()).toMatchObject([{ applied: one, omitted: 2 }]);
  });

  it('is higher for a rule whose groups wait for more matches', () => {
    const [limit, waiting] = [createGroupLimit(), applied({ trigger: { kind: 'count', atLeast: 2 } })];
    const admitted = Array.from({ length: mostGroups.ofWaiting + 1 }, (_, at) =>
      limit.admits(waiting, `${at}`),
    );
    expect(admitted.filter((isAdmitted) => isAdmitted)).toHaveLength(mostGroups.ofWaiting);
  });
});
