/** Invented records with everything that real ones surprise with. */
import { createHash } from 'node:crypto';
import type { ContentType } from '../../../shared/activity/content-types.ts';
import { contentNamed } from '../../support/content.ts';
import type { DeliveredContent } from './pipeline.ts';

/** An invented GUID that is always the same for the same name. */
export function guidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A content blob with records: as text, bytes or objects. */
export function contentOf(
  name: string,
  created: string,
  records: readonly (string | Buffer | object)[],
  type: ContentType = 'Audit.Exchange',
): DeliveredContent {
  const texts = records.map((record) =>
    typeof record === 'string' || Buffer.isBuffer(record)
      ? Buffer.from(record)
      : Buffer.from(JSON.stringify(record)),
  );
  const joined = texts.flatMap((text, at) => (at === 0 ? [text] : [Buffer.from(','), text]));
  const body = Buffer.concat([Buffer.from('['), ...joined, Buffer.from(']')]);
  return { content: contentNamed(name, new Date(created), type), body };
}

/** A record by Ada, found by every dimension. */
export function recordOf(name: string, fields: Readonly<Record<string, unknown>> = {}) {
  return {
    ...{ Id: guidOf(name), CreationTime: '2026-03-01T09:00:00', Operation: 'FileAccessed', RecordType: 6 },
    ...{ UserId: 'Ada@contoso.example', Workload: 'SharePoint', ClientIP: '192.0.2.1:443' },
    ...{ ObjectId: `https://contoso.example/${name}`, SiteUrl: 'https://contoso.example/' },
    ...fields,
  };
}

/** Three content blobs: two months, repeated records, shared Ids, records without Id, time or sense. */
export function oddFeed(): readonly DeliveredContent[] {
  const plain = Array.from({ length: 12 }, (_, at) =>
    recordOf(`plain ${at}`, { CreationTime: `2026-0${2 + (at % 2)}-01T09:00:${10 + at}`, n: at }),
  );
  return [
    contentOf('one', '2026-03-01T10:00:00Z', [
      ...plain,
      recordOf('shared', { n: 'first' }),
      recordOf('undated', { CreationTime: 'yesterday' }),
      { Operation: 'has no id', CreationTime: '2026-03-01T09:30:00' },
      '{"Id":"not even", JSON}',
    ]),
    contentOf(
      'two',
      '2026-03-01T11:00:00Z',
      [
        ...plain.slice(3, 6),
        Object.fromEntries(Object.entries(plain[7] ?? {}).reverse()),
        recordOf('undated', { CreationTime: 'yesterday' }),
        recordOf('mailbox', { MailboxOwnerUPN: 'bo@contoso.example', AADGroupId: guidOf('team') }),
      ],
      'Audit.SharePoint',
    ),
    contentOf('three', '2026-03-01T12:00:00Z', [
      { Operation: 'has no id', CreationTime: '2026-03-01T09:30:00' },
      { Operation: 'has neither id nor time' },
    ]),
  ];
}
