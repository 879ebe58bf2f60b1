/** Measures time and memory of this process. */
import { readFileSync } from 'node:fs';

export interface Timed<T> {
  readonly value: T;
  readonly seconds: number;
  /** Of all threads of this process; on a busy machine this says more than the time that passed. */
  readonly cpuSeconds: number;
}

/** Runs the work and tells how long it took. */
export async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const value = await work();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { value, seconds, cpuSeconds: (user + system) / 1e6 };
}

/**
 * The most memory this process ever had, in MiB. Where the system tells it per process image, as Linux does, it
 * is read there: the other figure begins with what the parent had when it started this process.
 */
export function peakMb(): number {
  const kilobytes = highWaterMark() ?? process.resourceUsage().maxRSS;
  return kilobytes / 1024;
}

function highWaterMark(): number | undefined {
  try {
    const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    return match === null ? undefined : Number(match[1]);
  } catch {
    return undefined;
  }
}
