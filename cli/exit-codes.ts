/** How a command ends. `--help` prints this list. */
export const EXIT = {
  /** Everything asked was answered. */
  answered: 0,
  /** Answered, but something that was read is wrong, so that answers may be missing or unknown. */
  incomplete: 1,
  /** The command was not understood, or asks for what is not there. */
  usage: 2,
  /** The cluster or the manifests could not be read; nothing was answered. */
  unreadable: 3,
  /** Linted, and there are findings as grave as --fail-on says. */
  findings: 4,
} as const;

export const EXIT_CODES_HELP = `
Exit codes:
  0  answered
  1  answered, but with errors in what was read (with --strict: or warnings)
  2  the command was not understood, or asks for what is not there
  3  the cluster or the manifests could not be read
  4  lint: there are findings as grave as --fail-on says
  69 serve: the pages are not built
  78 serve: the settings are refused`;

/** Ends a command with a line for the person who typed it. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly exitCode: number;
  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}
