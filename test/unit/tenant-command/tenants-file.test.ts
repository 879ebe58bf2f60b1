/** What the file of an import says, however a spreadsheet saved it. */
import fc from 'fast-check';
import { csvLine } from '../../../shared/exports/csv-cells.ts';
import { describe, expect, it } from 'vitest';
import { parseTenants } from '../../../scripts/tenant/tenants-file.ts';

const id = 'a3c5e7f9-1b2d-4f60-8a7c-9e0d1c2b3a41';

describe('a file of tenants', () => {
  it('names each tenant by domain or ID, with name and tags', () => {
    const text = `domain,id,name,tags\nContoso.example,,Contoso,"gold; EMEA"\n,${id},,\n`;
    expect(parseTenants(text)).toEqual([
      { line: 2, tenant: { domain: 'contoso.example', displayName: 'Contoso', tags: ['emea', 'gold'] } },
      { line: 3, tenant: { tenantId: id } },
    ]);
  });

  it.each([
    ['semicolons, as Excel writes them', 'domain;name;tags\r\na.example;"A; Co";"gold;emea"\r\n'],
    ['tabs', 'domain\tname\ttags\na.example\tA; Co\tgold;emea'],
    ['other cases, order, and blanks', ' Tags , NAME , Domain \ngold;emea, A; Co , a.example '],
  ])('may have %s', (_, text) => {
    expect(parseTenants(text)).toEqual([
      { line: 2, tenant: { domain: 'a.example', displayName: 'A; Co', tags: ['emea', 'gold'] } },
    ]);
  });

  it('skips empty lines, and counts them', () => {
    const lines = parseTenants('domain;name\n\na.example;A\n;\n\nno domain;B\n');
    expect(lines).toMatchObject([{ line: 3 }, { line: 6, error: 'domain must be a domain name.' }]);
  });

  it.each([
    ['', { line: 1, error: expect.stringContaining('must name the columns') as string }],
    ['a.example,A\n', { line: 1, error: expect.stringContaining('must name the columns') as string }],
    [
      'domain,nmae\na.example,A',
      { line: 1, error: "has an unknown column 'nmae'. Known: domain, id, name, tags." },
    ],
    ['domain,domain\na.example,', { line: 1, error: 'has the column domain twice.' }],
    ['domain,name\n,A', { line: 2, error: 'has no domain and no id.' }],
    [`domain,id\na.example,${id}`, { line: 2, error: 'id or domain is required, but not both.' }],
    ['id\nnot-an-id', { line: 2, error: 'id must be a GUID.' }],
    [
      'domain,tags\na.example,two words',
      { line: 2, error: expect.stringContaining('tags must have') as string },
    ],
    ['domain\na.example,B', { line: 2, error: "has more cells than the header: 'B'." }],
    ['domain\n"a.example', { line: 2, error: expect.stringContaining('not valid CSV') as string }],
  ])('says what is wrong, and in which line: %j', (text, error) => {
    expect(parseTenants(text)).toEqual([error]);
  });

  it('of any tenants is read as it was written', () => {
    const label = fc.string({
      unit: fc.constantFrom('a', 'é', ' ', ';', ',', '"', '\t'),
      minLength: 1,
      maxLength: 9,
    });
    const row = fc.record({
      name: label.filter((text) => text.trim() !== ''),
      tags: fc.subarray(['a', 'b', 'c']),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 9 }), (rows) => {
        const lines = rows.map(({ name, tags }) => csvLine(['x.example', { safe: name }, tags.join(';')]));
        const read = parseTenants(['domain,name,tags\r\n', ...lines].join(''));
        expect(read).toEqual(
          rows.map(({ name, tags }, at) => ({
            line: at + 2,
            tenant: { domain: 'x.example', displayName: name.trim(), ...(tags.length > 0 && { tags }) },
          })),
        );
      }),
    );
  });
});
