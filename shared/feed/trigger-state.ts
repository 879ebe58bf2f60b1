/** Where a reader of the feed continues: opaque, bound to one tenant or to sets of tenants, without expiry. */
import * as z from 'zod';
import { seal, sealingKeys, unseal } from '../access/sealing.ts';
import { createSigner } from '../access/signer.ts';
import type { SigningKeys } from '../access/signing-keys.ts';
import { RequestError } from '../errors.ts';
import type { ArrivalPosition } from './arrival-sequence.ts';
import type { FeedPosition } from './landing-sequence.ts';

const positive = z.int().min(1);
const line = z.int().min(0);
/** Version, tenant, sequence, line. */
const ofTenant = z.tuple([z.literal(1), z.string(), positive, line]);
/** Arrival, sequence, line, since. */
const ofSet = z.tuple([positive, positive, line, positive]);
/** All states of sets are of one length: numbers of arrivals are short before the first one. */
const digits = 16;

/**
 * It contains a position but no filters, so a reader may change its filters and continue. It never expires: a flow that
 * was off for months continues where it stopped.
 */
export interface TriggerStates {
  seal(tenantId: string, position: FeedPosition): string;
  /** @throws RequestError 400 InvalidTriggerState when altered or of another tenant */
  open(text: string, tenantId: string): FeedPosition;
  /**
   * For any set of tenants: a reader may change that as well, and continue. It is encrypted, and no two are the same:
   * arrivals of all tenants are numbered by time, and a reader must not learn when others had some, nor whether.
   */
  sealOfSet(position: ArrivalPosition): string;
  /** @throws RequestError 400 InvalidTriggerState when altered or of one tenant */
  openOfSet(text: string): ArrivalPosition;
}

export function createTriggerStates(signingKeys: SigningKeys): TriggerStates {
  const signer = createSigner(signingKeys, 'trigger state', ofTenant);
  const keys = sealingKeys(signingKeys, 'trigger state of a set');
  return {
    seal: (tenantId, { sequence, line }) => signer.sign([1, tenantId, sequence, line]),
    open(text, tenantId) {
      const state = signer.open(text);
      if (state?.[1] !== tenantId) throw invalidTriggerState('this tenant');
      return { sequence: state[2], line: state[3] };
    },
    sealOfSet({ arrival, sequence, line, since }) {
      const numbers = [arrival, sequence, line, since].map((one) => String(one).padStart(digits, '0'));
      return seal(keys[0], numbers.join(' ')).toString('base64url');
    },
    openOfSet(text) {
      const numbers = unsealed(keys, text)?.split(' ').map(Number);
      const state = ofSet.safeParse(numbers).data;
      if (state === undefined) throw invalidTriggerState('a feed of several tenants');
      const [arrival, sequence, line, since] = state;
      return { arrival, sequence, line, since };
    },
  };
}

/** Undefined when it was altered, or is none of ours. */
function unsealed(keys: SigningKeys, text: string): string | undefined {
  try {
    return unseal(keys, Buffer.from(text, 'base64url'));
  } catch {
    return undefined;
  }
}

function invalidTriggerState(owner: string): RequestError {
  const message =
    `This triggerState does not belong to ${owner}. ` +
    'Follow Location unchanged, or start again without a triggerState.';
  return new RequestError(400, 'InvalidTriggerState', message, { target: 'triggerState' });
}
