// dockerfile-ast, the parser of Docker's older language server, on the same files: paths on standard input, and
// "name<TAB>value" lines as bench_parse prints them. The mode is a process of its own, so that neither is
// compiled with what it saw in the other:
//
//   lines   parse(): where instructions begin and end, and their keywords
//   parts   and all that bulkhead's tree has a node for, which dockerfile-ast finds when it is asked

'use strict';

const fs = require('fs');
const { DockerfileParser } = require('dockerfile-ast');

const passes = 9;
const mode = process.argv[2];
const texts = fs.readFileSync(0, 'utf8').trim().split('\n').map((path) => fs.readFileSync(path, 'utf8'));
const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);

let parts = 0; // used, so that no call is left out
const count = (list) => {
  parts += list.length;
};

function readParts(instruction) {
  if (instruction.getFlags) for (const flag of instruction.getFlags()) count(flag.getOptions());
  if (instruction.getJSONStrings) count(instruction.getJSONStrings());
  switch (instruction.getKeyword()) {
    case 'FROM':
      instruction.getRegistryRange();
      instruction.getImageNameRange();
      instruction.getImageTagRange();
      instruction.getImageDigestRange();
      instruction.getBuildStageRange();
      count(instruction.getVariables());
      break;
    case 'RUN':
      count(instruction.getHeredocs());
      break;
    case 'CMD':
    case 'ENTRYPOINT':
    case 'SHELL':
      break;
    case 'HEALTHCHECK':
      instruction.getSubcommand();
      break;
    case 'ENV':
    case 'LABEL':
      count(instruction.getProperties());
      count(instruction.getVariables());
      break;
    case 'ARG':
      instruction.getProperty();
      count(instruction.getVariables());
      break;
    case 'ADD':
    case 'COPY':
      count(instruction.getHeredocs());
      count(instruction.getArguments());
      count(instruction.getVariables());
      break;
    case 'ONBUILD': {
      const trigger = instruction.getTriggerInstruction();
      if (trigger) readParts(trigger);
      break;
    }
    default:
      count(instruction.getArguments());
      count(instruction.getVariables());
  }
}

function read(text) {
  const file = DockerfileParser.parse(text);
  if (mode === 'lines') return;
  for (const instruction of file.getInstructions()) readParts(instruction);
  count(file.getComments());
  count(file.getDirectives());
}

let best = Infinity;
for (let pass = 0; pass < passes; pass++) {
  const start = process.cpuUsage();
  texts.forEach(read);
  const { user, system } = process.cpuUsage(start);
  const seconds = (user + system) / 1e6;
  if (pass === 0) console.log(`first pass\t${bytes / seconds}`);
  best = Math.min(best, seconds);
}
console.log(`${mode}\t${bytes / best}`);
