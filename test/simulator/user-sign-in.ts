/**
 * The page on which a person signs in to a web app, and the exchange of its code: the authorization code flow with PKCE.
 * Anyone is who they choose to be there.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
 */
import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import { entraError, entraErrorReply } from './entra-errors.ts';
import { jsonReply, type Reply, type Router } from './http.ts';
import type { SignInOptions } from './sign-in.ts';
import type { SimulatedTenant } from './tenant.ts';

const path = /^\/(?<tenant>[^/]+)\/oauth2\/v2\.0\/(?<end>authorize|token)$/;
const discovery = /^\/(?:organizations|common)\/v2\.0\/\.well-known\/openid-configuration$/;

/** What the app asks for; anything but a code with PKCE, returned in the fragment, is refused. */
const requestSchema = z.object({
  client_id: z.string(),
  response_type: z.literal('code'),
  response_mode: z.literal('fragment'),
  redirect_uri: z.url(),
  scope: z.string(),
  state: z.string(),
  nonce: z.string(),
  code_challenge: z.string().min(43),
  code_challenge_method: z.literal('S256'),
});
type Request = z.output<typeof requestSchema>;

const exchangeSchema = z.object({
  client_id: z.string(),
  code: z.string(),
  redirect_uri: z.string(),
  code_verifier: z.string().min(43),
});

interface Person {
  readonly tenant: SimulatedTenant;
  readonly roles: readonly string[];
}

interface Pending extends Person {
  readonly request: Request;
}

/** The roles that a person can have; the second one is a person that was given none. */
const choices: readonly (readonly string[])[] = [['Records.Read'], []];

/**
 * How a sign-in can end without a code: someone says no, or the service does.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const refusals: ReadonlyMap<string, number> = new Map([
  ['Cancel', 65004],
  ['An administrator has to consent', 90094],
  ['No role is assigned', 50105],
  ['A policy blocks it', 53003],
]);

/** Its answers may be read by scripts of any web app, as those of Microsoft by scripts of registered ones. */
const shared = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' };

export const createUserSignInRouter = (options: SignInOptions): Router => {
  const pending = new Map<string, Pending>();
  return ({ method, url, body }) => {
    if (discovery.test(url.pathname))
      return { call: { operation: 'metadata' }, answer: () => jsonReply(200, metadataOf(options), shared) };
    const { end } = path.exec(url.pathname)?.groups ?? {};
    const call = { operation: 'token' } as const;
    if (end === 'authorize') return { call, answer: () => authorize(options, pending, url) };
    const form = new URLSearchParams(body.toString());
    if (end !== 'token' || method !== 'POST' || form.get('grant_type') !== 'authorization_code')
      return undefined;
    return { call, answer: () => exchange(options, pending, form) };
  };
};

const metadataOf = ({ baseUrl }: SignInOptions) => ({
  issuer: `${baseUrl()}/{tenantid}/v2.0`,
  authorization_endpoint: `${baseUrl()}/organizations/oauth2/v2.0/authorize`,
  token_endpoint: `${baseUrl()}/organizations/oauth2/v2.0/token`,
  end_session_endpoint: `${baseUrl()}/organizations/oauth2/v2.0/logout`,
  jwks_uri: `${baseUrl()}/organizations/discovery/v2.0/keys`,
});

const notTheApp = 700016;

const authorize = (options: SignInOptions, pending: Map<string, Pending>, url: URL): Reply => {
  const request = requestSchema.parse(Object.fromEntries(url.searchParams));
  if (request.client_id !== options.app.clientId) return entraErrorReply(notTheApp);
  const refusal = refusals.get(url.searchParams.get('refusal') ?? '');
  if (refusal !== undefined) return returning(request, refusalOf(refusal));
  const person = personOf(options, url.searchParams.get('person'));
  if (person === undefined) return page(options, url);
  const code = randomUUID();
  pending.set(code, { ...person, request });
  return returning(request, { code, client_info: clientInfoOf(person) });
};

