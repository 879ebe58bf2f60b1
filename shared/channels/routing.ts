/** Which channels a message is for. */
import { contains, readSet, type SetMember } from '../access/tenant-set.ts';
import type { Channel } from './channel.ts';
import { isAtLeast, type Message } from './message.ts';

/**
 * @param tenant that the message is about, as it is now; undefined: it is about none
 */
export function isFor(
  { tenants, minimumSeverity, topics }: Pick<Channel, 'tenants' | 'minimumSeverity' | 'topics'>,
  { severity, topic }: Pick<Message, 'severity' | 'topic'>,
  tenant: SetMember | undefined,
): boolean {
  if (!topics.includes(topic) || !isAtLeast(severity, minimumSeverity)) return false;
  return isAbout(tenants, tenant);
}

/** Whether what is about this tenant, or about none, is for those who are notified of a set of tenants. */
export function isAbout(tenants: string, tenant: SetMember | undefined): boolean {
  return tenant === undefined ? readSet(tenants).isAll : contains(tenants, tenant);
}
