/** Where a reader of the feed continues: opaque, signed, bound to one tenant, without expiry. */
import * as z from 'zod';
import { createSigner } from '../access/signer.ts';
import type { SigningKeys } from '../access/signing-keys.ts';
import { RequestError } from '../errors.ts';
import type { FeedPosition } from './landing-sequence.ts';

/** Version, tenant, sequence, line. */
const schema = z.tuple([z.literal(1), z.string(), z.int().min(1), z.int().min(0)]);

/**
 * It contains a position but no filters, so a reader may change its filters and continue. It never expires: a flow that
 * was off for months continues where it stopped.
 */
export interface TriggerStates {
  seal(tenantId: string, position: FeedPosition): string;
  /** @throws RequestError 400 InvalidTriggerState when altered or of another tenant */
  open(text: string, tenantId: string): FeedPosition;
}

export function createTriggerStates(signingKeys: SigningKeys): TriggerStates {
  const signer = createSigner(signingKeys, 'trigger state', schema);
  return {
    seal: (tenantId, { sequence, line }) => signer.sign([1, tenantId, sequence, line]),
    open(text, tenantId) {
      const state = signer.open(text);
      if (state?.[1] !== tenantId) throw invalidTriggerState();
      return { sequence: state[2], line: state[3] };
    },
  };
}

function invalidTriggerState(): RequestError {
  const message =
    'This triggerState does not belong to this tenant. ' +
    'Follow Location unchanged, or start again without a triggerState.';
  return new RequestError(400, 'InvalidTriggerState', message, { target: 'triggerState' });
}
