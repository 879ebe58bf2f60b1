/** Acts as a customer's administrator, who opens the consent link in a browser. */
import axios from 'axios';
import { Agent } from 'node:https';
import * as z from 'zod';
import { expectDescribedResponse } from '../support/described.ts';

/**
 * Opens the link at the simulator, where that alone grants consent, and follows its redirect.
 * @param ca the certificate to trust
 * @throws {Error} with one line when consent is refused or the final page reports a problem
 */
export async function consentAsAdministrator(consentUrl: string, ca: string): Promise<void> {
  const agent = new Agent({ ca });
  const { status, headers } = await axios.get<unknown>(consentUrl, {
    ...{ httpsAgent: agent, proxy: false, maxRedirects: 0, validateStatus: () => true },
  });
  agent.destroy();
  const target = z.url().safeParse(headers['location']).data;
  if (status !== 302 || target === undefined) throw new Error(`The consent page returned ${status}`);
  const landed = await fetch(target);
  await expectDescribedResponse('GET', landed);
  const page = await landed.text();
  if (!landed.ok) throw new Error(`The consent callback returned ${landed.status}: ${readPage(page)}`);
}

/** The text that a person would see. */
function readPage(html: string): string {
  return html
    .replaceAll(/<(style|script|title)\b.*?<\/\1>/gis, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
