/** What a certificate counts, lacks, and links. */
import { certificateSchema } from '../../api/schemas/evidence.ts';
import type { Block } from '../../pdf/layout.ts';
import type { PublicCertificate } from '../public-certificate.ts';
import { describedRows, listed, rowsOf } from './rows.ts';

/** Of content blobs and landings. */
export function countsOf({ content, landings }: PublicCertificate): readonly Block[] {
  const { shape } = certificateSchema;
  return [
    { kind: 'heading', text: 'Content blobs that Microsoft published in the range' },
    ...describedRows({ ...content }, shape.content),
    { kind: 'heading', text: 'Landings in the range, of the feed and of imports' },
    ...describedRows(landings, shape.landings),
  ];
}

/** What is lost, without what to do about it. */
export function gapsOf({ gaps }: PublicCertificate): readonly Block[] {
  return [
    { kind: 'heading', text: 'Gaps: what is permanently lost' },
    ...listed('gaps', gaps, (gap, position) => rowsOf({ gap: position, ...gap, cure: undefined })),
  ];
}

/** Its ends, whether it is intact, and its links. */
export function chainOf({ chain: { links, ...ends } }: PublicCertificate): readonly Block[] {
  return [
    { kind: 'heading', text: 'Chain of landings' },
    ...rowsOf(ends),
    { kind: 'heading', text: 'Links of the chain' },
    ...listed('links', links, ({ number, landedDateTime, records, bytes, textSha256, hash }, link) =>
      rowsOf({ link, number, landedDateTime, records, bytes, textSha256, hash }),
    ),
  ];
}

/** Of the days of the range, without the way from the tenant's leaf to the root. */
export function checkpointsOf({ checkpoints, daysWithoutCheckpoint }: PublicCertificate): readonly Block[] {
  const without = daysWithoutCheckpoint.join(', ');
  return [
    { kind: 'heading', text: 'Daily checkpoints' },
    ...rowsOf({ daysWithoutCheckpoint: without === '' ? 'none' : without }),
    ...listed('checkpoints', checkpoints, (checkpoint, position) =>
      rowsOf({ checkpoint: position, ...checkpoint, path: undefined }),
    ),
  ];
}
