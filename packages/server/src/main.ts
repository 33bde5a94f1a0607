// The way in. It only makes sure that this Node can run the rest, so it imports nothing before it has looked.
const oldest = 24;

if (Number.parseInt(process.versions.node, 10) < oldest) {
  console.error(`Carpenter needs Node ${oldest} or later; this is ${process.version}. "npm start" brings its own.`);
  process.exit(1);
}
const { start } = await import('./start.ts');
await start(process.env);
