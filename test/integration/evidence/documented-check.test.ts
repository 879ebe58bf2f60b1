/** The commands of docs/evidence.md, run unchanged by a third party's shell on what the deployed app holds. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { ContentType } from '../../../shared/activity/content-types.ts';
import { createCheckpointStore } from '../../../shared/adapters/blobs/checkpoint-store.ts';
import { createRawStore } from '../../../shared/adapters/blobs/raw-store.ts';
import { createStatementStore } from '../../../shared/adapters/blobs/statement-store.ts';
import { createLandingStore } from '../../../shared/adapters/tables/landing-store.ts';
import { createLedger } from '../../../shared/adapters/tables/ledger-store.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import type { ChainLink } from '../../../shared/evidence/chain.ts';
import type { StatementStore } from '../../../shared/evidence/statement.ts';
import { takeCheckpoint } from '../../../shared/evidence/take-checkpoint.ts';
import { gapOf } from '../../../shared/landing/ledger.ts';
import { projectFolder } from '../../local/child.ts';
import { tenantNamed } from '../../support/tenants.ts';
import { startAppWithRecords, type AppWithRecords } from '../pipeline/app-with-records.ts';
import { recordOf } from '../pipeline/invented-records.ts';

const run = promisify(execFile);
const records = Array.from({ length: 50 }, (_, at) => recordOf(`evidence ${at}`));

let app: AppWithRecords;
let folder: string;
let links: readonly ChainLink[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evidence-'));
  app = await startAppWithRecords({ records });
  links = await takeCheckpoints();
  await downloadRaw();
  // Stands in for the Azure CLI: `--name BLOB --file FILE` copies a blob that was downloaded above.
  await mkdir(join(folder, 'bin'));
  await writeFile(
    join(folder, 'bin', 'az'),
    '#!/bin/sh\nset -eu\nwhile [ "$1" != --name ]; do shift; done\ncp "raw/$2" "$4"\n',
  );
  await chmod(join(folder, 'bin', 'az'), 0o755);
});

afterAll(async () => {
  await app.stop();
  await rm(folder, { recursive: true });
});

const storage = () => ({ kind: 'connectionString', connectionString: app.connectionString }) as const;

const contentType: ContentType = 'Audit.Exchange';
const ledger = () => createLedger(createTables(storage()));
const contentNamed = (name: string, minute: number) => {
  const contentCreated = new Date(Date.UTC(2026, 2, 20, 12, minute));
  const contentUri = `https://feed.example/${name}`;
  return {
    ...{ contentType, contentId: `audit$${name}`, contentUri, contentCreated },
    contentExpiration: new Date('2026-03-27T12:00:00Z'),
  } as const;
};
const [lost, found] = [contentNamed('lost', 1), contentNamed('found', 2)];

/** Of each day that the certificate covers, for the tenant and another one. @returns the tenant's links */
async function takeCheckpoints(): Promise<readonly ChainLink[]> {
  const tables = createTables(storage());
  const [tenants, landings] = [createTenantStore(tables), createLandingStore(tables)];
  const other = tenantNamed('Adatum');
  await tenants.create(other);
  const at = new Date('2026-03-21T00:00:00Z');
  const landing = { landingId: '20260321', blobName: 'x', landedAt: at, oldestContent: at, contentBlobs: 1 };
  const counts = { indexed: 1, duplicates: 0, notUnderstood: 0, rows: 1 };
  await landings.close(other.tenantId, { ...landing, records: 1, bytes: 1 }, counts);
  const why = { reason: 'contentGone', code: 'AF20051', recordedAt: at } as const;
  await ledger().recordGaps(app.tenantId, [gapOf(lost, why), gapOf(found, why)]);
  for (const day of ['2026-03-21T06:41:00Z', '2026-03-22T00:41:00Z', '2026-03-23T00:41:00Z']) {
    await takeCheckpoint({
      ...{ tenants, landings, ledger: ledger(), statements: statements(), now: () => new Date(day) },
      checkpoints: { ...createCheckpointStore(storage()), now: () => Promise.resolve(new Date(day)) },
      ...{ telemetry: () => undefined, signingKeys: [Buffer.alloc(32, 1)], checkpointWebhookUrl: undefined },
      webhookSender: { send: () => Promise.reject(new Error('Nothing is sent.')) },
    });
    await ledger().closeGaps(app.tenantId, [found]);
    const receipt = { records: 0, bytes: 2, sha256: 'ab'.repeat(32) };
    await ledger().settle(app.tenantId, [{ content: found, state: 'landed', attempts: 1, receipt }]);
  }
  return await landings.links(app.tenantId, 1, 100);
}

