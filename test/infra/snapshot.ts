/** The committed snapshots: what each parameter file would make in Azure. */
import { readFileSync, readdirSync } from 'node:fs';
import * as z from 'zod';

const members = z.record(z.string(), z.unknown());

const resourceSchema = z.looseObject({
  /** Full path, or an expression Azure evaluates. */
  id: z.string(),
  type: z.string(),
  /** With the names of its parents before it: account/default/queue. */
  name: z.string(),
  properties: members.default({}),
});

const snapshotSchema = z.object({
  predictedResources: z.array(resourceSchema),
  outputs: members,
});

export type Resource = z.infer<typeof resourceSchema>;
export type Snapshot = z.infer<typeof snapshotSchema>;

const infra = new URL('../../infra/', import.meta.url);

/** Of every parameter file there is: `small`, `standard`, ... */
export const parameterFiles: readonly string[] = readdirSync(new URL('parameters/', infra))
  .filter((file) => file.endsWith('.bicepparam'))
  .map((file) => file.replace('.bicepparam', ''));

/** @throws when the parameter file has no snapshot */
export function loadSnapshot(parameterFile: string, folder = 'parameters'): Snapshot {
  const text = readFileSync(new URL(`${folder}/${parameterFile}.snapshot.json`, infra), 'utf8');
  return snapshotSchema.parse(JSON.parse(text));
}

export function ofType(snapshot: Snapshot, type: string): readonly Resource[] {
  return snapshot.predictedResources.filter((resource) => resource.type === type);
}

/** The last parts of the names of all resources of a type. */
export function namesOf(snapshot: Snapshot, type: string): readonly string[] {
  return ofType(snapshot, type).map(shortName);
}

export function shortName({ name }: Resource): string {
  return name.split('/').at(-1) ?? name;
}

/** The value at a path such as `properties.siteConfig.minTlsVersion`; undefined if there is none. */
export function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => members.safeParse(at).data?.[key], value);
}

/** Names and values of the members of an object; none of anything else. */
export function membersAt(value: unknown, path: string): Readonly<Record<string, unknown>> {
  return members.safeParse(valueAt(value, path)).data ?? {};
}

/** The members of a list; none of anything else. */
export function listAt(value: unknown, path: string): readonly unknown[] {
  const list = valueAt(value, path);
  return Array.isArray(list) ? list : [];
}

/** The application settings of the Function App. */
export function appSettings(snapshot: Snapshot): Readonly<Record<string, unknown>> {
  const settings = ofType(snapshot, 'Microsoft.Web/sites/config').find(
    (config) => shortName(config) === 'appsettings',
  );
  return settings?.properties ?? {};
}
