/** The arithmetic of the benchmark: sizes by Azure's formula, requests as Azure bills them, figures in the middle. */
import { describe, expect, it } from 'vitest';
import { entitySize } from './azure-size.ts';
import { classify } from './counting-proxy.ts';
import { median, percentile } from './figures.ts';

describe('entitySize', () => {
  it('counts keys at two bytes a character and four for the entity', () => {
    expect(entitySize({ partitionKey: 'time', rowKey: '123456', etag: 'x', timestamp: 'y' })).toBe(
      4 + 2 * 10,
    );
  });

  it.each([
    ['text', 'abc', 2 * 3 + 4],
    ['a 64-bit integer', 5n, 8],
    ['a 32-bit integer', 5, 4],
    ['a double', 5.5, 8],
    ['a date', new Date(0), 8],
    ['binary', Buffer.alloc(10), 14],
    ['a boolean', true, 1],
  ])('counts %s by its kind, and its name', (_kind, value, bytes) => {
    expect(entitySize({ partitionKey: '', rowKey: '', ab: value })).toBe(4 + 8 + 2 * 2 + bytes);
  });
});

describe('classify', () => {
  it.each([
    ['Blob', 'PUT', '/account/raw/a?comp=block', 'blobWrites'],
    ['Blob', 'GET', '/account/raw/a', 'blobReads'],
    ['Blob', 'GET', '/account/raw?restype=container&comp=list', 'blobWrites'],
    ['Blob', 'DELETE', '/account/raw/a', undefined],
    ['Table', 'POST', '/account/$batch', 'tableWrites'],
    ['Table', 'GET', '/account/Ledger()', 'tableReads'],
    ['Queue', 'DELETE', '/account/raw-blobs/messages/1', 'queueOperations'],
  ] as const)('charges %s %s %s as %s', (service, method, path, kind) => {
    expect(classify({ service, method, path })).toBe(kind);
  });
});

describe('median and percentile', () => {
  it('return a measured value', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(percentile([4, 1, 3, 2], 95)).toBe(4);
    expect(median([])).toBeUndefined();
  });
});
