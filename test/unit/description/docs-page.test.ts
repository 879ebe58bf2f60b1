/** The readable page. */
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { allOperations } from '../../../shared/api/all.ts';
import { curlLine } from '../../../shared/description/docs-page/curl.ts';
import { documentOf, exampleCall } from '../../../shared/description/docs-page/document.ts';
import { docsPage, docsPolicy } from '../../../shared/description/docs-page/page.ts';
import { describeOpenApi } from '../../../shared/description/openapi.ts';

const operations = allOperations();
const baseUrl = 'https://audit.example/api';
const page = docsPage(operations, `${baseUrl}"><script>alert(1)</script>`, '0123abcd');

describe('the page', () => {
  it('lists every operation for browsers without scripts', () => {
    const list = /<noscript>(.*)<\/noscript>/s.exec(page)?.[1] ?? '';
    for (const { method, route, summary } of operations)
      expect(list).toContain(`<li><code>${method} /${route}</code> ${summary}</li>`);
  });

  it('treats its input as text', () => {
    expect(page).not.toContain('<script>');
    expect(page).toContain('&lt;script&gt;');
  });

  it('loads its own files by the hash of their content, and nothing from elsewhere', () => {
    const loaded = [...page.matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
    expect(loaded).toContain('docs/0123abcd/script.js');
    expect(loaded).toContain('docs/0123abcd/style.css');
    expect(loaded.filter((address = '') => /^\w+:|^\//.test(address))).toEqual([]);
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=/);
  });

  it('has a policy that allows nothing inline and nothing from elsewhere', () => {
    expect(docsPolicy).toContain("default-src 'none'");
    expect(docsPolicy).not.toMatch(/unsafe|https?:|\*/);
  });

  it('says where the key is', () => {
    expect(page.replaceAll(/\s+/g, ' ')).toContain('The key stays in the memory of this page');
  });
});

describe('the document that it shows', () => {
  const document = documentOf(describeOpenApi(operations, 'https://elsewhere.example/api'), baseUrl);

  it('calls the address that the page came from', () => {
    expect(document['servers']).toEqual([{ url: baseUrl }]);
  });

  const named = z.record(z.string(), z.unknown());
  const components = z
    .looseObject({ securitySchemes: named, parameters: named })
    .parse(document['components']);

  it('offers keys and tokens, but no credential that would be part of an address', () => {
    expect(Object.keys(components.securitySchemes)).toEqual(['clientKey', 'entra']);
    expect(JSON.stringify(document['paths'])).not.toMatch(/"(link|signature)":\[\]/);
  });

  it('fills in no ID that does not exist', () => {
    expect(JSON.stringify(components.parameters)).not.toContain('"example"');
  });

  it('has an example call of every operation, without a credential in it', () => {
    for (const { route, method, audience } of operations) {
      const line = curlLine(exampleCall(document, `/${route}`, method.toLowerCase()));
      expect(line.split('\n').at(-1)).toMatch(/^(curl| ) .*"https:\/\/audit\.example\/api\/[^{}"]*"$/);
      expect(line).not.toContain('undefined');
      expect(line.includes('$AUDITKEEP_KEY')).toBe(audience !== 'anonymous');
    }
  });

  it('has variables for what a call cannot do without', () => {
    expect(curlLine(exampleCall(document, '/tenants/{tenantId}/records/summary', 'get'))).toBe(
      [
        'curl -H "x-api-key: $AUDITKEEP_KEY"',
        `"${baseUrl}/tenants/$tenantId/records/summary?groupBy=$groupBy"`,
      ].join(' \\\n  '),
    );
  });
});

describe('a line for curl', () => {
  const headers = { 'X-API-Key': 'ak_id_secret', Authorization: 'Bearer secret', accept: 'a"$(b)`c`' };

  it('names variables in place of credentials, and cannot run anything', () => {
    const line = curlLine({ method: 'post', url: 'https://a.example/$(b)', headers, body: `{"a":"it's"}` });
    expect(line).not.toContain('secret');
    expect(line.split(' \\\n  ')).toEqual([
      'curl -X POST',
      '-H "x-api-key: $AUDITKEEP_KEY"',
      '-H "authorization: Bearer $AUDITKEEP_TOKEN"',
      '-H "accept: a\\"\\$(b)\\`c\\`"',
      String.raw`-d '{"a":"it'\''s"}'`,
      '"https://a.example/\\$(b)"',
    ]);
  });
});
