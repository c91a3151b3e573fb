/**
 * The build also gathers the modules that the image needs (docs/adr/0003-image.md). The server must
 * not hear of it: Next then expects to be started by a server of its own.
 *
 * @returns {import('next').NextConfig}
 */
export default function configure(phase) {
  return {
    poweredByHeader: false,
    images: { unoptimized: true },
    // Types are a check of their own; a mistake in a test should not keep anybody from starting.
    typescript: { ignoreBuildErrors: true },
    output: phase === 'phase-production-build' ? 'standalone' : undefined,
    // Our server starts Next by its public function, which looks these up, though it never runs them.
    outputFileTracingIncludes: {
      '/**': [
        'node_modules/next/dist/compiled/@babel/runtime/package.json',
        'node_modules/next/dist/compiled/webpack/*.js',
      ],
    },
    // Images are not optimised, so what would do that stays out (19 MB).
    outputFileTracingExcludes: {
      'next-server': ['node_modules/@img/**', 'node_modules/sharp/**'],
    },
  };
}
