/** What the parts of nsenter's and unshare's command lines throw when a word is wrong. */

/** The command line is wrong; `message` says how. */
export class CommandLineError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CommandLineError';
  }
}

/** An option asked for a text instead of work. */
export class InformationRequest extends Error {
  readonly subject: 'help' | 'version';

  constructor(subject: 'help' | 'version') {
    super(subject);
    this.name = 'InformationRequest';
    this.subject = subject;
  }
}
