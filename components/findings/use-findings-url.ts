'use client';

import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';

export const SEVERITY_CHOICES = ['all', 'error', 'warning', 'info'] as const;
type SeverityChoice = (typeof SEVERITY_CHOICES)[number];

/** What of the page is in the URL: all of it. The names are those of the API where it has them. */
const PARAMETERS = {
  severity: parseAsStringLiteral(SEVERITY_CHOICES).withDefault('all'),
  namespace: parseAsString,
  q: parseAsString.withDefault(''),
  accepted: parseAsBoolean.withDefault(false),
};

export interface FindingsUrl {
  readonly severity: SeverityChoice;
  readonly namespace: string | null;
  readonly filter: string;
  readonly showSuppressed: boolean;
  setSeverity(severity: SeverityChoice): void;
  setNamespace(namespace: string | null): void;
  setFilter(text: string): void;
  setShowSuppressed(show: boolean): void;
}

export function useFindingsUrl(): FindingsUrl {
  const [state, set] = useQueryStates(PARAMETERS);
  return {
    severity: state.severity,
    namespace: state.namespace,
    filter: state.q,
    showSuppressed: state.accepted,
    setSeverity: (severity) => void set({ severity }, { history: 'push' }),
    setNamespace: (namespace) => void set({ namespace }, { history: 'push' }),
    setFilter: (q) => void set({ q }),
    setShowSuppressed: (accepted) => void set({ accepted }),
  };
}
