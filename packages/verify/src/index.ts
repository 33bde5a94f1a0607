export { judge } from './judge.ts';
export { NoHistory } from './read.ts';
export { faultNames, type RunOptions, run } from './run.ts';
