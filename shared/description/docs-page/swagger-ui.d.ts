/** The part of Swagger UI that the page uses; the package has no types. @see https://swagger.io/docs/open-source-tools/swagger-ui/ */

declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  function SwaggerUI(options: Readonly<Record<string, unknown>>): unknown;
  export { SwaggerUI as default };
}

declare module '*.css';
