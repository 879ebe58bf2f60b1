/** What senders share, in tests: this machine is allowed, and secrets and tokens are made up. */
import { allowedIn } from '../../../shared/destinations/allowed-hosts.ts';
import type { SenderContext } from '../../../shared/destinations/kind.ts';

/** What `destination-any` names. */
export const anySecret = 'Zm9yIHRlc3RzIG9ubHk';

export function senderContext(more: Partial<SenderContext> = {}): SenderContext {
  return {
    secret: (name) =>
      name === 'destination-any'
        ? Promise.resolve(anySecret)
        : Promise.reject(new Error(`There is no ${name}.`)),
    token: (scope) => Promise.resolve(`token for ${scope}`),
    isAllowed: allowedIn(['127.0.0.0/8']),
    now: () => new Date('2026-03-02T08:10:00Z'),
    ...more,
  };
}
