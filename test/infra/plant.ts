/** Plants a mistake in a copy of a snapshot. */
import * as z from 'zod';
import type { Resource, Snapshot } from './snapshot.ts';

const members = z.record(z.string(), z.unknown());

/** Of which resources: a type, and the end of their names where there are several. */
export interface Target {
  readonly type: string;
  readonly name?: string;
}

export function set(target: Target, path: string, value: unknown): (snapshot: Snapshot) => Snapshot {
  return changing(target, (resource) => [{ ...resource, ...setAt(resource, path.split('.'), value) }]);
}

export function remove(target: Target): (snapshot: Snapshot) => Snapshot {
  return changing(target, () => []);
}

/** A copy of the first of its kind, with another name and these changes. */
export function addLike(
  target: Target,
  name: string,
  other: Partial<Resource> = {},
): (snapshot: Snapshot) => Snapshot {
  return changing(target, (resource, i) =>
    i === 0 ? [resource, { ...resource, name: `${resource.name}/${name}`, ...other }] : [resource],
  );
}

export function addOutput(name: string, value: unknown): (snapshot: Snapshot) => Snapshot {
  return (snapshot) => ({ ...snapshot, outputs: { ...snapshot.outputs, [name]: value } });
}

/** @throws when there is no such resource: a mistake that was not planted proves nothing */
function changing(
  { type, name = '' }: Target,
  change: (resource: Resource, index: number) => readonly Resource[],
): (snapshot: Snapshot) => Snapshot {
  return (snapshot) => {
    let matches = 0;
    const predictedResources = snapshot.predictedResources.flatMap((resource) =>
      resource.type === type && resource.name.endsWith(name) ? change(resource, matches++) : [resource],
    );
    if (matches === 0) throw new Error(`There is no ${type} ${name} to plant a mistake in.`);
    return { ...snapshot, predictedResources };
  };
}

function setAt(value: unknown, [key, ...rest]: readonly string[], to: unknown): Record<string, unknown> {
  const object = members.safeParse(value).data ?? {};
  if (key === undefined) return object;
  return { ...object, [key]: rest.length === 0 ? to : setAt(object[key], rest, to) };
}
