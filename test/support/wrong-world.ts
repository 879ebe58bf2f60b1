/** An organization in which everything is wrong, and refusals of it. */
import { UpstreamError, type UpstreamAction } from '../../shared/errors.ts';
import type { EnablementWorld } from './enablement-world.ts';
import { mailboxNamed, trappedMailbox } from './modeled-mailbox.ts';

export const refusal = (action: UpstreamAction, code: string, retryAfterMs?: number) =>
  new UpstreamError(action, code, `It is refused with ${code}.`, { retryAfterMs });

/** One mailbox of four is right. */
export function makeWrong({ exchange }: EnablementWorld): void {
  Object.assign(exchange.organization, { isDehydrated: true, auditDisabled: true, unifiedAuditLog: false });
  exchange.put(
    mailboxNamed('right', { auditLogAgeDays: 365 }),
    mailboxNamed('off', { auditEnabled: false }),
    trappedMailbox('trap'),
    mailboxNamed('own', { auditLogAgeDays: 365, managedByMicrosoft: ['owner'] }),
  );
  exchange.bypassed.set('id-robot', { id: 'id-robot', name: 'Robot' });
}
