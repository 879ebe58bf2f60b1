/** Which channels a message is for. */
import { contains, readSet, type SetMember } from '../access/tenant-set.ts';
import type { Channel } from './channel.ts';
import { isAtLeast, type Message } from './message.ts';

/**
 * @param tenant that the message is about, as it is now; undefined: it is about none
 */
export function isFor(
  {
    channelId,
    tenants,
    minimumSeverity,
    topics,
  }: Pick<Channel, 'channelId' | 'tenants' | 'minimumSeverity' | 'topics'>,
  { severity, topic, channels }: Pick<Message, 'severity' | 'topic' | 'channels'>,
  tenant: SetMember | undefined,
): boolean {
  if (!topics.includes(topic) || channels?.includes(channelId) === false) return false;
  // A report was requested: it is not the less wanted because nothing is wrong.
  if (topic !== 'reports' && !isAtLeast(severity, minimumSeverity)) return false;
  return isAbout(tenants, tenant);
}

/** Whether what is about this tenant, or about none, is for those who are notified of a set of tenants. */
export function isAbout(tenants: string, tenant: SetMember | undefined): boolean {
  return tenant === undefined ? readSet(tenants).isAll : contains(tenants, tenant);
}
