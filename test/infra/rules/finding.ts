/** A violation of a rule by a deployment. */
import { shortName, valueAt, type Resource, type Snapshot } from '../snapshot.ts';

export interface Finding {
  /** A resource, a setting or a name. */
  readonly where: string;
  readonly what: string;
}

export type Rule = (snapshot: Snapshot) => readonly Finding[];

/** A finding for each path with a wrong value. */
export function expectMembers(
  resources: readonly Resource[],
  expected: Readonly<Record<string, unknown>>,
): readonly Finding[] {
  return resources.flatMap((resource) =>
    Object.entries(expected).flatMap(([path, value]): readonly Finding[] => {
      const actual = valueAt(resource, path);
      if (actual === value) return [];
      const where = `${resource.type} ${shortName(resource)}`;
      return [{ where, what: `${path} is ${JSON.stringify(actual)} instead of ${JSON.stringify(value)}` }];
    }),
  );
}

/** A finding for each name that only one of two lists has. */
export function compareNames(
  noun: string,
  used: readonly string[],
  deployed: readonly string[],
): readonly Finding[] {
  return [
    ...used
      .filter((name) => !deployed.includes(name))
      .map((where) => ({ where, what: `${noun} is used and not deployed` })),
    ...deployed
      .filter((name) => !used.includes(name))
      .map((where) => ({ where, what: `${noun} is deployed and not used` })),
  ];
}

/** A finding when there are more or fewer than so many. */
export function expectCount(type: string, resources: readonly Resource[], count: number): readonly Finding[] {
  return resources.length === count
    ? []
    : [{ where: type, what: `there are ${resources.length} of them instead of ${count}` }];
}

/** A finding unless there is one value, and it is an output of a module: `monitoring.workspaceId`. */
export function expectOutput(
  { name }: Resource,
  values: readonly unknown[],
  output: string,
): readonly Finding[] {
  const [module = '', member = ''] = output.split('.');
  const isOutput = (value: unknown) =>
    typeof value === 'string' &&
    value.includes(`format('${module}-{0}'`) &&
    value.endsWith(`.outputs.${member}.value]`);
  return values.length === 1 && values.every(isOutput)
    ? []
    : [{ where: name, what: `has ${JSON.stringify(values)} instead of ${output}` }];
}
