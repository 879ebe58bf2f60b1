import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readLocalSettings } from '../../local/host/settings.ts';
import { foreignWords } from '../../support/foreign-words.ts';

function refusalOf(content: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'settings-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  writeFileSync(join(folder, 'local.settings.json'), JSON.stringify(content));
  try {
    readLocalSettings(folder);
    return '';
  } catch (error) {
    return String(error).replace(folder, '');
  }
}

describe('local.settings.json', () => {
  it.each([
    [
      'a number',
      { Values: { AUDITKEEP_SETTLE_SECONDS: 60 } },
      "'Values.AUDITKEEP_SETTLE_SECONDS' must be a string",
    ],
    ['a list', { Values: ['zq7f3a'] }, "'Values' must be a JSON object"],
    ['no Values', { IsEncrypted: false }, "'Values' is required and must be a JSON object"],
    ['no object', ['zq7f3a'], 'the file must be a JSON object'],
  ])('with %s is refused in plain words, by name', (_, content, sentence) => {
    const refusal = refusalOf(content);
    expect(refusal).toContain(`local.settings.json: ${sentence}`);
    expect(refusal).not.toMatch(foreignWords);
    expect(refusal).not.toContain('zq7f3a');
  });
});
