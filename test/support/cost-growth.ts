/** Whether work grows with its input: a ratio of one run, which a busy machine does not change. */

/** Eight times the input takes eight times as long, and 64 times if the work grows with its square. */
const factor = 8;
const tries = 5;
const rounds = 3;
/** Shorter ones are mostly noise. */
const leastMicroseconds = 500;

/** Less than this for work that grows with its input, even if much of it is collecting garbage; more for its square. */
export const linearGrowth = 45;

/**
 * Processor time for an input of this size, as a multiple of that for an eighth of it: the least of a few rounds, as
 * other work on the machine only adds to it.
 */
export function costGrowth(size: number, run: (size: number) => void): number {
  let least = Infinity;
  for (let round = 0; round < rounds && least >= linearGrowth; round++)
    least = Math.min(least, growthOnce(size, run));
  return least;
}

function growthOnce(size: number, run: (size: number) => void): number {
  const small = leastCost(() => {
    run(Math.ceil(size / factor));
  });
  const large = leastCost(() => {
    run(size);
  });
  return large / Math.max(small, leastMicroseconds);
}

function leastCost(run: () => void): number {
  const costs = Array.from({ length: tries }, () => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  });
  return Math.min(...costs);
}
