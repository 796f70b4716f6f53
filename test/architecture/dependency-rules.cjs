// Who may import whom. The names of these rules are what a contributor sees when one is broken.
const context = '(cerebra|economist|aegis|console)';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'contexts-never-meet',
      comment: 'Contexts meet in the database, through published views, never in code.',
      severity: 'error',
      from: { path: `^(?:src|migrations)/${context}/` },
      to: { path: `^(?:src|migrations)/${context}/`, pathNot: '^(?:src|migrations)/$1/' },
    },
    {
      name: 'platform-knows-no-context',
      comment: 'The platform is what every context needs and none of them understands.',
      severity: 'error',
      from: { path: '^(?:src|migrations)/platform/' },
      to: { path: '^src/(?!platform/)|^migrations/(?!platform/)' },
    },
    {
      name: 'only-contexts-ts-names-contexts',
      comment: 'A context that is off is never imported, so nothing but contexts.ts may reach for one.',
      severity: 'error',
      from: { path: '^src/[^/]+\\.ts$', pathNot: '^src/contexts\\.ts$' },
      to: { path: `^(?:src|migrations)/${context}/` },
    },
    {
      name: 'pure-stays-pure',
      comment: 'A .pure file decides and touches nothing: no framework, no engine, no file system. Types are no touch.',
      severity: 'error',
      from: { path: '\\.pure\\.ts$' },
      to: {
        path: '^node_modules/(?:@nestjs|typeorm|pg|ioredis|rxjs|fastify|undici|bullmq|pg-boss)|^(?:fs|net|http|https|child_process|worker_threads|process)(?:/|$)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-circular',
      comment: 'With decorator metadata a circle fails at load, in an order that nobody chose.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'product-needs-no-test-packages',
      severity: 'error',
      from: { path: '^(?:src|migrations)/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/console/web/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
