/** Random histories: who really held the role is compared with what snapshots and the records that are left say. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdingsOf } from '../../../../shared/reports/kinds/privileged-activity/holdings.ts';
import { isIn } from '../../../../shared/reports/kinds/privileged-activity/periods.ts';
import type { RoleChange } from '../../../../shared/reports/kinds/privileged-activity/role-change.ts';
import { globalAdministrator } from '../../../../shared/tenants/privileged-roles.ts';
import type { RoleHolder } from '../../../../shared/tenants/role-holders.ts';
import { holderOf } from './history.ts';

/** Longer than Privileged Identity Management takes to repeat a record. */
const stepMs = 10 * 60_000;
const steps = 300;
const group = ['c1111111-0000-4000-8000-000000000001', 'Tier 0'];
const momentOf = (step: number) => new Date(Date.UTC(2026, 2, 1) + step * stepMs);
/** Records are at a step; snapshots a second before one, questions half a step later. */
const snapshotOf = (step: number) => new Date(momentOf(step).getTime() - 1000);
const between = (step: number) => new Date(momentOf(step).getTime() + stepMs / 2);

/** A change of a path, and whether its record was lost. */
interface Change {
  readonly step: number;
  readonly path: 'direct' | 'group';
  readonly gained: boolean;
  readonly lost: boolean;
}

/** Each toggles a path, which is not held at first, or always was. */
const history = (paths: readonly Change['path'][]) =>
  fc
    .record({
      toggles: fc.uniqueArray(
        fc.record({
          step: fc.integer({ min: 1, max: steps - 1 }),
          path: fc.constantFrom(...paths),
          lost: fc.boolean(),
        }),
        { selector: ({ step }) => step, maxLength: 24 },
      ),
      since: fc.record({ direct: fc.boolean(), group: fc.boolean() }),
      snapshots: fc.uniqueArray(fc.integer({ min: 0, max: steps }), { maxLength: 15 }),
    })
    .map(({ toggles, since, snapshots }) => {
      const held = { direct: since.direct, group: since.group && paths.includes('group') };
      const first = { ...held };
      const changes = toggles
        .toSorted((a, b) => a.step - b.step)
        .map((toggle): Change => {
          held[toggle.path] = !held[toggle.path];
          return { ...toggle, gained: held[toggle.path] };
        });
      return { changes, first, snapshots: snapshots.toSorted((a, b) => a - b) };
    });
type History = typeof history extends (...paths: never) => fc.Arbitrary<infer H> ? H : never;

/** The state after the changes of the step. */
function heldAt({ changes, first }: History, step: number) {
  const held = { ...first };
  for (const change of changes) if (change.step <= step) held[change.path] = change.gained;
  return held;
}
const isHeld = (told: History, step: number) => heldAt(told, step).direct || heldAt(told, step).group;

function recordOf({ step, path, gained }: Change): RoleChange {
  const change = { recordId: String(step), at: momentOf(step), gained };
  const principal = { type: 'user', id: 'anna', names: ['anna'] } as const;
  return path === 'direct'
    ? { ...change, role: globalAdministrator, principal }
    : { ...change, group, principal };
}

function computed(told: History, withLost: boolean) {
  const changes = told.changes.filter(({ lost }) => !lost || withLost).map(recordOf);
  // Ben is always a member: the group is known, and holds the role throughout.
  const ben = holderOf('ben', { throughGroup: 'Tier 0' });
  const snapshots = told.snapshots.map((step) => {
    const { direct, group: member } = heldAt(told, step - 1);
    const ways = [...(direct ? [undefined] : []), ...(member ? ['Tier 0'] : [])];
    const [throughGroup, ...further] = ways;
    const alsoThrough = further.flatMap((name) => name ?? []);
    const anna: readonly RoleHolder[] =
      ways.length === 0 ? [] : [holderOf('anna', { throughGroup, alsoThrough })];
    return { role: globalAdministrator, takenAt: snapshotOf(step), holders: [...anna, ben] };
  });
  const holdings = holdingsOf({ snapshots, changes }).filter(({ principal }) => principal.key === 'anna');
  return (step: number) => holdings.some((holding) => isIn(holding, between(step)));
}

const all = Array.from({ length: steps }, (_, step) => step);

/** Steps of snapshots and of records that are left: what is known is known at these. */
function factSteps(told: History): readonly number[] {
  const kept = told.changes.filter(({ lost }) => !lost).map(({ step }) => step);
  return [...kept, ...told.snapshots].toSorted((a, b) => a - b);
}

describe('holdings of random histories', () => {
  it('are exactly the truth if there is a snapshot at first and no record is lost', () => {
    fc.assert(
      fc.property(history(['direct']), (told) => {
        const complete = { ...told, snapshots: [0, ...told.snapshots] };
        const counted = computed(complete, true);
        expect(all.filter(counted)).toEqual(all.filter((step) => isHeld(complete, step)));
      }),
      { numRuns: 100 },
    );
  });

  it('leave out nothing that any record or snapshot is left of, whichever are lost', () => {
    fc.assert(
      fc.property(history(['direct']), (told) => {
        const counted = computed(told, false);
        const known = runsOf((step) => isHeld(told, step)).filter(({ from, to }) => {
          // Snapshots are taken just before the changes of their step.
          const isSeen = told.snapshots.some((step) => step > from && step <= to);
          return isSeen || told.changes.some(({ step, lost }) => !lost && (step === from || step === to));
        });
        const missing = known.flatMap(({ from, to }) => all.slice(from, to).filter((step) => !counted(step)));
        expect(missing).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('count too much only next to a lost record: between two facts, or before the first or after the last', () => {
    fc.assert(
      fc.property(history(['direct']), (told) => {
        const counted = computed(told, false);
        const facts = [0, ...factSteps(told), steps];
        const wrong = all.filter((step) => {
          if (!counted(step) || isHeld(told, step)) return false;
          const after = Math.max(...facts.filter((one) => one <= step));
          const before = Math.min(...facts.filter((one) => one > step));
          return !told.changes.some((one) => one.lost && one.step >= after && one.step <= before);
        });
        expect(wrong).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('of people who also hold it through a group, up to the last snapshot, likewise', () => {
    fc.assert(
      fc.property(history(['direct', 'group']), (told) => {
        const complete = { ...told, snapshots: [0, ...told.snapshots, steps] };
        const counted = computed(complete, true);
        expect(all.filter((step) => isHeld(complete, step) && !counted(step))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

/** Stretches of steps, half-open. */
function runsOf(
  isTrue: (step: number) => boolean,
): readonly { readonly from: number; readonly to: number }[] {
  const starts = all.filter((step) => isTrue(step) && (step === 0 || !isTrue(step - 1)));
  return starts.map((from) => ({ from, to: all.find((step) => step > from && !isTrue(step)) ?? steps }));
}