const refusalOf = (aadsts: number) => {
  const { error, error_description, error_uri } = entraError(aadsts);
  return { error, error_description, error_uri };
};

const returning = ({ redirect_uri, state }: Request, members: Readonly<Record<string, string>>): Reply => ({
  status: 302,
  headers: { Location: `${redirect_uri}#${new URLSearchParams({ ...members, state }).toString()}` },
  body: Buffer.alloc(0),
});

/** @param chosen the domain of a tenant and the place of the roles in {@link choices} */
const personOf = ({ tenants }: SignInOptions, chosen: string | null): Person | undefined => {
  const [domain = '', at = ''] = chosen?.split(' ') ?? [];
  const [tenant, roles] = [tenants.find(domain)?.tenant, choices[Number(at)]];
  return tenant === undefined || roles === undefined ? undefined : { tenant, roles };
};

/** One link for each person that someone may be, and for each way not to be signed in. */
const page = ({ tenants }: SignInOptions, url: URL): Reply => {
  const link = (text: string, name: string, value: string) => {
    const to = new URL(url);
    to.searchParams.set(name, value);
    return `<li><a href="${to.pathname}${to.search.replaceAll('&', '&amp;')}">${text}</a></li>`;
  };
  const people = tenants
    .all()
    .flatMap(({ tenant: { domain } }) =>
      choices.map((roles, at) => link(`${nameOf({ roles })}@${domain}`, 'person', `${domain} ${at}`)),
    );
  const links = [...people, ...[...refusals.keys()].map((text) => link(text, 'refusal', text))];
  const html = `<!doctype html><title>Sign in</title><h1>Who are you?</h1><ul>${links.join('')}</ul>`;
  return { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: Buffer.from(html) };
};

const nameOf = ({ roles }: Pick<Person, 'roles'>): string => (roles.length === 0 ? 'powerless' : 'reader');
const idOf = (person: Person): string =>
  `${person.tenant.tenantId.slice(0, -4)}${person.roles.length === 0 ? '0e0e' : '0a0a'}`;

/** A code works once, for who requested it and holds the verifier of its challenge. */
const exchange = async (
  options: SignInOptions,
  pending: Map<string, Pending>,
  form: URLSearchParams,
): Promise<Reply> => {
  const { code, code_verifier: verifier, ...asked } = exchangeSchema.parse(Object.fromEntries(form));
  const known = pending.get(code);
  pending.delete(code);
  const isProven =
    known?.request.code_challenge === createHash('sha256').update(verifier).digest('base64url');
  const isSame =
    known?.request.redirect_uri === asked.redirect_uri && known.request.client_id === asked.client_id;
  if (known === undefined || !isProven || !isSame) return jsonReply(400, { error: 'invalid_grant' }, shared);
  return jsonReply(200, await tokensFor(options, known), shared);
};

const tokensFor = async (options: SignInOptions, { request, ...person }: Pending) => {
  const { clientId } = options.app;
  const { tenantId, domain } = person.tenant;
  const lifetimeSeconds = options.settings.get().tokenLifetimeSeconds;
  const [oid, name] = [idOf(person), `${nameOf(person)}@${domain}`];
  const claims = { oid, name, preferred_username: name, ver: '2.0' };
  const token = {
    tenantId,
    audience: clientId,
    issuer: `${options.baseUrl()}/${tenantId}/v2.0`,
    subject: oid,
  };
  const mint = (roles: readonly string[], more: Record<string, string>) =>
    options.tokens.mint({ ...token, roles, claims: { ...claims, ...more } }, lifetimeSeconds);
  return {
    ...{ token_type: 'Bearer', scope: request.scope, expires_in: lifetimeSeconds },
    access_token: await mint(person.roles, { azp: clientId, scp: 'access_as_user' }),
    id_token: await mint([], { nonce: request.nonce }),
    client_info: clientInfoOf(person),
  };
};

const clientInfoOf = (person: Person): string =>
  Buffer.from(JSON.stringify({ uid: idOf(person), utid: person.tenant.tenantId })).toString('base64url');
