/** A certificate as a document to print, file, and hand over, with its JSON attached. */
import { isShownAsIs } from '../../pdf/characters.ts';
import { layOut, type Block } from '../../pdf/layout.ts';
import { writePdf } from '../../pdf/write-pdf.ts';
import { sha256Of } from '../../sha256.ts';
import type { PublicCertificate } from '../public-certificate.ts';
import { claimsOf } from './claims.ts';
import { chainOf, checkpointsOf, countsOf, gapsOf } from './contents.ts';
import { leftOut, rowsOf } from './rows.ts';

const attached = 'certificate.json';

/** A name has at most 256 characters, each shown as at most eight: none that was registered is cut off. */
const longestName = 2048;

/**
 * The same certificate and name give the same bytes. Its pages are bounded, and say what they leave out; the attachment is
 * exactly what the interface answers as JSON.
 */
export function certificatePdf(certificate: PublicCertificate, displayName: string): Buffer {
  const content = Buffer.from(JSON.stringify(certificate));
  const json = { sha256: sha256Of(content), bytes: content.length };
  const { tenantId, from, to, issuedDateTime } = certificate;
  const description = 'The whole certificate; docs/evidence.md has commands that check it.';
  return writePdf({
    title: `Certificate of collection, tenant ${tenantId}, ${from} to ${to}`,
    createdAt: new Date(issuedDateTime),
    id: sha256Of(`${displayName}\n${json.sha256}`).slice(0, 32),
    pages: layOut(blocksOf(certificate, displayName, json), `Tenant ${tenantId}, ${from} to ${to}`),
    attachment: { name: attached, mediaType: 'application/json', description, content },
  });
}

interface JsonFacts {
  readonly sha256: string;
  readonly bytes: number;
}

function blocksOf(certificate: PublicCertificate, name: string, json: JsonFacts): readonly Block[] {
  return [
    { kind: 'title', text: 'Certificate of collection' },
    ...subjectOf(certificate, name),
    ...sourceOf(certificate, json),
    ...claimsOf(certificate),
    ...countsOf(certificate),
    ...gapsOf(certificate),
    ...chainOf(certificate),
    ...checkpointsOf(certificate),
    ...howToCheck,
  ];
}

/** Whom and what it is about, and in which versions. */
function subjectOf(certificate: PublicCertificate, name: string): readonly Block[] {
  const { tenantId, from, to, issuedDateTime, issuedTo, format, apiVersion } = certificate;
  // Its bytes leave no doubt where the fonts cannot show it.
  const nameInUtf8 = isShownAsIs(name) ? undefined : Buffer.from(name).toString('hex');
  return [
    ...rowsOf({ tenant: name, nameInUtf8 }).map((row) => ({ ...row, limit: longestName })),
    ...rowsOf({ tenantId }),
    ...rowsOf({ from: `${from} (UTC, in the range)`, to: `${to} (UTC, not in the range)` }),
    ...rowsOf({ issuedDateTime, issuedTo, format, apiVersion }),
  ];
}

/** Where everything is that these pages summarize. */
function sourceOf({ gaps, chain }: PublicCertificate, { sha256, bytes }: JsonFacts): readonly Block[] {
  const notices = [leftOut('gaps', gaps), leftOut('links', chain.links)];
  return [
    { kind: 'heading', text: 'Source' },
    paragraph(
      `These pages show what is in ${attached}, which is attached to this document. All names of members are its own.`,
    ),
    ...rowsOf({ sha256, bytes }),
    ...notices.flatMap((text) => (text === undefined ? [] : [paragraph(text)])),
  ];
}

const howToCheck: readonly Block[] = [
  { kind: 'heading', text: 'How to check it' },
  paragraph(`Save ${attached} from the attachments of this document, or with the tools of Poppler:`),
  { kind: 'code', text: `pdfdetach -saveall certificate.pdf` },
  { kind: 'code', text: `sha256sum ${attached}` },
  paragraph(
    `The hash must be the one under Source. It shows that these pages and the attachment belong together; someone who can alter both can also alter the hash. The commands of docs/evidence.md then check ${attached} itself with nothing of Auditkeep.`,
  ),
  paragraph(
    'U+ and hex digits in angle brackets stand for one character that the fonts of this document lack or that would not be seen. nameInUtf8 has the bytes of such a name in hex.',
  ),
];

function paragraph(text: string): Block {
  return { kind: 'paragraph', text };
}