/** Those of the tenant, as files next to the raw blobs. */
function statements(): StatementStore {
  const store = createStatementStore(storage());
  return {
    ...store,
    put: async (tenantId, sha256, text) => {
      await store.put(tenantId, sha256, text);
      await mkdir(join(folder, 'raw', 'statements', tenantId), { recursive: true });
      const stored = (await store.get(tenantId, sha256)) ?? '';
      await writeFile(join(folder, 'raw', 'statements', tenantId, `${sha256}.jsonl`), stored);
    },
  };
}

async function downloadRaw(): Promise<void> {
  const raw = createRawStore(storage());
  for (const { blobName } of links) {
    const chunks: Buffer[] = [];
    for await (const chunk of (await raw.read(blobName))?.body ?? []) chunks.push(chunk);
    const file = join(folder, 'raw', blobName);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, Buffer.concat(chunks));
  }
}

/** The blocks of the page, in order, of either the certificate as PDF or the JSON. */
async function blocks(of: 'pdf' | 'json'): Promise<readonly string[]> {
  const text = await readFile(join(projectFolder, 'docs', 'evidence.md'), 'utf8');
  const all = [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = '']) => block);
  return all.filter((block) => block.includes('certificate.pdf') === (of === 'pdf'));
}

/** @returns standard output, whatever the exit code */
async function shell(script: string): Promise<string> {
  const env = {
    ...process.env,
    ...{ KEY: app.apiKey, TENANT: app.tenantId, ACCOUNT: 'local', NO_PROXY: '*' },
    PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
  };
  const local = script.replaceAll('https://audit.example', app.host.baseUrl);
  return await run('bash', ['-c', local], { cwd: folder, env }).then(
    ({ stdout }) => stdout,
    (error: unknown) => failedSchema.parse(error).stdout,
  );
}

const failedSchema = z.object({ stdout: z.string() });

const sound = [
  'Each hash covers its link.',
  'Each link names the one before it.',
  'No link is missing.',
  'Each text is what landed.',
  'The ledger is what landed.',
  'The certificate names the tenant.',
  'Each day has a leaf of the tenant.',
  'Each leaf is a link of the tenant.',
  'Each leaf is in its checkpoint.',
  'Each hash covers its checkpoint.',
  'Each checkpoint names the one before it.',
  'Each leaf is at the place of the tenant.',
  'Checkpoints have links of this chain.',
  'Each statement is what a checkpoint covers.',
  'What was missing is missing today, or landed since.',
];

const ofBlobs = ['Each text is what landed.', 'The ledger is what landed.'];
const ofCertificate = sound.filter((sentence) => !ofBlobs.includes(sentence));
const ofCheckpoints = sound.slice(sound.indexOf('Each day has a leaf of the tenant.'));

/** What an operator could hand over instead of the certificate, and what the commands then do not say. */
const edits: readonly (readonly [string, readonly string[]])[] = [
  ['.checkpoints |= map(del(.leaf))', ofCheckpoints.filter((sentence) => sentence.includes('leaf'))],
  ['del(.checkpoints[1].leaf)', ['Each day has a leaf of the tenant.']],
  [
    'del(.checkpoints[1])',
    ['Each day has a leaf of the tenant.', 'Each checkpoint names the one before it.'],
  ],
  [
    '.checkpoints[].path[0].side |= if . == "left" then "right" else "left" end',
    ['Each leaf is in its checkpoint.', 'Each leaf is at the place of the tenant.'],
  ],
  [
    '.checkpoints[].statementSha256 = "0"',
    [
      'Each leaf is a link of the tenant.',
      'Each statement is what a checkpoint covers.',
      'What was missing is missing today, or landed since.',
    ],
  ],
  [
    '.checkpoints[].head = "0"',
    ['Each leaf is a link of the tenant.', 'Checkpoints have links of this chain.'],
  ],
];

