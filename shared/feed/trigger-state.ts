/** Where a reader of the feed continues: opaque, signed, bound to one tenant or to sets of tenants, without expiry. */
import * as z from 'zod';
import { createSigner } from '../access/signer.ts';
import type { SigningKeys } from '../access/signing-keys.ts';
import { RequestError } from '../errors.ts';
import type { ArrivalPosition } from './arrival-sequence.ts';
import type { FeedPosition } from './landing-sequence.ts';

const positive = z.int().min(1);
const line = z.int().min(0);
/** Version, tenant, sequence, line. */
const ofTenant = z.tuple([z.literal(1), z.string(), positive, line]);
/** Version, arrival, sequence, line, since. */
const ofSet = z.tuple([z.literal(2), positive, positive, line, positive]);

/**
 * It contains a position but no filters, so a reader may change its filters and continue. It never expires: a flow that
 * was off for months continues where it stopped.
 */
export interface TriggerStates {
  seal(tenantId: string, position: FeedPosition): string;
  /** @throws RequestError 400 InvalidTriggerState when altered or of another tenant */
  open(text: string, tenantId: string): FeedPosition;
  /** For any set of tenants: a reader may change that as well, and continue. */
  sealOfSet(position: ArrivalPosition): string;
  /** @throws RequestError 400 InvalidTriggerState when altered or of one tenant */
  openOfSet(text: string): ArrivalPosition;
}

export function createTriggerStates(signingKeys: SigningKeys): TriggerStates {
  const signer = createSigner(signingKeys, 'trigger state', z.union([ofTenant, ofSet]));
  return {
    seal: (tenantId, { sequence, line }) => signer.sign([1, tenantId, sequence, line]),
    open(text, tenantId) {
      const state = signer.open(text);
      if (state?.[0] !== 1 || state[1] !== tenantId) throw invalidTriggerState('this tenant');
      return { sequence: state[2], line: state[3] };
    },
    sealOfSet: ({ arrival, sequence, line, since }) => signer.sign([2, arrival, sequence, line, since]),
    openOfSet(text) {
      const state = signer.open(text);
      if (state?.[0] !== 2) throw invalidTriggerState('a feed of several tenants');
      const [, arrival, sequence, line, since] = state;
      return { arrival, sequence, line, since };
    },
  };
}

function invalidTriggerState(owner: string): RequestError {
  const message =
    `This triggerState does not belong to ${owner}. ` +
    'Follow Location unchanged, or start again without a triggerState.';
  return new RequestError(400, 'InvalidTriggerState', message, { target: 'triggerState' });
}
