/** Names of mailboxes in memory. */
import type { KnownMailbox, MailboxNameStore } from '../../../shared/tenants/mailbox-names.ts';

export function createFakeMailboxNameStore(): MailboxNameStore {
  const tenants = new Map<string, readonly KnownMailbox[]>();
  return {
    list: async (tenantId) => await Promise.resolve(tenants.get(tenantId) ?? []),
    save: async (tenantId, mailboxes) => {
      tenants.set(tenantId, mailboxes);
      await Promise.resolve();
    },
  };
}
