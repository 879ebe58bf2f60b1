import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Rule, Trigger } from '../../../../shared/detection/rule.ts';
import { firingsOf } from '../../../../shared/detection/window/firings.ts';
import { maxMatches, mergeMatches } from '../../../../shared/detection/window/merge-matches.ts';
import { digestOf, type WindowMatch } from '../../../../shared/detection/window/window-match.ts';

const minute = 60_000;
const day = 1440 * minute;
const made = new Date(0);
const condition = { op: 'exists', member: 'operation' } as const;

/** @param minutes of the record @param value what the trigger counts @param step of a sequence */
function match(minutes: number, id: string, value = '', step?: number): WindowMatch {
  const time = minutes * minute;
  const digest = value === '' ? '' : digestOf(value);
  const ofStep = `0${step ?? ''}${digestOf(value || id).slice(0, 14)}`;
  return { time, until: time, record: digestOf(id), value: step === undefined ? digest : ofStep };
}

function fires(trigger: Trigger, window: string, matches: readonly WindowMatch[], learnsFrom = made) {
  const rule: Pick<Rule, 'trigger' | 'window'> = { trigger, window };
  return firingsOf(rule, mergeMatches(trigger, [], matches), learnsFrom).map(({ from, to, records }) => [
    from / minute,
    to / minute,
    records,
  ]);
}

describe('count', () => {
  const three: Trigger = { kind: 'count', atLeast: 3 };

  test('fires when enough records are within a window, which excludes its end', () => {
    expect(fires(three, 'PT10M', [match(0, 'a'), match(5, 'b'), match(9.99, 'c')])).toEqual([[0, 9.99, 3]]);
    expect(fires(three, 'PT10M', [match(0, 'a'), match(5, 'b'), match(10, 'c')])).toEqual([]);
  });

  test('a record counts once, however often it comes', () => {
    expect(fires(three, 'PT10M', [match(0, 'a'), match(0, 'a'), match(1, 'b')])).toEqual([]);
  });

  test('a break as long as the window separates firings', () => {
    const one: Trigger = { kind: 'count', atLeast: 1 };
    const matches = [match(0, 'a'), match(9, 'b'), match(19, 'c')];
    expect(fires(one, 'PT10M', matches)).toEqual([
      [0, 9, 2],
      [19, 19, 1],
    ]);
  });

  test('a late record joins what it is between', () => {
    const one: Trigger = { kind: 'count', atLeast: 1 };
    expect(fires(one, 'PT10M', [match(0, 'a'), match(18, 'b'), match(9, 'late')])).toEqual([[0, 18, 3]]);
  });
});

describe('distinct', () => {
  const two: Trigger = { kind: 'distinct', member: 'userId', atLeast: 2 };

  test('counts different values', () => {
    expect(fires(two, 'PT10M', [match(0, 'a', 'ada'), match(1, 'b', 'ada')])).toEqual([]);
    expect(fires(two, 'PT10M', [match(0, 'a', 'ada'), match(1, 'b', 'bo')])).toEqual([[0, 1, 2]]);
  });

  test('a value that left the window counts no longer', () => {
    const matches = [match(0, 'a', 'ada'), match(8, 'b', 'bo'), match(12, 'c', 'bo')];
    expect(fires(two, 'PT5M', matches)).toEqual([]);
  });
});

describe('first seen', () => {
  const inTen: Trigger = { kind: 'firstSeen', member: 'clientNetwork', days: 10 };
  const at = (days: number, id: string, value: string) => match(days * 1440, id, value);
  const firstDays = (trigger: Trigger, matches: readonly WindowMatch[], from = made) =>
    fires(trigger, 'PT1H', matches, from).map(([minutes]) => (minutes ?? 0) / 1440);

  test('a value that is usual stays so, however many others come once', () => {
    const usual = Array.from({ length: 30 }, (_, day) => at(day, `u${day}`, 'usual'));
    const others = Array.from({ length: maxMatches }, (_, n) => at(20 + n / 1e4, `o${n}`, `other ${n}`));
    const kept = mergeMatches(inTen, [], [...usual, ...others]);
    expect(kept).toHaveLength(maxMatches);
    expect(kept.map(({ value }) => value)).toContain(digestOf('usual'));
  });

  test('a value that none of the group had in the days before', () => {
    expect(firstDays(inTen, [at(0, 'a', 'x'), at(11, 'b', 'x'), at(12, 'c', 'y')])).toEqual([11, 12]);
  });

  test('days count from the last record with the value, not from its first one', () => {
    expect(firstDays(inTen, [at(0, 'a', 'x'), at(9, 'b', 'x'), at(18, 'c', 'x')])).toEqual([]);
  });

  test('nothing fires while a watch learns', () => {
    const matches = [at(0, 'a', 'x'), at(12, 'b', 'y'), at(16, 'c', 'z')];
    expect(firstDays(inTen, matches, new Date(5 * day))).toEqual([16]);
  });

  test('the first match of a new group is not news unless the rule says so', () => {
    expect(firstDays(inTen, [at(100, 'a', 'x'), at(105, 'b', 'y')])).toEqual([]);
    expect(firstDays({ ...inTen, newGroups: 'fire' }, [at(100, 'a', 'x')])).toEqual([100]);
  });

  test('a late record that had the value before makes that one the first', () => {
    const known = [at(0, 'a', 'x'), at(20, 'b', 'y')];
    expect(firstDays(inTen, known)).toEqual([20]);
    expect(firstDays(inTen, [...known, at(15, 'late', 'y')])).toEqual([15]);
  });
});

