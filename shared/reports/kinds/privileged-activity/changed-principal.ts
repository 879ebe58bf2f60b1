/** Whose role or membership a record of the directory changes. */
import * as z from 'zod';
import { isObject, type JsonObject } from '../../../json.ts';
import { distinctNames } from '../../../records/person-names.ts';

export const targetSchema = z.object({
  type: z.enum(['user', 'servicePrincipal', 'group', 'unknown']),
  /** Directory object id, if the record has it. */
  id: z.string().optional(),
  /** All that the record has, the id among them. */
  names: z.array(z.string()).readonly(),
});
export type ChangedPrincipal = Readonly<z.infer<typeof targetSchema>>;

const classes: Readonly<Record<string, ChangedPrincipal['type']>> = {
  user: 'user',
  serviceprincipal: 'servicePrincipal',
  group: 'group',
};
const guidPattern = '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}';
const classAndId = new RegExp(`^(User|ServicePrincipal|Group)_(${guidPattern})$`, 'i');
const guid = new RegExp(`^${guidPattern}$`, 'i');
/** Types of IDs in Target: name, PUID, and user principal name. */
const [nameType, puidType, principalNameType] = [1, 3, 5];

/** Undefined if the record does not say. */
export function targetIn(fields: JsonObject): ChangedPrincipal | undefined {
  const targets = idsIn(fields['Target']);
  const found = targets.map(({ id }) => classAndId.exec(id)).find((match) => match !== null);
  const [, kind = '', id] = found ?? [];
  const type = classes[kind.toLowerCase()] ?? 'unknown';
  const names = distinctNames([
    id,
    ...targets.filter(({ type }) => type === principalNameType || type === puidType).map((one) => one.id),
    ...(type === 'group' ? targets.filter(({ type }) => type === nameType).map((one) => one.id) : []),
    ...(type === 'servicePrincipal' ? namesOfServicePrincipal(targets, id) : []),
    addressOf(fields['ObjectId']),
  ]);
  return names.length === 0 ? undefined : { type, ...(id !== undefined && { id }), names };
}

/** An application is known by its app id as well, and records of what it does by a prefixed id. */
function namesOfServicePrincipal(targets: readonly TargetId[], id = ''): readonly string[] {
  // Records of Privileged Identity Management have several ids: of roles, and of requests.
  const ids = distinctNames(targets.map((one) => one.id).filter((one) => guid.test(one)));
  return [`ServicePrincipal_${id}`, ...(ids.length <= 2 ? ids : [])];
}

interface TargetId {
  readonly id: string;
  readonly type: unknown;
}

function idsIn(target: unknown): readonly TargetId[] {
  const all: readonly unknown[] = Array.isArray(target) ? target : [];
  return all
    .filter(isObject)
    .flatMap(({ ID, Type }) => (typeof ID === 'string' ? [{ id: ID, type: Type }] : []));
}

function addressOf(objectId: unknown): string | undefined {
  return typeof objectId === 'string' && objectId.includes('@') && !/\s/.test(objectId)
    ? objectId
    : undefined;
}
