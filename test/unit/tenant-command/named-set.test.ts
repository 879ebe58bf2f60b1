import { describe, expect, it } from 'vitest';
import { namedSet } from '../../../scripts/tenant/named-set.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';

describe('what is named on the command line', () => {
  it.each([
    ['*', '*'],
    ['tag:gold', 'tag:gold'],
    ['tag:gold,tag:silver', 'tag:gold,tag:silver'],
    ['tag:gold, tag:silver', 'tag:gold,tag:silver'],
    ['tag:gold ,  contoso.example', 'tag:gold,contoso.example'],
    [`${adatumId}, ${fabrikamId}`, `${adatumId},${fabrikamId}`],
    ['contoso,fabrikam', 'contoso,fabrikam'],
  ])('%s is a set', (named, set) => {
    expect(namedSet(named)).toBe(set);
  });

  it.each([
    'Contoso',
    'contoso.example',
    adatumId,
    'Contoso, Ltd.',
    'Smith, Jones, and Partners',
    'Contoso tag:gold',
  ])('%s is one tenant', (named) => {
    expect(namedSet(named)).toBeUndefined();
  });
});
