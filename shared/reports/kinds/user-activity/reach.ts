/** Who gets access by sharing, as far as the record says. */
import { addressIn } from '../../../records/person-names.ts';
import { isOutside } from '../../../sentences/addresses.ts';
import { factsOf, type DescribedRecord, type Facts } from '../../../sentences/facts.ts';

/** The widest first. `people`: people, or groups whose members are unknown, of the organization. */
export const reaches = ['anyone', 'outside', 'organization', 'people'] as const;
export type Reach = (typeof reaches)[number];

export interface SharedWith {
  readonly reach: Reach;
  /** The name as in the record, or words; absent if the record names no one. */
  readonly recipient?: string;
}

/** @param auditData the record as delivered */
export function sharedWith(record: DescribedRecord, auditData: unknown): SharedWith {
  const facts = factsOf(record, auditData);
  const name = facts.field('TargetUserOrGroupName');
  const link = linkOf(facts, name);
  if (link !== undefined) return link;
  const recipient = addressIn(name) ?? name;
  const reach = reachOf(facts, name, recipient);
  return recipient === '' ? { reach } : { reach, recipient };
}

/** SharePoint's group behind a link: `SharingLinks.{file}.AnonymousEdit.{link}`. */
const linkGroup = /^SharingLinks\.[^.]*\.(anonymous|organization|flexible)/i;

/** By the operation, or by the group behind the link. */
function linkOf({ record }: Facts, name: string): SharedWith | undefined {
  const operation = record.operation?.trim().toLowerCase() ?? '';
  const group = linkGroup.exec(name)?.[1]?.toLowerCase();
  if (group === 'anonymous' || operation.startsWith('anonymouslink'))
    return { reach: 'anyone', recipient: 'anyone with the link' };
  if (group === 'organization' || operation.startsWith('companylink'))
    return { reach: 'organization', recipient: 'everyone in the organization with the link' };
  return group === 'flexible' ? { reach: 'people', recipient: 'certain people with the link' } : undefined;
}

const organization = /^(?:everyone except external users|all users.*)$/i;

/** Guests by their names, and SharePoint's group that they belong to as well. */
const outsiders = /#ext#|urn:spo:guest|^everyone$/i;

function reachOf(facts: Facts, name: string, recipient: string): Reach {
  if (organization.test(name)) return 'organization';
  const type = facts.field('TargetUserOrGroupType');
  if (/^(?:guest|partner)$/i.test(type) || outsiders.test(name)) return 'outside';
  return !/^member$/i.test(type) && isOutside(facts, recipient) ? 'outside' : 'people';
}
