/** One record of a sign-in, as the report takes it. */
import type { JsonObject } from '../../../json.ts';
import type { FoundRecord } from '../../../query/found-record.ts';
import { normalize } from '../../../records/normalize.ts';
import { factsOf, type Facts } from '../../../sentences/facts.ts';
import { isConfirmation, oldProtocolIn } from '../../../sentences/ways-to-sign-in.ts';
import { shortText } from '../../short-text.ts';
import { networkOf } from './network.ts';
import { outcomeOf, type Outcome } from './outcome.ts';

/** Who signed in, and from where: what the index has of a record. */
export interface Visit {
  readonly recordId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Equal in all records of one person. */
  readonly person: string;
  /** Empty if the record has only the ID. */
  readonly name: string;
  /** Empty if the record has none. */
  readonly address: string;
  /** Undefined without an address. */
  readonly network: string | undefined;
}

export interface SignIn extends Visit, Outcome {
  /** How, if it is a way that attackers like; empty otherwise. */
  readonly way: string;
  /** Which authentication the record says was required. */
  readonly required: 'single' | 'multifactor' | undefined;
}

/** Undefined if the record does not say whose sign-in it was. */
export function visitIn({ id, createdDateTime, summary }: FoundRecord): Visit | undefined {
  const { userId = '', userKey = '', clientIp = '' } = summary;
  const person = personOf(userId, userKey);
  if (person === undefined) return undefined;
  const network = networkOf(clientIp);
  return {
    recordId: id,
    at: createdDateTime.getTime(),
    person,
    name: isNoName(userId) ? '' : shortText(userId),
    address: network === undefined ? '' : clientIp,
    network,
  };
}

/** @param fields the record as delivered */
export function signInOf(visit: Visit, { summary }: FoundRecord, fields: JsonObject): SignIn {
  const facts = factsOf(summary, fields);
  return { ...visit, ...outcomeOf(facts), way: wayIn(facts), required: requiredIn(facts) };
}

/** The ID in the directory, which stays when people are renamed; otherwise the name. */
function personOf(userId: string, userKey: string): string | undefined {
  const key = userKey.trim().toLowerCase();
  if (guid.test(key) && key !== noGuid) return key;
  return isNoName(userId) ? undefined : shortText(normalize.text(userId));
}

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const noGuid = '00000000-0000-0000-0000-000000000000';

/** Words in place of a name. */
function isNoName(text: string): boolean {
  return /^(?:|not available|unknown|none|null|<null>|not-found)$/i.test(text.trim());
}

function wayIn({ property }: Facts): string {
  const protocol = oldProtocolIn(property('UserAgent'));
  if (protocol !== undefined) return `old protocol, password only (${protocol})`;
  return isConfirmation(property('RequestType')) ? 'confirmed application, as with a device code' : '';
}

/** A member of Entra's sign-in logs, which audit records seldom have. */
function requiredIn({ field, property }: Facts): SignIn['required'] {
  const text = field('AuthenticationRequirement') || property('AuthenticationRequirement');
  if (/^multiFactorAuthentication$/i.test(text)) return 'multifactor';
  return /^singleFactorAuthentication$/i.test(text) ? 'single' : undefined;
}
