import { GeistMono } from 'geist/font/mono';
import { GeistSans } from 'geist/font/sans';
import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { Providers } from '#components/data/providers.tsx';
import { application } from '#lib/server/application.ts';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Sightline', template: '%s · Sightline' },
  description: 'See which Kubernetes pods can talk, and exactly why.',
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f6f7f9' },
    { media: '(prefers-color-scheme: dark)', color: '#0c0e12' },
  ],
};

/**
 * The nonce that our server put into this page's policy. Reading the headers makes every page
 * dynamic, as it must be: a page built ahead would carry no nonce, and its scripts would never run.
 */
async function pageNonce(): Promise<string | undefined> {
  const policy = (await headers()).get('content-security-policy');
  return policy?.match(/'nonce-([^']+)'/)?.[1];
}

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const nonce = await pageNonce();
  return (
    <html
      lang="en"
      className={`${GeistSans.variable} ${GeistMono.variable}`}
      suppressHydrationWarning
    >
      <body>
        <Providers nonce={nonce} clusters={application().clusters()}>
          {children}
        </Providers>
      </body>
    </html>
  );
}
