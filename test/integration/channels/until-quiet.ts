/** Lets hosts work until nothing is left to do, one host after the other. */
import { minuteMs, secondMs } from '../../support/clock.ts';
import { createFaults, Crash, type Faults } from '../../support/faults.ts';
import type { FindingWorld, Host } from './finding-world.ts';

/** After which the queue service gives the message of a host that ended to another one. */
const redeliveredAfterMs = 30 * secondMs;
const timerMs = 15 * minuteMs;
/** Runs of the timer after which nothing waits. */
const quietRuns = 2;

interface Working {
  /** Of the next host; by default it does not end. */
  readonly nextFaults?: () => Faults;
  /** What the first host does before anything else; not repeated if it ends. */
  readonly begin?: (host: Host) => Promise<void>;
}

export async function untilQuiet(
  world: FindingWorld,
  { nextFaults = createFaults, begin = () => Promise.resolve() }: Working = {},
): Promise<void> {
  const { clock, queue } = world;
  let host = world.hostWith(nextFaults());
  const survives = async (task: (on: Host) => Promise<void>): Promise<boolean> => {
    const isAlive = await task(host).then(() => true, crashed);
    if (!isAlive) host = world.hostWith(nextFaults());
    return isAlive;
  };
  await survives(begin);
  let timerAt = clock.now().getTime() + timerMs;
  for (let quiet = 0; quiet < quietRuns;) {
    const work = queue.take();
    if (work !== undefined) {
      if (!(await survives((on) => on.run(work)))) await queue.put(work, redeliveredAfterMs);
      continue;
    }
    const next = queue.waiting[0]?.at.getTime() ?? timerAt;
    clock.set(new Date(Math.min(next, timerAt)));
    if (next < timerAt) continue;
    timerAt += timerMs;
    const isDone = (await survives((on) => on.watch())) && queue.waiting.length === 0;
    quiet = isDone ? quiet + 1 : 0;
  }
}

/** False for the end of a host. @throws what else it is */
function crashed(error: unknown): false {
  const all: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  if (all.every((one) => one instanceof Crash)) return false;
  throw error;
}
