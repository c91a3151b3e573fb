import Link from 'next/link';

/** The name and sign of the product; leads to the default cluster. */
export function Wordmark() {
  return (
    <Link
      href="/"
      className="flex items-center gap-2 rounded-md"
      aria-label="Sightline, start page"
    >
      <svg aria-hidden="true" width="22" height="22" viewBox="0 0 22 22" fill="none">
        <rect width="22" height="22" rx="6" fill="var(--accent)" />
        <circle cx="6.25" cy="11" r="2.25" fill="var(--on-accent)" />
        <path
          d="M10 11h6.5M13.75 8l3 3-3 3"
          stroke="var(--on-accent)"
          strokeWidth="1.75"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      <span className="font-semibold text-base tracking-tight max-sm:hidden">Sightline</span>
    </Link>
  );
}
