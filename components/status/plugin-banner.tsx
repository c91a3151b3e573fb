'use client';

import { pluginNotice, pluginTitle } from '#components/explanation/plugin-text.ts';
import { Button } from '#components/ui/button.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Popover, PopoverContent, PopoverTrigger } from '#components/ui/popover.tsx';
import type { PluginSummary } from '#lib/view/plugin-summary.ts';

/** What of the network plugin limits every verdict, with what it was known by. */
export function PluginBanner({ plugin }: { readonly plugin: PluginSummary }) {
  const notice = pluginNotice(plugin);
  if (notice === null) return null;
  return (
    <Notice
      tone={notice.tone}
      actions={
        <Popover>
          <PopoverTrigger asChild>
            <Button variant="quiet" size="sm">
              How is that known?
            </Button>
          </PopoverTrigger>
          <PopoverContent aria-label="Network plugin" className="w-96 px-4 py-3">
            <p className="font-medium">Network plugin: {pluginTitle(plugin)}</p>
            <PluginEvidence plugin={plugin} />
            {plugin.enforces === 'unknown' && (
              <p className="mt-2 text-muted text-xs">
                If you know it, state it: start Sightline with <code>--cni</code>.
              </p>
            )}
          </PopoverContent>
        </Popover>
      }
    >
      {notice.text}
    </Notice>
  );
}

/** What a plugin was recognised by, and what could not be read. */
export function PluginEvidence({ plugin }: { readonly plugin: PluginSummary }) {
  const { evidence, unread } = plugin;
  return (
    <div className="mt-1.5 space-y-1 break-words text-muted text-xs">
      {evidence.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {unread.map((sentence) => (
        <p key={sentence} className="text-caution">
          {sentence}
        </p>
      ))}
    </div>
  );
}
