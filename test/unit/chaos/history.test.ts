/** The history that a run of chaos collects, and the sizes its command line. */
import { describe, expect, it } from 'vitest';
import { planHistory } from '../../chaos/history.ts';
import { parseOptions } from '../../chaos/options.ts';

const sizes = { seed: 7, tenants: 3, blobs: 2000, rounds: 60 };

describe('a planned history', () => {
  it('is the same for the same seed, and another one for another', () => {
    expect(planHistory(sizes)).toEqual(planHistory(sizes));
    expect(planHistory(sizes)).not.toEqual(planHistory({ ...sizes, seed: 8 }));
  });

  it('has all kinds of content, each under a number of its own, within the days that the feed lists', () => {
    const rounds = planHistory(sizes);
    const contents = rounds.flatMap((round) => round.contents);
    expect(new Set(contents.map(({ kind }) => kind)).size).toBe(5);
    expect(contents.map(({ number }) => number)).toEqual(contents.map((_, at) => at));
    expect(rounds.reduce((sum, { stepMs }) => sum + stepMs, 0)).toBeLessThan(4 * 24 * 3_600_000);
  });

  it('repeats only content that was published before, with its records', () => {
    const contents = planHistory(sizes).flatMap((round) => round.contents);
    const repeated = contents.filter(({ repeats }) => repeats !== undefined);
    expect(repeated.length).toBeGreaterThan(0);
    for (const { number, repeats = -1, tenant, records } of repeated) {
      expect(repeats).toBeLessThan(number);
      expect(contents[repeats]).toMatchObject({ tenant, records, kind: 'ordinary' });
    }
  });
});

describe('the command line', () => {
  it('has the sizes of the long run unless it is given others', () => {
    expect(parseOptions([])).toMatchObject({ tenants: 20, blobs: 20_000, kills: 50 });
    expect(parseOptions(['--seed', '5', '--tenants', '2'])).toMatchObject({ seed: 5, tenants: 2 });
    expect(parseOptions(['--help'])).toBeUndefined();
  });

  it('names what is not a number', () => {
    expect(() => parseOptions(['--blobs', 'many'])).toThrow('--blobs must be a whole number');
  });
});
