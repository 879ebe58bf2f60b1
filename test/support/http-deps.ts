/** What every HTTP function needs besides access, in memory, for tests that are about something else. */
import { createRepeats } from '../../shared/access/repeats.ts';
import { createFakeAccessLog } from './fakes/access-log.ts';
import { createFakeRepeatStore } from './fakes/repeat-store.ts';

export function createFakeHttpDeps(now: () => Date) {
  return {
    accessLog: createFakeAccessLog(),
    repeats: createRepeats({ store: createFakeRepeatStore(), signingKey: Buffer.alloc(32, 1), now }),
  };
}
