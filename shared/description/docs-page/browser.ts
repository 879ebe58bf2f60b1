/** Runs in the browser: shows the OpenAPI document of the app that the page came from, and lets people try it. */
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js';
import 'swagger-ui-dist/swagger-ui.css';
import './browser.css';
import { readable } from './components.ts';
import { documentOf } from './document.ts';

declare const location: { readonly href: string };

const folder = new URL('.', location.href);
const document = documentOf(
  await (await fetch(new URL('openapi.json', folder))).json(),
  folder.href.replace(/\/$/, ''),
);

SwaggerUI({
  spec: document,
  dom_id: '#docs',
  plugins: [readable(document)],
  filter: true,
  deepLinking: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  // The key stays in the memory of this page.
  persistAuthorization: false,
  // No address is called but this one.
  validatorUrl: null,
});