const missingOf = async (tools: string): Promise<string> => {
  const found = await shell(`for tool in ${tools}; do command -v $tool > found.txt || echo $tool; done`);
  return found.trim();
};

describe('the commands of docs/evidence.md', () => {
  it('confirm what the app holds, and find what was altered', async ({ skip }) => {
    const missing = await missingOf('curl jq sha256sum xxd gunzip diff comm');
    skip(missing !== '', `${missing} is not installed: the commands of docs/evidence.md were not run.`);
    const [download = '', ...checks] = await blocks('json');
    await shell(download);
    expect((await shell(checks.join('\n'))).trim().split('\n')).toEqual(sound);
    expect(links.length).toBeGreaterThan(0);

    const certificate = await readFile(join(folder, 'certificate.json'), 'utf8');
    const nothing =
      '.chain.links = [] | .checkpoints = [] | .chain.firstNumber = null | .chain.lastNumber = null';
    await shell(`jq '${nothing}' certificate.json > empty.json && mv empty.json certificate.json`);
    const ofNothing = await shell(checks.filter((check) => !check.includes('LANDING=')).join('\n'));
    expect(sound.filter((sentence) => ofNothing.includes(sentence))).toEqual([
      'The certificate names the tenant.',
    ]);
    await writeFile(join(folder, 'certificate.json'), certificate);

    await writeFile(join(folder, 'certificate.json'), certificate.replaceAll('"records":50', '"records":49'));
    const afterEdit = await shell(checks[0] ?? '');
    await writeFile(join(folder, 'certificate.json'), certificate);
    expect(afterEdit).not.toContain('Each hash covers its link.');

    for (const [edit, unsaid] of edits) {
      await writeFile(join(folder, 'certificate.json'), certificate);
      await shell(`jq -c '${edit}' certificate.json > edited.json && mv edited.json certificate.json`);
      const said = (await shell([checks[0], ...checks.slice(3)].join('\n'))).split('\n');
      expect(ofCertificate.filter((sentence) => !said.includes(sentence))).toEqual(unsaid);
    }
    await writeFile(join(folder, 'certificate.json'), certificate);

    await ledger().closeGaps(app.tenantId, [lost]);
    expect(await shell(checks.at(-1) ?? '')).not.toContain('What was missing is missing today');

    await writeFile(join(folder, 'raw', links[0]?.blobName ?? ''), gzipSync('{"Id":"forged"}\n'));
    expect(await shell(checks[1] ?? '')).not.toContain('Each text is what landed.');
  });

  it('confirm that a certificate as PDF has its JSON attached, and find that it is another', async ({
    skip,
  }) => {
    const missing = await missingOf('curl awk sha256sum pdfdetach pdftotext');
    skip(
      missing !== '',
      `${missing} is not installed: a certificate as PDF was read only by the reader of the tests.`,
    );
    const [commands = ''] = await blocks('pdf');
    expect((await shell(commands)).trim()).toBe('certificate.json: OK');
    const attached: unknown = JSON.parse(await readFile(join(folder, 'certificate.json'), 'utf8'));
    const { tenantId, chain } = attachedSchema.parse(attached);
    const lines = (await shell('pdftotext -layout certificate.pdf -'))
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/));
    expect(lines).toContainEqual(['tenantId', tenantId]);
    expect(lines).toContainEqual(['lastHash', chain.lastHash]);
    for (const { hash } of links) expect(lines).toContainEqual(['hash', hash]);
    expect(JSON.stringify(lines)).not.toContain('evidence 1');

    const compare = commands.trim().split('\n').slice(2).join('\n');
    expect(await shell(`echo >> certificate.json; ${compare}`)).not.toContain('OK');
  });
});

const attachedSchema = z.object({ tenantId: z.string(), chain: z.object({ lastHash: z.string() }) });
