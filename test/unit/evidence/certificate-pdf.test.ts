/** Certificates as documents: they say what the JSON says, no more and nothing else, and leave nothing out silently. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contentTypes } from '../../../shared/activity/content-types.ts';
import { incompleteReasons } from '../../../shared/evidence/certificate.ts';
import { certificatePdf } from '../../../shared/evidence/document/certificate-pdf.ts';
import { reasonMeanings } from '../../../shared/evidence/document/reason-meanings.ts';
import type { PublicCertificate } from '../../../shared/evidence/public-certificate.ts';
import { sha256Of } from '../../../shared/sha256.ts';
import { projectFolder } from '../../local/child.ts';
import { readPdf } from '../../support/pdf-reader.ts';
import { fabrikamId } from '../../support/tenants.ts';

const hash = (at: number) => sha256Of(`${at}`);

const link = (at: number): PublicCertificate['chain']['links'][number] => ({
  ...{
    number: at + 7,
    previous: hash(at),
    hash: hash(at + 1),
    landingId: `landing ${at}`,
    blobName: `b ${at}`,
  },
  ...{ landedDateTime: '2026-03-09T01:00:00.000Z', linkedDateTime: '2026-03-09T01:00:05.000Z' },
  ...{ importId: undefined, contentBlobs: 1, records: 50 + at, bytes: 9000, hashedAt: 'landing' as const },
  ...{ textSha256: hash(-at), contentsSha256: hash(-at - 1000) },
});

const gap = (at: number): PublicCertificate['gaps'][number] => ({
  ...{ contentType: 'Audit.Exchange', contentId: `content ${at}`, landingId: undefined, bodyId: undefined },
  ...{
    from: '2026-03-09T02:00:00.000Z',
    to: '2026-03-09T02:00:00.001Z',
    reason: 'contentGone',
    code: 'AF404',
  },
  ...{ message: 'It is gone.', cure: 'Nothing.', recordedDateTime: '2026-03-09T04:00:00.000Z' },
  ...{ givenUpDateTime: undefined, givenUpBy: undefined, givenUpReason: undefined },
});

const checkpoint = (at: number): PublicCertificate['checkpoints'][number] => ({
  ...{ date: `2026-03-${String(at + 1).padStart(2, '0')}`, takenDateTime: '2026-03-09T00:41:00.000Z' },
  ...{
    format: 'auditkeep-checkpoint-2',
    chains: undefined,
    root: hash(at + 2000),
    previousDate: '2026-03-08',
    previousHash: hash(at + 3000),
  },
  ...{ missedDays: 0, hash: hash(at + 4000), number: 7, head: hash(at + 5000), leaf: hash(at + 6000) },
  ...{ statementSha256: hash(at + 7000), path: [], matchesChain: true, statementHolds: true },
});

const many = <T>(count: number, make: (at: number) => T) =>
  Array.from({ length: count }, (_, at) => make(at));

function certificateWith(changes: Partial<PublicCertificate> = {}): PublicCertificate {
  const links = many(3, link);
  return {
    ...{ format: 'auditkeep-certificate-1', apiVersion: '2026-11-01', tenantId: fabrikamId },
    ...{ from: '2026-03-09T00:00:00.000Z', to: '2026-03-10T00:00:00.000Z' },
    ...{ issuedDateTime: '2026-03-11T12:34:56.789Z', issuedTo: 'key: Auditor' },
    ...{ isComplete: true, incompleteReasons: [], completeThrough: '2026-03-11T00:00:00.000Z' },
    contentTypes: ['Audit.Exchange', 'Audit.General'],
    content: {
      ...{ listed: 101, landed: 102, pending: 103, retrying: 104, gone: 105, rejected: 106 },
      ...{ records: 107, bytes: 108 },
    },
    gaps: [],
    landings: { landed: 201, indexed: 202, linked: 203, records: 204, bytes: 205, hashedAtIndexing: 0 },
    chain: {
      ...{ isIntact: true, faultNumber: undefined, fault: undefined, firstNumber: 7, lastNumber: 9 },
      ...{ previous: hash(0), lastHash: hash(3), links },
    },
    checkpoints: many(2, checkpoint),
    daysWithoutCheckpoint: [],
    ...changes,
  };
}

function readCertificate(changes: Partial<PublicCertificate> = {}, name = 'Fabrikam') {
  const certificate = certificateWith(changes);
  const pdf = readPdf(certificatePdf(certificate, name));
  const valuesOf = (label: string) => pdf.rows.filter((row) => row.label === label).map(({ value }) => value);
  return { ...pdf, certificate, valuesOf, flowing: pdf.text.replaceAll(/ ?\n/g, ' ') };
}

describe('a certificate as a document', () => {
  it('names the tenant, the range, whom it was issued to, and the versions', () => {
    const { valuesOf, certificate, info } = readCertificate();
    expect(valuesOf('tenant')).toEqual(['Fabrikam']);
    expect(valuesOf('nameInUtf8')).toEqual([]);
    expect(valuesOf('from')).toEqual([`${certificate.from} (UTC, in the range)`]);
    expect(valuesOf('to')).toEqual([`${certificate.to} (UTC, not in the range)`]);
    for (const member of ['tenantId', 'issuedDateTime', 'issuedTo', 'format', 'apiVersion'] as const)
      expect(valuesOf(member)[0]).toEqual(certificate[member]);
    expect(info).toContain('/CreationDate (D:20260311123456Z)');
  });

  it('shows its own words as they are: no code points without a name that needs them', () => {
    expect(readCertificate().text).not.toContain('<U+');
  });

  it('has every count, and the ends of the chain', () => {
    const { rows, certificate } = readCertificate();
    const { content, landings, chain } = certificate;
    const ends = { ...chain, links: undefined };
    for (const [label, value] of [content, landings, ends].flatMap((part) => Object.entries(part)))
      if (value !== undefined) expect(rows).toContainEqual({ label, value: String(value) });
  });

  it('has the hashes of links and checkpoints, each on one line', () => {
    const { text, certificate } = readCertificate();
    const lines = new Set(text.split('\n'));
    const hashes = [
      ...certificate.chain.links.flatMap((one) => [one.hash, one.textSha256]),
      ...certificate.checkpoints.flatMap((one) => [one.hash, one.root, one.head, one.leaf, one.previousHash]),
    ];
    expect(hashes.filter((one) => one === undefined || !lines.has(one))).toEqual([]);
  });

  it('has its JSON attached, and its SHA-256 on the first page', () => {
    const { attachment, certificate, valuesOf, pages } = readCertificate();
    expect(attachment.toString()).toBe(JSON.stringify(certificate));
    expect(valuesOf('sha256')).toEqual([sha256Of(attachment)]);
    expect(valuesOf('bytes').at(0)).toBe(`${attachment.length}`);
    expect(pages[0]?.map(({ text }) => text)).toContain(sha256Of(attachment));
  });

  it('of the same certificate has the same bytes, and of another one an ID of its own', () => {
    const write = (name: string) => certificatePdf(certificateWith(), name);
    expect(write('Fabrikam')).toEqual(write('Fabrikam'));
    expect(readPdf(write('Fabrikam')).trailer).not.toBe(readPdf(write('Contoso')).trailer);
  });

  it('claims completeness only where the certificate does', () => {
    const { flowing } = readCertificate();
    expect(flowing).toContain('This range is COMPLETE');
    expect(flowing).not.toContain('NOT COMPLETE');
    expect(flowing).toContain('It does not say that Microsoft published everything that happened.');
  });

  it.each(incompleteReasons)('says that it is not complete because of %s, and what that means', (reason) => {
    const { valuesOf, flowing } = readCertificate({ isComplete: false, incompleteReasons: [reason] });
    expect(flowing).toContain('This range is NOT COMPLETE');
    expect(flowing).not.toContain('This range is COMPLETE');
    expect(valuesOf(reason)).toEqual([reasonMeanings[reason]]);
  });

  it('says that texts were hashed late', () => {
    const landings = { ...certificateWith().landings, hashedAtIndexing: 5 };
    expect(readCertificate({ landings }).flowing).toContain('Of the landings, 5 were hashed only when');
  });

  it('says where nothing is', () => {
    const chain = { ...certificateWith().chain, links: [] };
    const { flowing } = readCertificate({ chain, checkpoints: [], completeThrough: undefined });
    for (const name of ['gaps', 'links', 'checkpoints']) expect(flowing).toContain(`There are no ${name}.`);
  });
});

describe('a certificate with much in it', () => {
  it('shows the first gaps and links, and says how many it leaves out, also on its first page', () => {
    const chain = { ...certificateWith().chain, links: many(5000, link) };
    const { flowing, pages, valuesOf, attachment } = readCertificate({ gaps: many(10_000, gap), chain });
    const notices = [
      'Of 10000 gaps, only the first 100 are shown here. certificate.json has all of them.',
      'Of 5000 links, only the first 100 are shown here. certificate.json has all of them.',
    ];
    for (const notice of notices) {
      expect(flowing.split(notice)).toHaveLength(3);
      expect(pages[0]?.map(({ text }) => text)).toContain(notice);
    }
    expect(valuesOf('contentId')).toEqual(many(100, (at) => `content ${at}`));
    expect(attachment.toString()).toContain('content 9999');
    expect(pages.length).toBeLessThan(50);
  });

  it('has a bounded number of pages, whatever the texts in it are', () => {
    const long = '日'.repeat(10_000);
    const worst = (at: number) => ({
      ...{ ...gap(at), contentId: long, landingId: long, code: long, bodyId: long, message: long },
      ...{ givenUpDateTime: gap(at).to, givenUpBy: long, givenUpReason: long },
    });
    const chain = { ...certificateWith().chain, links: many(200, link) };
    const { pages, flowing, valuesOf } = readCertificate(
      {
        ...{ gaps: many(200, worst), chain, checkpoints: many(33, checkpoint), issuedTo: long },
        ...{ isComplete: false, incompleteReasons, contentTypes },
        daysWithoutCheckpoint: many(33, (at) => checkpoint(at).date),
      },
      long,
    );
    expect(pages.length).toBeLessThan(200);
    expect(flowing).toContain('more characters)');
    expect(valuesOf('givenUpReason')[0]).toMatch(/^(<U\+65E5>)+… \(99\d\d more characters\)$/);
  });
});

describe('names in a document', () => {
  it.each([
    ['control characters', 'A\u0000\u001B[31mB\n/Title', 'A<U+0000><U+001B>[31mB<U+000A>/Title'],
    ['another direction', '\u202Egnp.exe \u05D0', '<U+202E>gnp.exe <U+05D0>'],
    ['another script', '日本商事', '<U+65E5><U+672C><U+5546><U+4E8B>'],
  ])('with %s are shown by code points and bytes', (_, name, shown) => {
    const { valuesOf } = readCertificate({}, name);
    expect(valuesOf('tenant')).toEqual([shown]);
    const [hex = ''] = valuesOf('nameInUtf8');
    expect(Buffer.from(hex, 'hex').toString()).toBe(name);
  });

  it('that would end a text of the document do not', () => {
    const name = ') Tj ET (\\) endstream endobj';
    expect(readCertificate({}, name).valuesOf('tenant')).toEqual([name]);
  });

  it('of the greatest length that can be registered are whole', () => {
    const name = '日'.repeat(256);
    const { valuesOf } = readCertificate({}, name);
    expect(valuesOf('tenant')).toEqual(['<U+65E5>'.repeat(256)]);
    expect(Buffer.from(valuesOf('nameInUtf8')[0] ?? '', 'hex').toString()).toBe(name);
  });
});

it('says what docs/evidence.md says of the reasons', async () => {
  const page = await readFile(join(projectFolder, 'docs', 'evidence.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map(([, reason = '', meaning = '']) => [
    reason,
    meaning.replaceAll(/\[(.*?)\]\(.*?\)/g, '$1').replaceAll('`', ''),
  ]);
  expect(Object.fromEntries(rows)).toEqual(reasonMeanings);
});
