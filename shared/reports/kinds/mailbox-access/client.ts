/** With which program a mailbox was opened. */
import type { JsonObject } from '../../../json.ts';
import { shortText } from '../../short-text.ts';
import { textIn } from './texts.ts';

/**
 * In one text: the protocol in ClientInfoString (`Client=OWA;…`), the program, and the id of an application. Browsers and versions
 * are left out, so that one program is one client. Empty if the record does not say.
 */
export function clientOf(fields: JsonObject): string {
  const protocol = /^client=([^;]*)/i.exec(textIn(fields, 'ClientInfoString').trim())?.[1] ?? '';
  const program = textIn(fields, 'ClientProcessName').trim();
  const application = textIn(fields, 'ClientAppId').trim() || textIn(fields, 'AppId').trim();
  const parts = [program, protocol, application === '' ? '' : `application ${application}`];
  return shortText(parts.filter((part) => part !== '').join(', '));
}