describe('sequence', () => {
  const trigger = (ordered: boolean, atLeast = 1): Trigger => ({
    kind: 'sequence',
    ordered,
    steps: [
      { name: 'failed', condition, atLeast },
      { name: 'succeeded', condition },
    ],
  });

  test('fires when there are records of every step', () => {
    const matches = [match(3, 'a', '', 1), match(5, 'b', '', 0)];
    expect(fires(trigger(false), 'PT10M', matches)).toEqual([[3, 5, 2]]);
    expect(fires(trigger(false), 'PT10M', [match(3, 'a', '', 1), match(5, 'b', '', 1)])).toEqual([]);
  });

  test('an ordered one fires in the order of its steps only; records of one second are in order', () => {
    expect(fires(trigger(true), 'PT10M', [match(3, 'a', '', 1), match(5, 'b', '', 0)])).toEqual([]);
    expect(fires(trigger(true), 'PT10M', [match(5, 'a', '', 1), match(5, 'b', '', 0)])).toEqual([[5, 5, 2]]);
    expect(fires(trigger(true), 'PT10M', [match(5, 'a', '', 0), match(15, 'b', '', 1)])).toEqual([]);
  });

  test('a step may need several records', () => {
    const failed = [match(0, 'a', '', 0), match(1, 'b', '', 0), match(2, 'c', '', 0)];
    expect(fires(trigger(true, 3), 'PT10M', [...failed, match(3, 'd', '', 1)])).toEqual([[0, 3, 4]]);
    expect(fires(trigger(true, 3), 'PT10M', [...failed.slice(1), match(3, 'd', '', 1)])).toEqual([]);
  });
});

const triggers: readonly Trigger[] = [
  { kind: 'count', atLeast: 3 },
  { kind: 'distinct', member: 'userId', atLeast: 3 },
  { kind: 'firstSeen', member: 'userId', days: 1 },
  { kind: 'firstSeen', member: 'userId', days: 1, newGroups: 'fire' },
  ...[true, false].map((ordered): Trigger => ({
    ...{ kind: 'sequence', ordered },
    steps: [
      { name: 'a', condition, atLeast: 2 },
      { name: 'b', condition },
    ],
  })),
];

describe.each(triggers)('$kind, in any order', (trigger) => {
  /** Few values, so that they meet; a record is at one time. */
  const matches = fc.uniqueArray(
    fc.record({ id: fc.nat(40), minutes: fc.nat(600), value: fc.nat(4), step: fc.nat(1) }),
    { selector: ({ id }) => id, maxLength: 40 },
  );
  const toMatch = ({
    id,
    minutes,
    value,
    step,
  }: {
    id: number;
    minutes: number;
    value: number;
    step: number;
  }) => {
    const days = trigger.kind === 'firstSeen' ? 20 : 1;
    if (trigger.kind === 'count') return match(minutes, String(id));
    return match(minutes * days, String(id), `v${value}`, trigger.kind === 'sequence' ? step : undefined);
  };
  const rule: Pick<Rule, 'trigger' | 'window'> = { trigger, window: 'PT1H' };

  test('the order of arrival, repetitions, and how many come at once make no difference', () => {
    const arrivals = matches.chain((all) =>
      fc.record({
        all: fc.constant(all),
        arriving: fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length }),
        size: fc.integer({ min: 1, max: 10 }),
      }),
    );
    fc.assert(
      fc.property(arrivals, ({ all, arriving, size }) => {
        let state: readonly WindowMatch[] = [];
        for (let at = 0; at < arriving.length; at += size)
          state = mergeMatches(trigger, state, arriving.slice(at, at + size).map(toMatch));
        const atOnce = mergeMatches(trigger, [], all.map(toMatch));
        expect(state).toEqual(atOnce);
        expect(firingsOf(rule, state, made)).toEqual(firingsOf(rule, atOnce, made));
      }),
    );
  });
});

test('a count fires exactly where a plain loop finds a full window', () => {
  const minutes = fc.uniqueArray(fc.nat(300), { maxLength: 30 });
  fc.assert(
    fc.property(minutes, fc.integer({ min: 1, max: 5 }), (times, atLeast) => {
      const trigger: Trigger = { kind: 'count', atLeast };
      const merged = mergeMatches(
        trigger,
        [],
        times.map((time) => match(time, String(time))),
      );
      const found = firingsOf({ trigger, window: 'PT20M' }, merged, made).flatMap(({ matches }) =>
        matches.map(({ time }) => time / minute),
      );
      const within = (start: number) => times.filter((time) => time >= start && time < start + 20);
      const expected = times.filter((time) =>
        times.some((start) => within(start).includes(time) && within(start).length >= atLeast),
      );
      expect(found).toEqual(expected.sort((one, other) => one - other));
    }),
  );
});

test('the newest matches are kept, and then the count is not exact', () => {
  const trigger: Trigger = { kind: 'count', atLeast: 1 };
  const many = Array.from({ length: maxMatches + 5 }, (_, at) => match(at, String(at)));
  const state = mergeMatches(trigger, [], many);
  expect(state).toHaveLength(maxMatches);
  expect(state[0]?.time).toBe(5 * minute);
  expect(firingsOf({ trigger, window: 'PT1H' }, state, made)).toMatchObject([{ isExact: false }]);
});
