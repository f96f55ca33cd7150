// Ends the process with a sentence on a Node that is too old, before one that nobody understands does.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 12)) {
  console.error(`Cannot run Simile: expected Node 20.12 or newer, found ${process.versions.node}`);
  process.exit(1);
}
