/** What rows hold is restored exactly, and what rows held yesterday is understood tomorrow. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentTypes } from '../../../shared/activity/content-types.ts';
import {
  packSummary,
  packText,
  unpackSummary,
  unpackText,
  type PackedSummary,
} from '../../../shared/index/packing.ts';
import { textDictionary } from '../../../shared/index/packing-dictionary.ts';
import { recordSources } from '../../../shared/records/indexed-record.ts';

const tenantId = '11111111-2222-4333-8444-555555555555';
const ingestedDateTime = new Date('2026-03-02T09:14:07.123Z');

const anyText = fc.option(fc.string({ unit: 'binary' }), { nil: undefined });
const anyInteger = fc.option(fc.integer(), { nil: undefined });
const anySummary = fc.record({
  ...{ operation: anyText, userId: anyText, userType: anyInteger, userKey: anyText, service: anyText },
  ...{ objectId: anyText, clientIp: anyText, resultStatus: anyText, siteUrl: anyText, mailboxOwner: anyText },
  ...{ teamId: anyText, recordType: anyInteger, siteId: anyText },
  administrativeUnits: fc.option(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), {
    nil: undefined,
  }),
  organizationId: fc.oneof(anyText, fc.constant(tenantId)),
  further: fc.option(
    fc.constantFrom({ clientIp: ['192.0.2.1', 'x'] }, { teamId: ['t'], clientIp: ['192.0.2.2'] }),
    { nil: undefined },
  ),
});
const anyPacked: fc.Arbitrary<PackedSummary> = fc.record({
  summary: anySummary,
  createdSource: fc.constantFrom('record', 'contentCreated', 'ingested'),
  contentType: fc.constantFrom(...contentTypes),
  source: fc.constantFrom(...recordSources),
  ingestedDateTime: fc.date({ min: new Date(0), noInvalidDate: true }),
});

describe('a packed text', () => {
  it('is restored to the byte, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
        expect(unpackText(packText(Buffer.from(bytes))).equals(bytes)).toBe(true);
      }),
    );
  });

  it('is smaller than a usual record', () => {
    const text = JSON.stringify({ CreationTime: '2026-03-02T09:14:07', Operation: 'MailItemsAccessed' });
    expect(packText(Buffer.from(text)).length).toBeLessThan(text.length / 2);
  });

  it.each([[[]], [[0]], [[2, 3, 0]], [[1]], [[1, 0xff, 0xff]]])('made of %j is refused', (bytes) => {
    expect(() => unpackText(Buffer.from(bytes))).toThrow();
  });
});

describe('a packed summary', () => {
  it('is restored, whatever it contains', () => {
    fc.assert(
      fc.property(anyPacked, (packed) => {
        expect(unpackSummary(packSummary(packed, tenantId), tenantId)).toEqual({
          ...packed,
          isLegacy: false,
        });
      }),
      { numRuns: 500 },
    );
  });

  it.each(['{}', 'null', '"text"', 'no JSON'])('made of %s is refused', (json) => {
    expect(() => unpackSummary(packText(Buffer.from(json)), tenantId)).toThrow();
  });
});

/** Stored rows are never rewritten: what version 1 packed must stay readable forever. */
describe('what version 1 packed', () => {
  const textPacked =
    '01c3e62b335d03635d03a310034b2b43132b03731c9ec3c856440e089135d610aba304f2ab91b189a999b985a501' +
    '82a543fa900bd14373a06236463fa6d4c020d552a91600';

  it('is still that text', () => {
    const text =
      '{"CreationTime":"2026-03-02T09:14:07","Id":"","Operation":"MailItemsAccessed",' +
      '"AlertLinks":[{"AlertLinkHref":""}],"DeviceProperties":[{"Name":"OS","Value":"Windows 10"}],' +
      '"n":12345678901234567890,"Members":[{"DisplayName":"","Role":0,"UPN":""}],' +
      '"SensitiveInfoDetectionIsIncluded":false,"a":"\\/\\u00e9"}';
    expect(unpackText(Buffer.from(textPacked, 'hex')).toString()).toBe(text);
  });

  it('is still that summary', () => {
    const packed =
      '018b5642cdbaa0e23025d1015411e617e7eba55624e61680ea14031d25ece9c1382d2d0d9e26d002115e6a27438cc3' +
      '57d624a624c64395e129760a7212f3c0458f928e92a1a5919e819e919e212c7140c30ccd52ec354605a8ce48ca7748' +
      '46f7a852ba1228e598817c1caca463686e6e6462626461626e68641c0b00';
    expect(unpackSummary(Buffer.from(packed, 'hex'), tenantId)).toEqual({
      summary: {
        ...{ operation: 'FileDownloaded', userId: 'Ada@Contoso.example', userType: 0, service: 'SharePoint' },
        userKey: 'i:0h.f|membership|10033fff@live.com',
        objectId:
          'https://contoso-my.sharepoint.com/personal/ada_contoso_onmicrosoft_com/Documents/plan.xlsx',
        ...{ clientIp: '192.0.2.1', resultStatus: 'Succeeded', mailboxOwner: 'bo@contoso.example' },
        siteUrl: 'https://contoso.sharepoint.com/sites/x/',
        ...{ teamId: 'g', organizationId: tenantId, recordType: 6 },
      },
      ...{ createdSource: 'record', contentType: 'Audit.SharePoint', ingestedDateTime, isLegacy: true },
      source: 'feed',
    });
  });

  it('is still an empty summary', () => {
    const packed = '018b8604141e94579a9303a28d74945c94740ccdcd8d4c4c8c2c4ccc0d8d8c6301';
    expect(unpackSummary(Buffer.from(packed, 'hex'), tenantId)).toEqual({
      ...{ summary: {}, createdSource: 'ingested', contentType: 'DLP.All', ingestedDateTime },
      ...{ source: 'feed', isLegacy: true },
    });
  });

  it('still belongs to another organization', () => {
    const packed =
      '018b56c2923c957420c1870b29594281ae91919191ae89b1b1b1ae85898989ae2912001b62a8a3e4a8a463686e6e64' +
      '62626461626e68641c0b00';
    expect(unpackSummary(Buffer.from(packed, 'hex'), tenantId)).toEqual({
      summary: { operation: 'Add member to role.', organizationId: '99999999-2222-4333-8444-555555555555' },
      ...{ createdSource: 'contentCreated', contentType: 'Audit.AzureActiveDirectory', ingestedDateTime },
      ...{ source: 'feed', isLegacy: true },
    });
  });

  it('is still a summary with a site and an administrative unit', () => {
    const packed =
      '018b5642ceab4a3a4a8929890ec9f97925f9c5f97aa91589b905a01a051a9ac80104114243663a063a4ac14a3a86e6' +
      'e6462626461626e68646c63a4a4650a00b264c8c8d8d752d4c4c4c744d9180924eb4923114e055171b0b00';
    expect(unpackSummary(Buffer.from(packed, 'hex'), tenantId)).toEqual({
      summary: {
        ...{ operation: 'FileAccessed', userId: 'ada@contoso.example', service: 'SharePoint', recordType: 6 },
        ...{ organizationId: tenantId, siteId: '22222222-2222-4333-8444-555555555555' },
        administrativeUnits: ['33333333-2222-4333-8444-555555555555'],
      },
      ...{ createdSource: 'record', contentType: 'Audit.SharePoint', ingestedDateTime, isLegacy: false },
      source: 'feed',
    });
  });

  it('is still the summary of an imported record', () => {
    const packed =
      '018b5642ceab4a3a4a8929890ec9f97925f9c5f97aa91589b905a01a05129a58515e694e0e8836d0510a56d2313437373231' +
      '31b230313734324628328c0500';
    expect(unpackSummary(Buffer.from(packed, 'hex'), tenantId)).toEqual({
      summary: { operation: 'FileAccessed', userId: 'ada@contoso.example' },
      ...{ createdSource: 'record', contentType: 'Audit.SharePoint', source: 'import', ingestedDateTime },
      isLegacy: false,
    });
  });

  it('refers to a dictionary without a changed byte', () => {
    expect(createHash('sha256').update(textDictionary).digest('hex')).toBe(
      '4b1d23e64f5faab06aa16f427f9933c5f152c7aac65400b0a63af2aaa3cc323c',
    );
  });
});
