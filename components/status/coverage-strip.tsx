import type { Coverage } from '#lib/view/cluster-view.ts';
import { countText, numberText, shareText } from './count-text.ts';

/** How many pods policies isolate, in each direction and in both. */
export function CoverageStrip({ coverage }: { readonly coverage: Coverage }) {
  const { pods, ingress, egress, both } = coverage;
  const meters = [
    { label: 'ingress', value: ingress },
    { label: 'egress', value: egress },
    { label: 'both', value: both },
  ];
  return (
    <dl
      aria-label="Isolated pods"
      className="flex flex-wrap items-center gap-x-5 gap-y-1 whitespace-nowrap text-xs max-sm:gap-x-4"
    >
      <div className="text-muted">
        <dt className="sr-only">Pods</dt>
        <dd>{countText(pods, 'pod')}, isolated for</dd>
      </div>
      {meters.map(({ label, value }) => (
        <div key={label} className="flex items-center gap-2">
          <dt className="text-muted">{label}</dt>
          <dd className="flex items-center gap-2">
            <span
              aria-hidden
              className="h-1 w-16 overflow-hidden max-sm:hidden rounded-full bg-line-strong/60"
            >
              <span
                className="block h-full rounded-full bg-accent"
                style={{ width: `${pods === 0 ? 0 : (100 * value) / pods}%` }}
              />
            </span>
            <span className="tabular-nums">
              <span className="font-medium">{shareText(value, pods)}</span>{' '}
              <span className="text-faint">
                {numberText(value)}
                <span className="sr-only"> of {numberText(pods)}</span>
              </span>
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
