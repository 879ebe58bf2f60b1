/** By which names other than UserId a record says who did it. */
import { isObject, type JsonObject } from '../json.ts';
import { addressIn, distinctNames } from './person-names.ts';

/** A record has few; each costs a row. */
const maxNames = 10;

/**
 * The address in a UserId such as `urn:spo:guest#ada@fabrikam.example`. Where UserId is not an address, as in `Not
 * Available`, or is an id: UserKey, and the ids of Actor. Where it is one, they would only repeat it at the cost of rows.
 */
export function actorNames(fields: JsonObject): readonly string[] {
  const { UserId, UserKey, Actor } = fields;
  const userId = typeof UserId === 'string' ? UserId : '';
  const inside = addressIn(userId);
  const others = userId.includes('@') ? [] : [textOf(UserKey), ...idsIn(Actor)];
  const names = distinctNames([userId, inside, ...others.flatMap((name) => [name, addressIn(name ?? '')])]);
  return names.filter((name) => name !== userId && !placeholder.test(name.trim())).slice(0, maxNames);
}

const placeholder =
  /^(?:not available|unknown|none|null|<null>|__null__|not-found|serviceprincipal|user|application)$/i;

function idsIn(actors: unknown): readonly (string | undefined)[] {
  const all: readonly unknown[] = Array.isArray(actors) ? actors : [];
  return all.map((actor) => (isObject(actor) ? textOf(actor['ID']) : undefined));
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= 500 ? value : undefined;
}
