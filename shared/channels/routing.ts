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
  return tenant === undefined ? readSet(tenants).isAll : contains(tenants, tenant);
}
