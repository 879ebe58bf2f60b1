/** Reads all sign-ins of the range, then who signed in from addresses of attacks, then where people were before. */
import * as z from 'zod';
import { isObject } from '../../../json.ts';
import { lazy } from '../../../lazy.ts';
import type { Collector } from '../../report-kind.ts';
import { createAttackCounter, attacksSchema, noAttacks } from './attacks.ts';
import { createAttemptCounter, dayOfAttemptsSchema, noAttempts } from './attempts.ts';
import type { SignInsInputs } from './collected.ts';
import {
  createFollowerCounter,
  followersSchema,
  followersWanted,
  indexOf,
  noFollowers,
} from './followers.ts';
import { createHistoryReader, historySchema, networksThatMatter, noHistory } from './history.ts';
import { scanOf, scans, type ScanName } from './scans.ts';
import { sectionsOf } from './sections.ts';
import { signInOf, visitIn, type SignIn } from './sign-in.ts';
import { createTally, emptyTally, tallySchema } from './tally.ts';

export const stateSchema = z.strictObject({
  scan: z.enum(scans),
  tally: tallySchema,
  attempts: dayOfAttemptsSchema,
  attacks: attacksSchema,
  followers: followersSchema,
  history: historySchema,
});
export type SignInsState = z.output<typeof stateSchema>;

const begin: SignInsState = {
  scan: 'range',
  tally: emptyTally,
  attempts: noAttempts,
  attacks: noAttacks,
  followers: noFollowers,
  history: noHistory,
};

export function openSignIns(inputs: SignInsInputs, state: SignInsState = begin): Collector<SignInsState> {
  const { range, limits } = inputs;
  let { scan } = state;
  const tally = createTally(limits, state.tally);
  const attacks = createAttackCounter(limits, state.attacks);
  const attempts = createAttemptCounter(limits, state.attempts, (found) => {
    attacks.add(found);
  });
  // What the scan of the range found is whole when these are first needed.
  const index = lazy(() => indexOf(attacks.found()));
  const wanted = lazy(() => followersWanted(attacks.found()));
  const followers = createFollowerCounter(limits, state.followers, index);
  // First needed after the scan of those who follow.
  const matter = lazy(() => networksThatMatter(tally.tallied(), attacks.found(), followers.counted()));
  const history = createHistoryReader(state.history, matter);

  const addSignIn = (signIn: SignIn) => {
    tally.add(signIn);
    attempts.add(signIn);
  };
  const isNeeded = (one: ScanName) => {
    if (one === 'followers') return wanted() !== undefined;
    return one !== 'past' || matter().size > 0;
  };
  return {
    next: () => scanOf(scan, range, wanted),
    add(record, auditData) {
      const visit = visitIn(record);
      if (visit === undefined) {
        if (scan === 'range') tally.addUnnamed();
        return;
      }
      if (scan === 'followers') followers.add(visit);
      else if (scan === 'past') history.add(visit);
      else addSignIn(signInOf(visit, record, isObject(auditData) ? auditData : {}));
    },
    endScan() {
      if (scan === 'range') attempts.end();
      scan = scans.slice(scans.indexOf(scan) + 1).find(isNeeded) ?? 'done';
    },
    state: () => ({
      scan,
      tally: tally.tallied(),
      attempts: attempts.counted(),
      attacks: attacks.found(),
      followers: followers.counted(),
      history: history.found(),
    }),
    sections: () =>
      sectionsOf(inputs, {
        tallied: tally.tallied(),
        attacks: attacks.found(),
        uncounted: attempts.counted(),
        followers: followers.counted(),
        history: history.found(),
      }),
  };
}
