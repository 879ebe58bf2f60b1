/** Nothing ships under a license that requires more than its text, and authors are named. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findOffenders } from '../../../scripts/licenses/allowed.ts';
import { createNotices } from '../../../scripts/licenses/notices.ts';
import { createSbom, readComponents } from '../../../scripts/licenses/sbom.ts';

const project = fileURLToPath(new URL('../../../', import.meta.url));

/** A bill of materials as npm writes it, with one package under these licenses. */
const billOf = (licenses: readonly unknown[]) =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    components: [{ name: 'planted', version: '1.0.0', scope: 'required', licenses }],
  });

const namesOf = (bill: string) => findOffenders(readComponents(bill)).map(({ name }) => name);

describe('what ships', () => {
  it('has licenses that allow it, and is listed with its license text in the notices', async () => {
    const components = readComponents(await createSbom(project));
    expect(findOffenders(components)).toEqual([]);
    const notices = await createNotices(project, components);
    for (const { name, version } of components) expect(notices).toContain(`\n${name} ${version} (`);
    expect(notices).toContain('Permission is hereby granted');
  });
});

describe('a package', () => {
  it.each([
    ['copyleft', [{ license: { id: 'GPL-3.0-only' } }]],
    ['copyleft for services', [{ license: { id: 'AGPL-3.0-or-later' } }]],
    [
      'copyleft in addition to a free license',
      [{ license: { id: 'MIT' } }, { license: { id: 'GPL-2.0-only' } }],
    ],
    ['both at once', [{ expression: 'MIT AND GPL-2.0-only' }]],
    ['an exception', [{ expression: 'GPL-2.0-only WITH Classpath-exception-2.0' }]],
    ['something involved', [{ expression: '(MIT AND (GPL-2.0-only OR LGPL-2.1-only))' }]],
    ['a license of its own', [{ license: { name: 'SEE LICENSE IN EULA.txt' } }]],
    ['no license', []],
  ])('with %s may not ship', (_, licenses) => {
    expect(namesOf(billOf(licenses))).toEqual(['planted']);
  });

  it.each([
    ['one that is allowed', [{ license: { id: 'Apache-2.0' } }]],
    ['a choice', [{ expression: '(MIT OR GPL-3.0-only)' }]],
    ['two that are allowed', [{ expression: 'MIT AND BSD-3-Clause' }]],
  ])('with %s may ship', (_, licenses) => {
    expect(namesOf(billOf(licenses))).toEqual([]);
  });

  it('that is not installed is an error', async () => {
    const component = { name: 'planted', version: '1.0.0', licenses: ['MIT'] };
    await expect(createNotices(project, [component])).rejects.toThrow(
      'planted 1.0.0 is not in the lock file',
    );
  });
});
