/** What is described is what there is. */
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { describeOpenApi } from '../../../shared/description/openapi.ts';
import { allOperations } from '../../../shared/description/operations/all.ts';
import { registerFunctions } from '../../support/registered.ts';

const operations = allOperations();

describe('the operations', () => {
  it('are the registered functions, all of them and no other', async () => {
    const registered = (await registerFunctions()).flatMap(({ name, trigger }) =>
      trigger.methods.map((method) => `${method} ${trigger.route ?? name}`),
    );
    const described = operations.map(({ method, route }) => `${method} ${route}`);
    expect(described.sort()).toEqual(registered.sort());
  });

  it('have names of their own', () => {
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[A-Z][A-Za-z]+$/.test(name))).toEqual([]);
  });

  it('name every parameter of their route', () => {
    for (const { route, parameters } of operations) {
      const inRoute = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(Object.keys(parameters?.shape ?? {})).toEqual(expect.arrayContaining(inRoute));
    }
  });
});

describe('the description', () => {
  const document = describeOpenApi(operations, 'https://audit.example/api');

  it('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(
      z.record(z.string(), z.unknown()).parse(JSON.parse(JSON.stringify(document))),
    );
    expect(result).toMatchObject({ valid: true });
  });

  it('describes every parameter in words', () => {
    const text = JSON.stringify(document);
    expect(text).not.toContain('x-ms-visibility');
    for (const operation of operations) {
      for (const [name, schema] of Object.entries(operation.parameters?.shape ?? {})) {
        const { description } = z.instanceof(z.ZodType).parse(schema).meta() ?? {};
        if (name !== 'api-version')
          expect([operation.operationId, name, description]).not.toContain(undefined);
      }
    }
  });

  it('says where the app answers', () => {
    expect(document['servers']).toEqual([{ url: 'https://audit.example/api' }]);
  });
});
