export { judge } from './judge.ts';
export { faultNames, type RunOptions, run } from './run.ts';
