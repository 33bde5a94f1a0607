import { n, name, plural } from './grammar.ts';

// Files.

export const media = {
  add: 'Add files',
  /** The note of the marked area while files are dragged over it. */
  drop: 'Drop files to add them',
  tiles: 'Files to send',
  remove: (file: string) => `Remove ${name(file)}`,
  retry: (file: string) => `Try ${name(file)} again`,
  waiting: 'Waiting for the connection',
  pausing: (why: string) => `Trying again: ${why}`,
  uploading: (percent: number) => `${n(percent)} %`,
  uploadingSpoken: (file: string, percent: number) => `Uploading ${name(file)}, ${n(percent)} %`,
  checking: 'Almost there',
  ready: 'Ready to send',
  failed: (why: string) => `Not added: ${why}`,
  tooMany: (max: number) => `A message has at most ${n(max)} files. Send these first.`,
  queued: 'Waiting for its files',
  takeBack: 'Take the message back',
  describe: 'Describe it',
  describeFile: (file: string) => `Description of ${name(file)}, for those who cannot see it`,
  described: 'Described',
  save: 'Save',
  saveFile: (file: string) => `Save ${name(file)}`,
  open: (what: string) => `Open ${name(what)}`,
  picture: 'Picture',
  pictures: (count: number) => plural(count, 'picture', 'pictures'),
  video: 'Film',
  sound: 'Sound',
  voice: 'Voice message',
  voiceOf: (time: string) => `Voice message, ${time}`,
  file: (file: string) => `File ${name(file)}`,
  files: (count: number) => plural(count, 'file', 'files'),
  gone: 'This picture cannot be loaded.',
  silent: 'Cannot be played',
  loadAgain: 'Load again',
  moves: 'It moves: open it to see it',
  kinds: { image: 'Picture', video: 'Film', audio: 'Sound', voice: 'Voice message', file: 'File' },
  size: (bytes: number) =>
    bytes < 1_000
      ? `${n(bytes)} B`
      : bytes < 1_000_000
        ? `${n(Math.ceil(bytes / 1_000))} kB`
        : bytes < 1_000_000_000
          ? `${n(Math.ceil(bytes / 100_000) / 10)} MB`
          : `${n(Math.ceil(bytes / 100_000_000) / 10)} GB`,
  play: 'Play',
  pause: 'Pause',
  speed: (times: number) => `Speed: ${n(times)} times. Change it`,
  times: (times: number) => `${n(times)}×`,
  position: (at: string, of: string) => `${at} of ${of}`,
  seek: 'Position',
  viewer: {
    title: (file: string) => name(file),
    next: 'Next picture',
    previous: 'Previous picture',
    zoomIn: 'Larger',
    zoomOut: 'Smaller',
    of: (at: number, count: number) => `${n(at)} of ${n(count)}`,
  },
  record: {
    start: 'Record a voice message',
    recording: (time: string) => `Recording, ${time}`,
    send: 'Send the recording',
    cancel: 'Throw the recording away',
    hint: 'Esc throws it away',
    denied: 'This browser does not let this page hear you. Change it in the page settings.',
    none: 'There is no microphone that this page can use.',
  },
  gallery: {
    title: 'Files',
    pictures: 'Pictures and films',
    others: 'Other files',
    more: 'Show more',
    none: 'Files that are sent here will be listed here.',
    from: (who: string, day: string) => `${name(who)}, ${day}`,
    goto: (file: string) => `Go to the message with ${name(file)}`,
  },
  face: {
    choose: 'Choose a picture',
    remove: 'Remove it',
    none: 'This file is no picture that this browser knows.',
    failed: (why: string) => `Not changed: ${why}`,
  },
  usage: (used: string, quota: string) => `Your files take ${used} of ${quota}.`,
} as const;
