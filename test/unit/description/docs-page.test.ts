/** The readable page. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { docsPage, docsPolicy } from '../../../shared/description/docs-page.ts';
import { allOperations } from '../../../shared/api/all.ts';

const operations = allOperations();

const page = docsPage(operations, 'https://audit.example/api"><script>alert(1)</script>');

describe('the page', () => {
  it('shows every operation', () => {
    for (const { id: operationId, summary } of operations) {
      expect(page).toContain(`<h3 id="${operationId}">${summary}</h3>`);
    }
  });

  it('treats its input as text', () => {
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;');
  });

  it('loads nothing, and has no style except the one that its policy allows', () => {
    expect(page).not.toMatch(/\s(src|style|on\w+)=/);
    expect(page).not.toMatch(/href="(https?:)?\/\//);
    const style = /<style>([^<]*)<\/style>/.exec(page)?.[1] ?? '';
    expect(docsPolicy).toContain(createHash('sha256').update(style).digest('base64'));
    expect(docsPolicy).toContain("default-src 'none'");
  });
});
