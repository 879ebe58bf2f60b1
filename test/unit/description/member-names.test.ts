/** Members of answers are named by one rule, so that a caller who knows some of them knows all. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { allOperations } from '../../../shared/api/all.ts';
import { describeOpenApi } from '../../../shared/description/openapi.ts';
import { isObject } from '../../../shared/json.ts';

const { schemas } = z
  .object({ components: z.object({ schemas: z.record(z.string(), z.unknown()) }) })
  .transform(({ components }) => components)
  .parse(JSON.parse(JSON.stringify(describeOpenApi(allOperations(), 'https://audit.example/api'))));

/** Every member below a schema, by path. */
function membersOf(schema: unknown, path: string): readonly (readonly [string, string, unknown])[] {
  if (Array.isArray(schema)) return schema.flatMap((one) => membersOf(one, path));
  if (!isObject(schema)) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    if (key !== 'properties' || !isObject(value)) return membersOf(value, path);
    return Object.entries(value).flatMap(([name, member]) => [
      [`${path}.${name}`, name, member] as const,
      ...membersOf(member, `${path}.${name}`),
    ]);
  });
}

const members = Object.entries(schemas).flatMap(([name, schema]) => membersOf(schema, name));
const isMoment = (member: unknown) => isObject(member) && member['format'] === 'date-time';

/** Up to where something is known, and the ends of ranges, which are named like the parameters; a standard's own name. */
const otherMoments = /^(\w+Through|from|to|timestamp)$/;

describe('a member that is a moment', () => {
  it('ends in DateTime, and no other does', () => {
    const moments = members.filter(([, , member]) => isMoment(member));
    expect(moments.length).toBeGreaterThan(30);
    const odd = moments.filter(([, name]) => !name.endsWith('DateTime') && !otherMoments.test(name));
    expect(odd.map(([path]) => path)).toEqual([]);
    const pretenders = members.filter(([, name, member]) => name.endsWith('DateTime') && !isMoment(member));
    expect(pretenders.map(([path]) => path)).toEqual([]);
  });
});

describe('a resource', () => {
  it('is identified by id, and others by the name of what they are', () => {
    for (const name of ['Export', 'Enablement', 'Removal', 'Subscription', 'ClientKey', 'Record']) {
      const own = members.filter(
        ([path]) => path === `${name}.id` || path === `${name}.${name.toLowerCase()}Id`,
      );
      expect(own.map(([path]) => path)).toEqual([`${name}.id`]);
    }
  });
});
