/** What stops a start and is no fault of ours: the message says what is wrong and what to do, and is all that is shown. */
export class CannotStart extends Error {}
