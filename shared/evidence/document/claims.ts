/** What a certificate claims and what it does not, for readers who have nothing else of it. */
import type { Block } from '../../pdf/layout.ts';
import type { PublicCertificate } from '../public-certificate.ts';
import { reasonMeanings } from './reason-meanings.ts';

const complete =
  'This range is COMPLETE: everything that Microsoft published in it was landed and indexed, the links of the chain follow each other, and the daily checkpoints have them and what was missing then.';
const incomplete =
  'This range is NOT COMPLETE, or no one can say that it is. This certificate does not claim that everything is there, for each of these reasons:';

const neverClaimed = [
  'It does not say that Microsoft published everything that happened. Microsoft publishes some records up to seven days after they happened: certificates of the seven days after the range are needed, too.',
  'It covers only the content types named above.',
  'No raw blob was read again for it, and the ledger was not compared with what landed. The commands of docs/evidence.md do both.',
  'What was lost and taken back between two daily checkpoints is not seen, nor what a checkpoint without a statement does not cover.',
  'It is not signed. What shows that the operator did not compute the chain again is a hash of a checkpoint that someone else keeps.',
];

/** The verdict with its reasons, and the limits of it. */
export function claimsOf(certificate: PublicCertificate): readonly Block[] {
  const { isComplete, incompleteReasons, landings } = certificate;
  const { hashedAtIndexing } = landings;
  const late = `Of the landings, ${hashedAtIndexing} were hashed only when they were indexed, by a later release. Their hashes prove nothing about the time before linkedDateTime.`;
  return [
    { kind: 'heading', text: 'What is claimed' },
    { kind: 'paragraph', text: isComplete ? complete : incomplete },
    ...incompleteReasons.map((reason) => row(reason, reasonMeanings[reason])),
    row('completeThrough', certificate.completeThrough ?? 'unknown'),
    row('contentTypes', certificate.contentTypes.join(', ')),
    { kind: 'heading', text: 'What is not claimed' },
    ...[...neverClaimed, ...(hashedAtIndexing > 0 ? [late] : [])].map(paragraph),
  ];
}

function row(label: string, value: string): Block {
  return { kind: 'row', label, value };
}

function paragraph(text: string): Block {
  return { kind: 'paragraph', text };
}
