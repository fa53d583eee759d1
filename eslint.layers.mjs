// Who may import whom (docs/architecture.md), as data, and the rule that keeps it.
import { dirname, relative, resolve, sep } from 'node:path';

const NODE = 'node:*';

/**
 * Folder → the other folders and the packages it may import. `a/b` allows one module of a folder, a trailing `*` any name
 * that begins so; `types` may be imported as types only. A folder that is not here may import everything.
 */
export const table = {
  domain: { folders: [], packages: ['zod'], types: [] },
  workflows: { folders: ['domain'], packages: ['@temporalio/workflow'], types: ['activities'] },
  activities: { folders: ['domain', 'prisma'], packages: [NODE, '@temporalio/activity', '@temporalio/common'], types: [] },
  prisma: { folders: ['domain'], packages: [NODE, '@prisma/*', 'pg', 'canonicalize', 'zod', 'csv-parse', 'lru-cache'], types: [] },
  calendars: { folders: ['domain'], packages: [NODE, 'temporal-polyfill', 'date-holidays', 'chinese-days'], types: [] },
  api: {
    folders: ['domain', 'prisma', 'engine', 'audit', 'calendars'],
    packages: [NODE, 'express', 'express-rate-limit', 'helmet', 'jose', 'pino', 'zod', '@asteasolutions/zod-to-openapi', 'canonicalize'],
    types: [],
  },
  engine: { folders: ['domain', 'prisma', 'workflows/messages'], packages: [NODE, '@temporalio/client', '@temporalio/common', 'canonicalize'], types: ['pino'] },
  audit: {
    folders: ['domain', 'prisma', 'engine'],
    packages: [NODE, '@temporalio/worker', '@temporalio/client', '@temporalio/common', '@temporalio/proto', 'canonicalize', 'zod'],
    types: [],
  },
  // the sentences that customers are told are those of the tracking page
  deliveries: {
    folders: ['domain', 'prisma', 'engine/dispatcher', 'api/tracking/phrases', 'api/audit/eventWords'],
    packages: [NODE, 'nodemailer', 'standardwebhooks'],
    types: [],
  },
  telemetry: {
    folders: ['domain', 'prisma', 'engine/around', 'engine/failure', 'engine/within'],
    packages: [NODE, '@opentelemetry/*', '@temporalio/*', 'prom-client'],
    types: ['api/http/watch', 'engine', 'pino'],
  },
};

/** ESLint rule: an import that the table does not allow is an error. */
export const layers = {
  meta: { type: 'problem', messages: { forbidden: '{{from}}/ may not import {{to}} (see eslint.layers.mjs).' }, schema: [] },
  create(context) {
    const here = relative(context.cwd, context.filename).split(sep).join('/');
    const from = here.split('/')[0];
    const may = table[from];
    if (!may || here.startsWith('prisma/generated/')) return {};
    const check = (node, source, typeOnly) => {
      if (typeof source?.value !== 'string') return;
      const to = targetOf(source.value, context);
      const allowed = to.kind === 'folder' ? [from, ...may.folders] : may.packages;
      if (matches(to.name, allowed) || (typeOnly && matches(to.name, may.types))) return;
      context.report({ node, messageId: 'forbidden', data: { from, to: to.name } });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source, isTypeOnly(node)),
      ExportNamedDeclaration: (node) => check(node, node.source, node.exportKind === 'type'),
      ExportAllDeclaration: (node) => check(node, node.source, node.exportKind === 'type'),
      ImportExpression: (node) => check(node, node.source, false),
      TSImportType: (node) => check(node, node.source ?? node.argument?.literal, true),
      TSExternalModuleReference: (node) => check(node, node.expression, false),
    };
  },
};

function isTypeOnly(node) {
  return node.importKind === 'type' || (node.specifiers.length > 0 && node.specifiers.every((specifier) => specifier.importKind === 'type'));
}

/** `../prisma/keys.js` → the module `prisma/keys`; `@temporalio/client/lib/x` → the package `@temporalio/client`. */
function targetOf(specifier, context) {
  if (specifier.startsWith('.')) {
    const path = relative(context.cwd, resolve(dirname(context.filename), specifier)).split(sep).join('/');
    return { kind: 'folder', name: path.replace(/\.[jt]s$/, '') };
  }
  if (specifier.startsWith('node:')) return { kind: 'package', name: specifier };
  return { kind: 'package', name: specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/') };
}

function matches(name, allowed) {
  return allowed.some((entry) => (entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry || name.startsWith(`${entry}/`)));
}
