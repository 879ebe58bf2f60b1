import { expect, it } from 'vitest';
import { packedOperation, plainColumns, toOperation } from '../../../shared/adapters/tables/operation-row.ts';
import { inventedOperation, manyKind } from '../../support/operations.ts';

it('a row of an earlier release says of no run that it handed over', () => {
  const one = {
    ...inventedOperation(),
    ...{ etag: 'v1', run: 7, savedBy: 3, handedOverBy: 6, cancelRequested: false },
  };
  const row = { ...plainColumns(manyKind, one), ...packedOperation(manyKind, one), etag: 'v1' };
  expect(toOperation(manyKind, row)).toMatchObject({ run: 7, handedOverBy: 6 });
  expect(toOperation(manyKind, { ...row, handedOverBy: undefined })).toMatchObject({
    ...{ run: 7, savedBy: 3, handedOverBy: 0 },
  });
});
