/** Dependencies point one way: main -> functions -> domain, main -> adapters -> domain. */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'shipped-code-never-imports-tests',
      severity: 'error',
      from: { path: '^(functions|shared|scripts)/' },
      to: { path: '^test/' },
    },
    {
      name: 'domain-imports-only-domain',
      comment: 'The domain knows no adapter, no function and no SDK.',
      severity: 'error',
      from: { path: '^shared/', pathNot: '^shared/adapters/' },
      to: { path: '^(shared/adapters|functions|scripts)/' },
    },
    {
      name: 'domain-imports-no-sdk',
      severity: 'error',
      from: { path: '^shared/', pathNot: '^shared/adapters/' },
      to: { path: 'node_modules/(@azure|axios)' },
    },
    {
      name: 'domain-opens-nothing',
      comment: 'Sockets, files and processes belong to adapters; of Node, the domain uses what computes.',
      severity: 'error',
      from: { path: '^shared/', pathNot: '^shared/adapters/' },
      to: {
        dependencyTypes: ['core'],
        path: '^(node:)?(http|https|http2|net|tls|dgram|dns|fs|os|child_process|cluster|worker_threads)(/|$)',
      },
    },
    {
      name: 'api-imports-no-handler',
      comment: 'Declarations come first: the HTTP layer and the handlers read them.',
      severity: 'error',
      from: { path: '^shared/api/' },
      to: { path: '^shared/http/(serve|handler|reply|complete-answer)' },
    },
    {
      name: 'adapters-import-only-domain',
      severity: 'error',
      from: { path: '^shared/adapters/' },
      to: { path: '^(functions|scripts)/' },
    },
    {
      name: 'only-dependencies-imports-adapters',
      severity: 'error',
      from: { path: '^functions/', pathNot: '^functions/dependencies(\\.ts$|/)' },
      to: { path: '^shared/adapters/' },
    },
    {
      name: 'functions-do-not-import-each-other',
      severity: 'error',
      from: { path: '^functions/', pathNot: '^functions/(main|handlers|dependencies)\\.ts$' },
      to: { path: '^functions/' },
    },
    {
      name: 'dependencies-know-no-handler',
      severity: 'error',
      from: { path: '^functions/dependencies' },
      to: { path: '^functions/', pathNot: '^functions/dependencies/' },
    },
    {
      name: 'the-console-knows-only-the-api',
      comment:
        'It runs in browsers: of the app it has types, the sentences of records, and what makes texts visible, which are pure.',
      severity: 'error',
      from: { path: '^console/' },
      to: {
        path: '^(shared|functions|scripts|test)/',
        pathNot: '^shared/(sentences/describe|visible-text)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'the-console-knows-only-types-of-the-api',
      severity: 'error',
      from: { path: '^console/' },
      to: { path: '^(functions|scripts|test)/|^shared/(?!api/|(sentences/describe|visible-text)\\.ts$)' },
    },
    {
      name: 'the-console-has-no-node',
      severity: 'error',
      from: { path: '^console/', pathNot: '^console/build\\.mjs$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'nothing-imports-the-console',
      comment: 'The app serves its files. Tests try its pure modules.',
      severity: 'error',
      from: { path: '^(functions|shared|scripts)/' },
      to: { path: '^console/' },
    },
    {
      name: 'nothing-shipped-uses-a-dev-dependency',
      severity: 'error',
      from: { path: '^(console|functions|shared)/', pathNot: '^console/build\\.mjs$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@azure/functions-core$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
