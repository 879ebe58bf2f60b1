/** The sentence of each act: the tables in `rows` are the specification. */
import { describe, expect, it } from 'vitest';
import { actNames, acts, actsOf } from '../../../shared/sentences/acts.ts';
import { textOf } from '../../../shared/sentences/describe.ts';
import { described, type Row } from './described.ts';
import { contentRows } from './rows/content.ts';
import { directoryRows } from './rows/directory.ts';
import { exchangeRows } from './rows/exchange.ts';

const rows: readonly Row[] = [...exchangeRows, ...directoryRows, ...contentRows];

describe('records', () => {
  it.each(
    rows.map(([record, act, severity, sentence, changes]) => ({ record, act, severity, sentence, changes })),
  )('$act, $severity: $sentence', ({ record, changes, ...expected }) => {
    const { sentence, ...description } = described(record);
    const { act, severity } = description;
    expect({ act, severity, sentence: textOf(sentence) }).toEqual(expected);
    if (changes !== undefined) expect(description.changes).toEqual(changes);
  });
});

describe('the tables', () => {
  const actsOfRows = new Set(rows.map(([, act]) => act));

  it('have a record for each act', () => {
    expect(actNames.filter((name) => !actsOfRows.has(name))).toEqual([]);
  });

  it('have, for each act with a condition, a record of the same operation that must not have it', () => {
    const conditional = actNames.filter((name) => 'when' in acts[name]);
    const unproven = conditional.filter((name) => !rows.some((row) => isNotThough(row, name)));
    expect(unproven).toEqual([]);
  });

  function isNotThough([record, act]: Row, name: string): boolean {
    const candidates = actsOf(String(record['Operation']));
    const rank = candidates.findIndex((one) => one.name === name);
    // Only acts that are declared later, or none, show that its condition does not hold.
    return rank !== -1 && !candidates.slice(0, rank + 1).some((one) => one.name === act);
  }

  it('say different things of different severities', () => {
    const severities = new Set(rows.map(([, , severity]) => severity));
    expect(severities).toEqual(new Set(['high', 'notable', 'routine']));
  });
});

describe('operations', () => {
  it('end in an act without a condition at most once, which is the last one', () => {
    const shadowed = actNames.flatMap((name) =>
      acts[name].operations.filter((operation) => {
        const candidates = actsOf(operation);
        const always = candidates.findIndex(({ act }) => act.when === undefined);
        return always !== -1 && always < candidates.length - 1;
      }),
    );
    expect(shadowed).toEqual([]);
  });

  it('are more than 200', () => {
    expect(new Set(actNames.flatMap((name) => [...acts[name].operations])).size).toBeGreaterThan(200);
  });
});
