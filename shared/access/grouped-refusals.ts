/** Keeps the access log small whatever strangers send: one entry for each address and minute. */
import type { AccessLog, AccessLogEntry } from './access-log.ts';

export interface GroupingAccessLog extends AccessLog {
  /** Writes the counts that are not written yet. */
  flush(): Promise<void>;
}

export interface GroupingDeps {
  readonly now: () => Date;
  /** Does the work after that many milliseconds, unless the process has ended by then. */
  readonly later: (ms: number, work: () => Promise<void>) => void;
}

/** Calls of one client within one minute. */
interface Group {
  readonly first: AccessLogEntry;
  readonly minute: number;
  count: number;
  written: number;
  /** Writes follow each other, so that the last one has the largest count. */
  writing: Promise<void>;
}

const minuteMs = 60_000;
/** Further addresses share an entry. */
const addressesPerMinute = 1000;

/**
 * Entries of calls whose caller is unknown become one for each address, outcome, and minute in this process: the first,
 * with their count. The first is written before it is answered, and the count again whenever it has doubled and when the
 * minute has ended, so that at least half of them are counted even if the process ends at any moment.
 */
export function groupRefusals(log: AccessLog, { now, later }: GroupingDeps): GroupingAccessLog {
  const groups = new Map<string, Group>();
  const minuteOf = (at: Date) => Math.floor(at.getTime() / minuteMs);
  let isScheduled = false;
  const schedule = (): void => {
    if (isScheduled) return;
    isScheduled = true;
    later(minuteMs, endMinute);
  };
  const flush = async (): Promise<void> => {
    for (const group of groups.values()) await writeRest(log, group);
  };
  const endMinute = async (): Promise<void> => {
    isScheduled = false;
    // What could not be written remains for the next time.
    await flush().catch(() => undefined);
    for (const [key, { minute, count, written }] of groups)
      if (minute < minuteOf(now()) && count === written) groups.delete(key);
    if (groups.size > 0) schedule();
  };
  /** The group of this minute; one of an earlier minute is completed first. */
  const groupFor = async (key: string, first: AccessLogEntry): Promise<Group> => {
    const [minute, before] = [minuteOf(first.at), groups.get(key)];
    if (before?.minute === minute) return before;
    const group = { first, minute, count: 0, written: 0, writing: Promise.resolve() };
    groups.set(key, group);
    if (before !== undefined) await writeRest(log, before);
    return group;
  };
  const add = async (entry: AccessLogEntry): Promise<void> => {
    schedule();
    const own = `${entry.outcome} ${entry.clientAddress ?? ''}`;
    const hasRoom = groups.has(own) || groups.size < addressesPerMinute;
    const group = hasRoom
      ? await groupFor(own, entry)
      : await groupFor(`${entry.outcome} *`, { ...entry, clientAddress: undefined });
    group.count += 1;
    if (isPowerOfTwo(group.count)) await write(log, group);
  };
  return {
    ...log,
    append: (entry) => (entry.clientAddress === undefined ? log.append(entry) : add(entry)),
    flush,
  };
}

async function writeRest(log: AccessLog, group: Group): Promise<void> {
  if (group.count !== group.written) await write(log, group);
}

async function write(log: AccessLog, group: Group): Promise<void> {
  const written = group.writing.then(async () => {
    const { first, count } = group;
    await log.append({ ...first, count });
    group.written = count;
  });
  group.writing = written.catch(() => undefined);
  await written;
}

function isPowerOfTwo(count: number): boolean {
  return (count & (count - 1)) === 0;
}
