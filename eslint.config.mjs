// The style of style.md as far as a machine can check it, and the table of imports of design.md.
import tseslint from 'typescript-eslint';
import { layers } from './eslint.layers.mjs';

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'prisma/generated/', '.data/', 'coverage/', '**/*.mjs'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { threefold: { rules: { layers } } },
    rules: {
      'threefold/layers': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', prefer: 'type-imports' }],
      '@typescript-eslint/no-import-type-side-effects': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // A number in a template is no mistake; an object is.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => stop()` reads well where the answer does not matter.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Dependencies are closures, not classes: their methods carry no `this`.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-len': ['error', { code: 140, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true }],
      'eqeqeq': 'error',
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'Only bin/ reads the environment; take it as an argument.' }],
    },
  },
  {
    files: ['bin/**', 'tests/**', 'bench/**', '*.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    // What is true does not depend on when it is asked: no clock, no random.
    files: ['domain/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env' },
        { object: 'Date', property: 'now', message: 'domain/ is pure: take the instant as an argument.' },
        { object: 'Math', property: 'random', message: 'domain/ is pure: take what is random as an argument.' },
      ],
      'no-restricted-syntax': ['error', { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'domain/ is pure: take the instant as an argument.' }],
      'no-restricted-globals': ['error', 'crypto', 'setTimeout', 'setInterval', 'fetch', 'process', 'performance'],
    },
  },
  {
    // vitest's matchers are `any`, and a test that meets null where it expects none has failed anyway.
    files: ['tests/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', '@typescript-eslint/no-unsafe-assignment': 'off', 'max-len': 'off' },
  },
);
