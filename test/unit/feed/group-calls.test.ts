import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupCalls } from '../../../shared/feed/group-calls.ts';

type Numbers = Readonly<Record<string, number>>;

function recordingGroups(maxKeys = 3, run: (group: Numbers) => Promise<void> = () => Promise.resolve()) {
  const groups: Numbers[] = [];
  const call = groupCalls<number>({
    maxKeys,
    merge: (one, other) => Math.max(one, other),
    run: async (group) => {
      groups.push(Object.fromEntries(group));
      await run(Object.fromEntries(group));
    },
  });
  return { groups, call };
}

describe('calls in groups', () => {
  it('that come together are done together, those of one key as one', async () => {
    const { groups, call } = recordingGroups();
    await Promise.all([call('a', 1), call('b', 2), call('a', 3), call('a', 2)]);
    expect(groups).toEqual([{ a: 3, b: 2 }]);
  });

  it('are divided when there are more keys than one group may have', async () => {
    const { groups, call } = recordingGroups(2);
    await Promise.all(['a', 'b', 'c', 'd', 'e', 'e'].map((key) => call(key, 1)));
    expect(groups).toEqual([{ a: 1, b: 1 }, { c: 1, d: 1 }, { e: 1 }]);
  });

  it('fail with their group, and no others do', async () => {
    const fail = ({ a }: Numbers) => (a === 1 ? Promise.reject(new Error('away')) : Promise.resolve());
    const { call } = recordingGroups(2, fail);
    const [a, b, c] = await Promise.allSettled([call('a', 1), call('b', 1), call('c', 1)]);
    expect([a.status, b.status, c.status]).toEqual(['rejected', 'rejected', 'fulfilled']);
    await call('a', 2);
  });

  it('are done one group at a time, each before its call resolves', async () => {
    const calls = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(100)), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), calls, async (scheduler, all) => {
        const done = new Map<string, number>();
        let running = 0;
        const { call } = recordingGroups(2, async (group) => {
          expect(++running).toBe(1);
          await scheduler.schedule(Promise.resolve());
          for (const [key, value] of Object.entries(group))
            done.set(key, Math.max(value, done.get(key) ?? 0));
          running--;
        });
        const one = async ([key, value]: readonly [string, number]) => {
          await scheduler.schedule(Promise.resolve());
          await call(key, value);
          expect(done.get(key)).toBeGreaterThanOrEqual(value);
        };
        await scheduler.waitFor(Promise.all(all.map(one)));
      }),
    );
  });
});
