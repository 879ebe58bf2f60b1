/** Dependencies point one way: main -> functions -> domain, main -> adapters -> domain. */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
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
      name: 'adapters-import-only-domain',
      severity: 'error',
      from: { path: '^shared/adapters/' },
      to: { path: '^(functions|scripts)/' },
    },
    {
      name: 'only-dependencies-imports-adapters',
      severity: 'error',
      from: { path: '^functions/', pathNot: '^functions/dependencies\\.ts$' },
      to: { path: '^shared/adapters/' },
    },
    {
      name: 'functions-do-not-import-each-other',
      severity: 'error',
      from: { path: '^functions/', pathNot: '^functions/main\\.ts$' },
      to: { path: '^functions/(?!http\\.ts$)' },
    },
    {
      name: 'nothing-shipped-uses-a-dev-dependency',
      severity: 'error',
      from: { path: '^(functions|shared)/' },
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
