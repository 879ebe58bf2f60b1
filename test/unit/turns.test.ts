/** Turns: long work and everything else in the process run alternately. */
import { describe, expect, it } from 'vitest';
import { createTurns } from '../../shared/turns.ts';

/** An event loop by hand: `round` runs what was deferred, once. */
function manual(turnMs = 10) {
  let [at, deferred]: [number, (() => void)[]] = [0, []];
  return {
    startTurn: createTurns({ turnMs, clock: () => at, defer: (run) => deferred.push(run) }),
    pass: (ms: number) => void (at += ms),
    round: async () => {
      const runs = deferred;
      deferred = [];
      for (const run of runs) run();
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

describe('a turn', () => {
  it('lasts as long as it should, and again after the next one began', async () => {
    const { startTurn, pass, round } = manual();
    const turn = startTurn();
    pass(9);
    expect(turn.isOver()).toBe(false);
    pass(1);
    expect(turn.isOver()).toBe(true);
    const next = turn.next();
    pass(100);
    await round();
    await next;
    expect(turn.isOver()).toBe(false);
    pass(10);
    expect(turn.isOver()).toBe(true);
  });

  it('is the only one of its round, however many wait, and they follow in their order', async () => {
    const { startTurn, round } = manual();
    const took: string[] = [];
    const work = async (name: string) => {
      const turn = startTurn();
      for (let at = 0; at < 2; at++) {
        await turn.next();
        took.push(name);
      }
    };
    const all = ['a', 'b', 'c'].map(work);
    for (let rounds = 1; rounds <= 6; rounds++) {
      await round();
      expect(took).toHaveLength(rounds);
    }
    await Promise.all(all);
    expect(took.join('')).toBe('abcabc');
  });
});
