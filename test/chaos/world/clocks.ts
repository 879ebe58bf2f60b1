/** The clock of the world, and those of its hosts, which follow it and may be wrong. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface WorldClock {
  /** In milliseconds. */
  readonly now: () => number;
  readonly advance: (ms: number) => void;
  readonly createHostClock: (name: string) => HostClock;
}

export interface HostClock {
  /** For the host's environment. */
  readonly file: string;
  /** Sets the host's wall clock wrong by so much; 0 sets it right. */
  readonly skew: (ms: number) => void;
}

/**
 * @param folder for the files through which hosts follow it
 * @param startMs how far it is from this machine's at first
 */
export function createWorldClock(folder: string, startMs: number): WorldClock {
  let elapsedMs = 0;
  const skews = new Map<string, number>();
  const write = (file: string) => {
    writeFileSync(`${file}.new`, JSON.stringify({ startMs, elapsedMs, skewMs: skews.get(file) ?? 0 }));
    renameSync(`${file}.new`, file);
  };
  return {
    now: () => Date.now() + startMs + elapsedMs,
    advance: (ms) => {
      elapsedMs += ms;
      for (const file of skews.keys()) write(file);
    },
    createHostClock: (name) => {
      const file = join(folder, `${name}.clock`);
      const skew = (ms: number) => {
        skews.set(file, ms);
        write(file);
      };
      skew(0);
      return { file, skew };
    },
  };
}
