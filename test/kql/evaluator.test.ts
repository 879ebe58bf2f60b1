/** The evaluator does what Kusto does, or says that it cannot. */
import { describe, expect, it } from 'vitest';
import { runQuery } from './evaluator/run-query.ts';

const now = new Date('2026-03-02T12:00:00Z');
const at = (time: string) => new Date(`2026-03-02T${time}Z`);
const tables = {
  T: [
    { Time: at('11:00:00'), Name: 'a', Sum: 1, Bag: { n: '5', yes: 'True' } },
    { Time: at('11:30:00'), Name: 'b', Sum: 2, Bag: { n: 'five' } },
    { Time: at('11:50:00'), Name: 'a', Sum: 3, Bag: {} },
  ],
};

function run(query: string): readonly unknown[] {
  return runQuery(query, tables, now);
}

describe('the evaluator', () => {
  it('filters, also by age', () => {
    expect(run('T | where Name == "a" and Time > ago(60m) | project Sum')).toEqual([{ Sum: 3 }]);
    expect(run('T | where Name != "a" or Sum >= 3 | project Sum')).toEqual([{ Sum: 2 }, { Sum: 3 }]);
  });

  it('converts members of bags, or returns null', () => {
    expect(run('T | project A = toint(Bag.n), B = tobool(Bag.yes), C = tostring(Bag.yes)')).toEqual([
      { A: 5, B: true, C: 'True' },
      { A: null, B: null, C: '' },
      { A: null, B: null, C: '' },
    ]);
    expect(run('T | where toint(Bag.n) < 9 or toint(Bag.n) >= 9 | count')).toEqual([{ Count: 1 }]);
  });

  it('summarizes by groups, and returns one row without groups', () => {
    expect(run('T | summarize arg_max(Time, Newest = Sum), arg_min(Time, Oldest = Sum) by Name')).toEqual([
      { Name: 'a', Time: at('11:50:00'), Newest: 3, Time1: at('11:00:00'), Oldest: 1 },
      { Name: 'b', Time: at('11:30:00'), Newest: 2, Time1: at('11:30:00'), Oldest: 2 },
    ]);
    expect(run('T | where Sum > 9 | summarize Rows = count(), Least = min(Sum)')).toEqual([
      { Rows: 0, Least: null },
    ]);
    expect(run('T | where Sum > 9 | summarize Rows = count() by Name')).toEqual([]);
  });

  it('counts once for all rows', () => {
    expect(run('let N = toscalar(T | where Name == "a" | count);\nT | where Sum == N | project Sum')).toEqual(
      [{ Sum: 2 }],
    );
  });

  it.each([
    'T | where Name =~ "A"',
    'T | where Sum in (1, 2)',
    'T | where Sum > 1h',
    'T | where Time > ago(1h)',
    'T | where Sum > Name',
    'T | where Other > 1',
    'T | extend L = strlen(Name)',
    'T | extend L = tostring(Time)',
    'T | extend I = iff(Sum > 1, 1, 2)',
    'T | summarize dcount(Name)',
    'T | summarize A = min(Sum) + 1',
    'T | summarize hint.strategy = shuffle count() by Name',
    'T | order by Sum',
    'union T, T',
    'Other | count',
    'let N = 1;\nT | where Sum == N',
  ])('rejects %s', (query) => {
    expect(() => run(query)).toThrow(/is not known to the evaluator\.$/);
  });
});
