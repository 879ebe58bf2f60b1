/** Measures time of this process. */

export interface Timed<T> {
  readonly value: T;
  readonly seconds: number;
  /** Of all threads of this process; on a busy machine this says more than the time that passed. */
  readonly cpuSeconds: number;
}

/** Runs the work and returns how long it took. */
export async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const value = await work();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { value, seconds, cpuSeconds: (user + system) / 1e6 };
}
