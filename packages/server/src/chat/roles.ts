export { type Act, mayAppoint, mayDo, mayInviteAs, mayRemove } from '@carpenter/protocol';
