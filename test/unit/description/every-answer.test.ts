/** Whoever calls the app in a test must hold its answers against the description: nobody should be able to forget it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFolder } from '../../local/child.ts';

/** What sends requests, to whomever, or makes those that handlers are called with. */
const calls = /\bfetch\(|\bnew HttpRequest\(|\bfrom 'axios'|\brequest\b[^;]* from 'node:https?'/;
const checks = /\b(expectDescribed(Init|Response)?|undeclared|startDescribedProxy)\(/;

/** Files and folders that call something, and need no check; whoever adds one says here why. */
const exempt: Readonly<Record<string, string>> = {
  'test/bench/': 'measures, outside of this suite',
  'test/integration/description/whole-app.ts': 'gives answers to the fuzzer, which checks each',
  'test/integration/local/': 'calls an invented app that tests the local host',
  'test/integration/onboarding/onboarding.ts': 'opens the consent page of the stand-in for Microsoft',
  'test/integration/simulator/': 'calls the stand-in for Microsoft',
  'test/integration/watch/alerts.test.ts': 'calls an invented handler, for the telemetry around it',
  'test/local/host/': 'is the host',
  'test/local/host-process.ts': "calls the host's own addresses",
  'test/local/simulator-process.ts': 'calls the stand-in for Microsoft',
  'test/support/pass-on.ts': 'passes answers on to those who check them',
  'test/unit/telemetry/invocations.test.ts': 'calls invented handlers, for the telemetry around them',
};

function sourcesIn(folder: string): readonly string[] {
  return readdirSync(join(projectFolder, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => relative(projectFolder, join(projectFolder, folder, name)));
}

function isExempt(file: string): boolean {
  return Object.keys(exempt).some((name) => file.startsWith(name));
}

/** Without what is said in comments. */
function codeOf(file: string): string {
  return readFileSync(join(projectFolder, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}

describe('every answer of the app', () => {
  const callers = sourcesIn('test').filter((file) => calls.test(codeOf(file)));

  it('is held against the description by each test that gets one', () => {
    const unchecked = callers.filter((file) => !checks.test(codeOf(file)) && !isExempt(file));
    expect(unchecked).toEqual([]);
  });

  it('has no exemptions that are of no use', () => {
    const unchecked = callers.filter((file) => !checks.test(codeOf(file)));
    const needless = Object.keys(exempt).filter((name) => !unchecked.some((file) => file.startsWith(name)));
    expect(needless).toEqual([]);
  });
});
