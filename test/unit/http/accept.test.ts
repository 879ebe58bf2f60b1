import { describe, expect, it } from 'vitest';
import { allOperations } from '../../../shared/api/all.ts';
import { errorSchema } from '../../../shared/api/schemas/errors.ts';
import { negotiatedTypes, preferredType } from '../../../shared/http/accept.ts';

const served = ['application/json', 'application/x-ndjson', 'text/csv'];

describe('the type that a caller prefers', () => {
  it.each([
    [null, 'application/json'],
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['text/html, image/gif, *; q=.2, */*; q=.2', 'application/json'],
    ['application/*', 'application/json'],
    ['application/json;odata.metadata=minimal, text/plain', 'application/json'],
    ['TEXT/CSV', 'text/csv'],
    ['text/*', 'text/csv'],
    ['text/csv, */*', 'text/csv'],
    ['text/csv;q=0.5, application/x-ndjson', 'application/x-ndjson'],
    ['application/json, text/csv;q=0.1', 'application/json'],
    ['application/json;q=0, */*', 'application/x-ndjson'],
    // It asks for the form of errors only.
    ['application/problem+json', 'application/json'],
    ['application/problem+json, text/csv', 'text/csv'],
    ['text/plain', undefined],
    ['application/xml, text/*;q=0', undefined],
    ['json', undefined],
  ])('%j', (accept, type) => {
    expect(preferredType(accept, served)).toBe(type);
  });

  it('is anything where nothing is served that has a type', () => {
    expect(preferredType('text/csv', [])).toBeUndefined();
  });
});

describe('every operation', () => {
  it.each(['GetExportContent', 'StreamRecords', 'GetRejectedBodyContent'])(
    'sends a file whatever is accepted: %s',
    (id) => {
      const operation = allOperations().find((one) => one.id === id);
      expect(operation && negotiatedTypes(operation)).toEqual([]);
    },
  );

  it('declares 406 if and only if it answers with content that is not a file', () => {
    for (const operation of allOperations()) {
      const types = negotiatedTypes(operation);
      const declared = operation.answers[406]?.schema === errorSchema;
      expect([operation.id, declared]).toEqual([operation.id, types.length > 0]);
    }
  });
});
