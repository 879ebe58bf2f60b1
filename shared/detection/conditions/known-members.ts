/** What conditions may read of a record. */
import { didYouMean } from '../../http/did-you-mean.ts';
import { isPath, wholeRecord } from '../../query/filter-language/filter-members.ts';
import { isRecordMember, recordMembers } from '../../records/member-kinds.ts';
import { derivedMembers, isDerivedMember } from './derived-members.ts';
import { splitsOf } from './field-paths.ts';

/**
 * Why the name is none of a member or path; undefined if it is. Members of the delivered record begin with a capital:
 * anything else is reached by `auditData/`.
 */
export function whyUnknown(name: string): string | undefined {
  if (isRecordMember(name) || isDerivedMember(name) || name === wholeRecord) return undefined;
  if (isPath(name) || /^[A-Z']/.test(name))
    return splitsOf(name).length > 0 ? undefined : 'has too many parts; write auditData/A/B';
  const meant = didYouMean(name, [...recordMembers, ...Object.keys(derivedMembers)]);
  const suggestion = meant === undefined ? '' : ` Did you mean '${meant}'?`;
  return `is neither a member of records nor a path such as Parameters.ForwardTo.${suggestion}`;
}
