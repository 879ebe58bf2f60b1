/** The description matches the registered functions. */
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { pathParameters } from '../../../shared/api/path-parameters.ts';
import { describeOpenApi } from '../../../shared/description/openapi.ts';
import { allOperations } from '../../../shared/api/all.ts';
import { wrongAddress } from '../../../shared/http/wrong-address.ts';
import { registerFunctions } from '../../support/registered.ts';

const operations = allOperations();

describe('the operations', () => {
  it('are exactly the registered functions, except the one for all other addresses', async () => {
    const functions = await registerFunctions();
    // The host tries them in the order of their names.
    expect(functions.map(({ name }) => name).indexOf(wrongAddress.name)).toBe(functions.length - 1);
    const registered = functions
      .slice(0, -1)
      .flatMap(({ name, trigger }) =>
        trigger.methods
          .filter((method) => method !== 'HEAD')
          .map((method) => `${method} ${trigger.route ?? name}`),
      );
    const described = operations.map(({ method, route }) => `${method} ${route}`);
    expect(described.sort()).toEqual(registered.sort());
  });

  it('have unique names', () => {
    const names = operations.map(({ id }) => id);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[A-Z][A-Za-z]+$/.test(name))).toEqual([]);
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

  it('describes every parameter', () => {
    const text = JSON.stringify(document);
    expect(text).not.toContain('x-ms-visibility');
    for (const operation of operations) {
      for (const [name, schema] of Object.entries({ ...pathParameters, ...operation.query?.shape })) {
        const { description } = z.instanceof(z.ZodType).parse(schema).meta() ?? {};
        if (name !== 'api-version') expect([operation.id, name, description]).not.toContain(undefined);
      }
    }
  });

  it('has the address of the app', () => {
    expect(document['servers']).toEqual([{ url: 'https://audit.example/api' }]);
  });
});
