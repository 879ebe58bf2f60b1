/** The subset of the server-side filter language for mailboxes: comparisons joined by -and. */

import { CmdletError } from './cmdlet.ts';
import type { Mailbox } from './mailboxes.ts';

const comparison = /^(?<property>\w+)\s+-(?<operator>eq|ne)\s+(?<value>\$true|\$false|'[^']*'|"[^"]*")$/i;
const brackets = /^(?:\{(?<braced>.*)\}|\((?<bracketed>[^()]*)\))$/s;

/**
 * AuditEnabled is compared with the actual state, regardless of what Get-Mailbox reports.
 * @throws CmdletError for a filter it cannot read
 */
export const readFilter = (filter: string): ((mailbox: Mailbox) => boolean) => {
  const clauses = withoutBrackets(filter)
    .split(/\s+-and\s+/i)
    .map(readComparison);
  return (mailbox) => clauses.every((holds) => holds(mailbox));
};

const withoutBrackets = (text: string): string => {
  const groups = brackets.exec(text.trim())?.groups;
  const inner = groups?.['braced'] ?? groups?.['bracketed'];
  return inner === undefined ? text.trim() : withoutBrackets(inner);
};

const readComparison = (text: string): ((mailbox: Mailbox) => boolean) => {
  const groups = comparison.exec(withoutBrackets(text))?.groups;
  const [property, operator, value] = [groups?.['property'], groups?.['operator'], groups?.['value']];
  if (property === undefined || operator === undefined || value === undefined) throw invalid(text);
  const wanted = value.replace(/^(?:\$|['"])|['"]$/g, '').toLowerCase();
  const isEqual = operator.toLowerCase() === 'eq';
  return (mailbox) => {
    const actual = searchableOf(mailbox)[property.toLowerCase()];
    if (actual === undefined) throw invalid(text);
    return (String(actual).toLowerCase() === wanted) === isEqual;
  };
};

const searchableOf = (mailbox: Mailbox): Readonly<Record<string, string | boolean>> => ({
  auditenabled: mailbox.foundAsAudited,
  recipienttypedetails: mailbox.kind,
  displayname: mailbox.displayName,
  alias: mailbox.alias,
  primarysmtpaddress: mailbox.primarySmtpAddress,
  exchangeguid: mailbox.guid,
});

const invalid = (text: string): CmdletError =>
  new CmdletError(
    'System.Management.Automation.ParameterBindingException',
    `Cannot bind parameter 'Filter' to the target. Exception setting "Filter": "Invalid filter syntax: ${text}"`,
  );
