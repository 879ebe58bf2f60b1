/** The canonical form of a link: what its hash covers, and how anyone computes it. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  chainBeginning,
  linkHash,
  linkText,
  nextLink,
  type LinkedLanding,
} from '../../../shared/evidence/chain.ts';
import { contentHash, contentHashes, contentsDigest } from '../../../shared/evidence/contents-digest.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';

const landing = {
  landingId: '20260310T110000000-0a1b2c3d',
  blobName: `tenant=${fabrikamId}/date=2026-03-10/20260310T110000000-0a1b2c3d.ndjson.gz`,
  landedAt: new Date('2026-03-10T11:00:00Z'),
  importId: undefined,
  contentBlobs: 3,
  records: 10,
  bytes: 12_345,
  textSha256: 'ab'.repeat(32),
  hashedAt: 'landing',
  contentsSha256: 'cd'.repeat(32),
  linkedAt: new Date('2026-03-10T11:01:00.123Z'),
} satisfies LinkedLanding;

/** Another value of each member. */
const changes: { readonly [Name in keyof Required<LinkedLanding>]: LinkedLanding[Name] } = {
  landingId: '20260310T110000000-0a1b2c3e',
  blobName: `${landing.blobName}x`,
  landedAt: new Date('2026-03-10T11:00:00.001Z'),
  importId: '7c0f2f2e-4d5f-4a43-9a0e-1c8f0b1f7a11',
  contentBlobs: 4,
  records: 9,
  bytes: 12_346,
  textSha256: 'ac'.repeat(32),
  hashedAt: 'indexing',
  contentsSha256: undefined,
  linkedAt: new Date('2026-03-10T11:01:00.124Z'),
};

describe('a link of the chain', () => {
  const link = nextLink(fabrikamId, undefined, landing);

  it('is the SHA-256 of one line of JSON', () => {
    const line =
      `["auditkeep-link-1","${fabrikamId}",1,"${'0'.repeat(64)}","20260310T110000000-0a1b2c3d",` +
      `"${landing.blobName}","2026-03-10T11:00:00.000Z",null,3,10,12345,"${'ab'.repeat(32)}","landing",` +
      `"${'cd'.repeat(32)}","2026-03-10T11:01:00.123Z"]\n`;
    expect(linkText(fabrikamId, link)).toBe(line);
    expect(link.hash).toBe(createHash('sha256').update(line).digest('hex'));
  });

  it('is the first with number 1 and no link before it', () => {
    expect(link).toMatchObject({ ...landing, number: 1, previous: chainBeginning });
  });

  it('follows the head', () => {
    const next = nextLink(fabrikamId, link, landing);
    expect(next).toMatchObject({ number: 2, previous: link.hash });
    expect(next.hash).not.toBe(link.hash);
  });

  it.each(Object.entries(changes))('has another hash with another %s', (name, value) => {
    expect(linkHash(fabrikamId, { ...link, [name]: value })).not.toBe(link.hash);
  });

  it('has another hash with another tenant, number, or previous link', () => {
    const others = [
      linkHash(adatumId, link),
      linkHash(fabrikamId, { ...link, number: 2 }),
      linkHash(fabrikamId, { ...link, previous: 'ef'.repeat(32) }),
    ];
    expect(new Set([...others, link.hash]).size).toBe(4);
  });

  it('has another hash when anything is moved from one member to its neighbor', () => {
    const moved = { ...link, landingId: `${link.landingId}","x`, blobName: link.blobName.slice(1) };
    expect(linkHash(fabrikamId, moved)).not.toBe(link.hash);
    const unhashed = { ...link, textSha256: undefined, hashedAt: undefined };
    expect(linkText(fabrikamId, unhashed)).toContain(',null,null,"cdcd');
  });
});

describe('the contents of a landing', () => {
  const content = {
    contentType: 'Audit.Exchange',
    contentId: '20260310110000$audit_exchange$1',
    contentCreated: new Date('2026-03-10T10:00:00Z'),
  } as const;
  const receipt = { records: 4, bytes: 512, sha256: '01'.repeat(32) };

  it('are hashed one by one, each as one line of JSON', () => {
    const line = `["Audit.Exchange","20260310110000$audit_exchange$1","2026-03-10T10:00:00.000Z",4,512,"${'01'.repeat(32)}"]\n`;
    expect(contentHash({ content, receipt })).toBe(createHash('sha256').update(line).digest('hex'));
  });

  it('have one digest, in whatever order they were received', () => {
    const other = { content: { ...content, contentId: 'other' }, receipt };
    const hashes = contentHashes([{ content, receipt }, other]);
    expect(contentHashes([other, { content, receipt }])).toEqual(hashes);
    expect(contentsDigest(hashes)).toBe(
      createHash('sha256').update(`${hashes[0]}\n${hashes[1]}\n`).digest('hex'),
    );
    expect(contentsDigest([])).toBe(createHash('sha256').digest('hex'));
  });

  it.each([
    ['contentType', { contentType: 'Audit.General' as const }, {}],
    ['contentId', { contentId: 'other' }, {}],
    ['contentCreated', { contentCreated: new Date('2026-03-10T10:00:01Z') }, {}],
    ['records', {}, { records: 5 }],
    ['bytes', {}, { bytes: 513 }],
    ['sha256', {}, { sha256: '02'.repeat(32) }],
  ])('have another digest with another %s', (_, contentChange, receiptChange) => {
    const changed = { content: { ...content, ...contentChange }, receipt: { ...receipt, ...receiptChange } };
    expect(contentHash(changed)).not.toBe(contentHash({ content, receipt }));
  });
});
