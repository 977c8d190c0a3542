import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/**',
      'build/**',
      'common/**',
      'entry/**',
      'features/**',
      'AppScope/**',
      'hvigor/**',
      '**/hvigorfile.ts',
      'host/types/**',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['server/src/**/*.ts', 'host/src/**/*.ts', 'scripts/**/*.ts', 'proof/**/*.ts', 'bench/src/**/*.ts'],
    ignores: ['proof/test/**'],
    languageOptions: {
      parserOptions: {
        project: ['server/tsconfig.json', 'tsconfig.tools.json', 'host/tsconfig.kits.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'max-lines': ['error', 400],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
    },
  },
  {
    rules: {
      'no-empty': ['error', { allowEmptyCatch: false }],
      curly: ['error', 'all'],
      eqeqeq: 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'all' }],
    },
  },
);
