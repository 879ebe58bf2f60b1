/** Plays the administrator of a customer, who opens the link to consent by in a browser. */
import axios from 'axios';
import { Agent } from 'node:https';
import * as z from 'zod';
import { expectDescribedResponse } from '../support/described.ts';

/**
 * Opens the link at Microsoft's stand-in, where consenting takes no more than that, and goes where it sends the browser.
 * @param ca the certificate to trust
 * @throws {Error} with one line when consent is refused, or the page that comes last says that something is wrong
 */
export async function consentAsAdministrator(consentUrl: string, ca: string): Promise<void> {
  const agent = new Agent({ ca });
  const { status, headers } = await axios.get<unknown>(consentUrl, {
    ...{ httpsAgent: agent, proxy: false, maxRedirects: 0, validateStatus: () => true },
  });
  agent.destroy();
  const target = z.url().safeParse(headers['location']).data;
  if (status !== 302 || target === undefined) throw new Error(`The consent page was answered ${status}`);
  const landed = await fetch(target);
  await expectDescribedResponse('GET', landed);
  const page = await landed.text();
  if (!landed.ok) throw new Error(`Consent was answered ${landed.status}: ${readPage(page)}`);
}

/** What a person would read. */
function readPage(html: string): string {
  return html
    .replaceAll(/<(style|script|title)\b.*?<\/\1>/gis, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
