/** Findings of a group follow from its matches, in whatever order and however often these are added. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addMatches, type AppliedRule } from '../../../shared/detection/add-matches.ts';
import type { AddedMatch } from '../../../shared/detection/found-by.ts';
import type { GroupState, KnownFinding } from '../../../shared/detection/group-state.ts';
import type { Rule, Trigger } from '../../../shared/detection/rule.ts';
import { digestOf } from '../../../shared/detection/window/window-match.ts';

const start = Date.UTC(2026, 2, 2, 8);
const minute = 60_000;
const day = 24 * 60 * minute;
const group = [{ member: 'userId', value: 'anna@fabrikam.example' }];

function ruleWith(trigger: Trigger, window = 'PT10M'): AppliedRule {
  const rule: Rule = {
    id: 'test',
    title: 'Test',
    description: '',
    nextSteps: '',
    severity: 'low',
    condition: { op: 'all', conditions: [] },
    groupBy: ['userId'],
    window,
    trigger,
  };
  return { watchId: 'w', rule, learnsFrom: new Date(start - 40 * day) };
}

interface Told {
  readonly minutes: number;
  readonly value?: string;
  readonly severity?: 'low' | 'high';
}

function matchAt({ minutes, value = '', severity = 'low' }: Told, number = 0): AddedMatch {
  const time = start + minutes * minute;
  const id = `record ${minutes} ${value} ${number}`;
  const record = digestOf(id);
  const head = { record, id, createdDateTime: new Date(time), sentence: `It is ${minutes}.`, severity };
  return { head, entries: [{ time, until: time, record, value: value && digestOf(value) }], isDue: true };
}

function ids() {
  let number = 0;
  return () => String(++number).padStart(4, '0');
}

/** The state after additions, one after the other. */
function after(applied: AppliedRule, additions: readonly (readonly AddedMatch[])[]): GroupState {
  const newId = ids();
  let state: GroupState | undefined;
  for (const added of additions) state = addMatches(applied, state, { group, added, newId }).state;
  if (state === undefined) throw new Error('Nothing was added.');
  return state;
}

/** What a finding is, but for how often it was changed until it was that. */
const standing = ({ findings }: GroupState) =>
  findings
    .filter(({ isWithdrawn }) => isWithdrawn !== true)
    .map((finding): KnownFinding => ({ ...finding, findingId: '', revision: 0 }));

const triggers: Readonly<Record<string, AppliedRule>> = {
  'each record': ruleWith({ kind: 'count', atLeast: 1 }),
  'three records': ruleWith({ kind: 'count', atLeast: 3 }),
  'two values': ruleWith({ kind: 'distinct', member: 'clientIp', atLeast: 2 }),
  'a new value': ruleWith({ kind: 'firstSeen', member: 'clientIp', days: 1, newGroups: 'fire' }, 'PT8H'),
};

const told = fc.record({
  minutes: fc.oneof(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 6000 })),
  value: fc.constantFrom('a', 'b', 'c'),
  severity: fc.constantFrom('low' as const, 'high' as const),
});

const timeOf = ({ head }: AddedMatch) => head.createdDateTime.getTime();

/** Matches, the same in another order with some repeated, and how many are added at once. */
const additions = fc.array(told, { minLength: 1, maxLength: 40 }).chain((all) => {
  const matches = all.map(matchAt);
  const repeated = [...matches, ...matches.slice(0, 10)];
  const shuffled = fc.shuffledSubarray(repeated, {
    minLength: repeated.length,
    maxLength: repeated.length,
  });
  return fc.tuple(fc.constant(matches), shuffled, fc.integer({ min: 1, max: 8 }));
});

describe.each(Object.entries(triggers))('a rule for %s', (_name, applied) => {
  it('finds the same in any order, with repeats, and in any portions', () => {
    fc.assert(
      fc.property(additions, ([matches, shuffled, portion]) => {
        const inOrder = matches.toSorted((a, b) => timeOf(a) - timeOf(b));
        const portions = shuffled.flatMap((_, at, all) =>
          at % portion === 0 ? [all.slice(at, at + portion)] : [],
        );
        const [one, other] = [after(applied, [inOrder]), after(applied, portions)];
        expect(standing(other)).toEqual(standing(one));
        expect(other.matches).toEqual(one.matches);
        expect(other.heads).toEqual(one.heads);
      }),
      { numRuns: 300 },
    );
  });
});

it('notifies of both findings that a late record makes of one', () => {
  const applied = ruleWith({ kind: 'firstSeen', member: 'clientIp', days: 1, newGroups: 'fire' }, 'PT8H');
  const chain = ['a', 'b', 'c'].map((value, at) => matchAt({ minutes: 3000 + 400 * at, value }));
  const late = matchAt({ minutes: 2400, value: 'b' });
  const { findings } = after(applied, [chain, [late]]);
  expect(findings.map(({ isDue }) => isDue)).toEqual([true, true, true]);
});

describe('a finding', () => {
  const three = ruleWith({ kind: 'count', atLeast: 3 });
  const minutes = (...all: readonly number[]) => all.map((one) => matchAt({ minutes: one }));

  it('grows under its ID, with a revision for each change and none for a repeat', () => {
    const first = after(three, [minutes(0, 1, 2)]);
    expect(first.findings).toMatchObject([{ findingId: '0001', revision: 1, count: 3 }]);
    const grown = after(three, [minutes(0, 1, 2), minutes(3), minutes(3), minutes(1)]);
    expect(grown.findings).toMatchObject([{ findingId: '0001', revision: 2, count: 4 }]);
  });

  it('is touched by repeats, so that what may be missing is written', () => {
    const state = after(three, [minutes(0, 1, 2, 100, 101, 102)]);
    const { state: same, touched } = addMatches(three, state, { group, added: minutes(1), newId: ids() });
    expect(same).toEqual(state);
    expect(touched.map(({ known }) => known.from)).toEqual([start]);
    expect(touched[0]?.heads.map(({ sentence }) => sentence)).toEqual(['It is 0.', 'It is 1.', 'It is 2.']);
  });

  it('continues the first of two that a late record joins, and the second is withdrawn', () => {
    const state = after(three, [minutes(0, 1, 2), minutes(14, 15, 16), minutes(8)]);
    expect(state.findings).toMatchObject([
      { findingId: '0001', count: 7, from: start, to: start + 16 * minute },
      { findingId: '0002', isWithdrawn: true, revision: 2 },
    ]);
  });

  it('names the first ten records, also those that came before it was one', () => {
    const many = ruleWith({ kind: 'count', atLeast: 12 });
    const state = after(
      many,
      Array.from({ length: 12 }, (_, at) => minutes(at / 2)),
    );
    expect(state.heads.map(({ id }) => id)).toHaveLength(10);
    expect(state.findings).toMatchObject([{ count: 12 }]);
  });

  it('counts on when there are more matches than are remembered, says so, and keeps its first records', () => {
    const each = ruleWith({ kind: 'count', atLeast: 1 });
    const seconds = Array.from({ length: 2500 }, (_, at) => matchAt({ minutes: at / 60 }));
    const portions = [seconds.slice(0, 700), seconds.slice(700, 1400), seconds.slice(1400)];
    const { matches, findings } = after(each, portions);
    expect(matches).toHaveLength(1000);
    expect(findings).toMatchObject([{ findingId: '0001', count: 2500, countIsExact: false, from: start }]);
    expect(findings[0]?.heads?.map(({ sentence }) => sentence)).toEqual(
      seconds.slice(0, 10).map(({ head }) => head.sentence),
    );
  });
});
