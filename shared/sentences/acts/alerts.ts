/** What Microsoft's own protection reports. */
import { isObject, type JsonObject } from '../../json.ts';
import type { Acts, Severity } from '../act.ts';
import { plainText, type Facts } from '../facts.ts';
import { say, valueOr, valuePart, type Phrase } from '../parts.ts';
import { actor } from '../people.ts';

/** Microsoft's severities, and those of Defender for Cloud Apps. */
function severityOfAlert({ field }: Facts): Severity {
  const severity = field('Severity') || field('AlertSeverity');
  if (/^(?:high|critical)$/i.test(severity)) return 'high';
  return /^medium$/i.test(severity) ? 'notable' : 'routine';
}

function alertName({ field }: Facts): Phrase {
  const name = field('Name') || field('AlertDisplayName') || field('AlertTitle');
  return name === '' ? say`an alert` : say`the alert “${[valuePart(name)]}”`;
}

/** Whom or what the alert is about. */
function about({ field }: Facts): Phrase | undefined {
  const entity = field('AlertEntityId');
  return entity === '' ? undefined : say` about ${[valuePart(entity, 'objectId')]}`;
}

function member(fields: JsonObject, name: string): JsonObject {
  const value = fields[name];
  return isObject(value) ? value : {};
}

function threat({ field }: Facts): Phrase {
  return valueOr(field('Verdict'), 'a threat');
}

function detectedFile({ fields, record }: Facts): Phrase {
  const name = plainText(member(fields, 'FileData')['FileName']) || (record.objectId ?? '');
  return name === '' ? say`a file` : say`the file “${[valuePart(name)]}”`;
}

const alert = (words: string) => (facts: Facts) =>
  say`Microsoft ${[{ text: words }]} ${alertName(facts)}${about(facts)}`;

export const alertActs = {
  alertRaised: {
    operations: [
      ...['AlertTriggered', 'AlertEntityGenerated'],
      ...['MCAS_ALERT_ANUBIS_DETECTION_VELOCITY', 'MCAS_ALERT_CABINET_EVENT_MATCH_AUDIT'],
      ...['MCAS_ALERT_ANUBIS_DETECTION_NEW_COUNTRY', 'MCAS_ALERT_ANUBIS_DETECTION_REPEATED_ACTIVITY_DELETE'],
    ],
    severity: severityOfAlert,
    sentence: alert('raised'),
  },
  alertUpdated: { operations: ['AlertUpdated'], severity: 'routine', sentence: alert('updated') },
  threatInMessage: {
    operations: ['TIMailData'],
    severity: ({ field }) => (/^(?:malware|phish)/i.test(field('Verdict')) ? 'notable' : 'routine'),
    sentence: (facts) =>
      say`Microsoft classified the message “${valueOr(facts.field('Subject'), 'without a subject')}” from ${valueOr(facts.field('P2Sender') || facts.field('P1Sender'), 'an unknown sender')} as ${threat(facts)}`,
  },
  linkClicked: {
    operations: ['TIUrlClickData'],
    severity: 'notable',
    sentence: (facts) =>
      say`${actor(facts)} clicked the link ${valueOr(facts.field('Url'), 'without an address')}, which Safe Links recorded`,
  },
  threatInFile: {
    operations: ['AtpDetection'],
    severity: 'high',
    sentence: (facts) => say`Microsoft found malware in ${detectedFile(facts)}`,
  },
  investigation: {
    operations: ['AirInvestigationData'],
    severity: 'notable',
    sentence: (facts) =>
      say`Microsoft’s automated investigation ${valueOr(facts.field('InvestigationName'), 'without a name')} has the status ${valueOr(facts.field('Status'), 'unknown')}`,
  },
  messageReported: {
    operations: ['UserSubmission', 'UserSubmissionTriage', 'AdminSubmission'],
    severity: 'routine',
    sentence: (facts) =>
      say`${actor(facts)} reported the message “${valueOr(facts.field('Subject'), 'without a subject')}” to Microsoft`,
  },
} as const satisfies Acts;
