/** The OpenAPI document as the page shows it. */
import { isObject, type JsonObject } from '../../json.ts';
import type { CurlCall } from './curl.ts';

/** Credentials that people have; programs make links and signatures, and links would be part of addresses. */
const shown = ['clientKey', 'entra'];

/** @param baseUrl where the page itself came from: calls go there and nowhere else, whatever the document says */
export function documentOf(openApi: unknown, baseUrl: string): JsonObject {
  const document = objectOf(openApi);
  const components = objectOf(document['components']);
  const schemes = Object.entries(objectOf(components['securitySchemes']));
  const securitySchemes = Object.fromEntries(schemes.filter(([name]) => shown.includes(name)));
  const parameters = mapValues(components['parameters'], withoutExample);
  const paths = mapValues(document['paths'], (path) => mapValues(path, withShownSecurity));
  const shared = { ...components, parameters, securitySchemes };
  return { ...document, servers: [{ url: baseUrl }], paths, components: shared };
}

/** An example would be filled in, as if there were a tenant with that ID. */
function withoutExample(parameter: unknown): JsonObject {
  return Object.fromEntries(Object.entries(objectOf(parameter)).filter(([name]) => name !== 'example'));
}

function mapValues(value: unknown, change: (member: unknown) => unknown): JsonObject {
  return Object.fromEntries(Object.entries(objectOf(value)).map(([name, member]) => [name, change(member)]));
}

function withShownSecurity(value: unknown): JsonObject {
  const operation = objectOf(value);
  const security = operation['security'];
  if (!Array.isArray(security)) return operation;
  const isShown = (scheme: unknown) => Object.keys(objectOf(scheme)).every((name) => shown.includes(name));
  return { ...operation, security: security.filter(isShown) };
}

/** A call of an operation, with the body that the document has as an example. */
export function exampleCall(document: JsonObject, path: string, method: string): CurlCall {
  const operation = objectOf(objectOf(objectOf(document['paths'])[path])[method]);
  const { requestBody, security, parameters } = operation;
  const json = objectOf(objectOf(objectOf(requestBody)['content'])['application/json']);
  const isOpen = Array.isArray(security) && security.length === 0;
  const isSent = 'example' in json;
  return {
    method,
    url: `${baseUrlOf(document)}${path}${requiredQuery(document, parameters)}`,
    headers: {
      ...(isOpen ? {} : { 'x-api-key': '' }),
      ...(isSent ? { 'content-type': 'application/json' } : {}),
    },
    body: isSent ? JSON.stringify(json['example']) : undefined,
  };
}

function baseUrlOf({ servers }: JsonObject): string {
  const all: readonly unknown[] = Array.isArray(servers) ? servers : [];
  const [first] = all;
  return String(objectOf(first)['url']);
}

/** What a call cannot do without, each as a variable. */
function requiredQuery({ components }: JsonObject, parameters: unknown): string {
  const shared = objectOf(objectOf(components)['parameters']);
  const names = (Array.isArray(parameters) ? parameters : [])
    .map((each) => objectOf(shared[String(objectOf(each)['$ref']).split('/').at(-1) ?? ''] ?? each))
    .filter((each) => each['in'] === 'query' && each['required'] === true)
    .map(({ name }) => `${String(name)}={${String(name)}}`);
  return names.length === 0 ? '' : `?${names.join('&')}`;
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
