// Reads a GEXF file as graphology does, strictly or with the options of Gephi Lite, and prints the
// graph as JSON: node gexf.js FILE strict|lite

import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

const require = createRequire(import.meta.url);
const {MultiGraph} = require('graphology');
const gexf = require('graphology-gexf');

const OPTIONS = {
  strict: {respectInputGraphType: true},
  lite: {allowUndeclaredAttributes: true, addMissingNodes: true},
};

const [path, how] = process.argv.slice(2);
const graph = gexf.parse(MultiGraph, readFileSync(path, 'utf-8'), OPTIONS[how]);

process.stdout.write(JSON.stringify({
  type: graph.type,
  nodes: graph.mapNodes((key, attributes) => ({key, attributes})),
  edges: graph.mapEdges((key, attributes, source, target) => (
    {key, source, target, undirected: graph.isUndirected(key), attributes}
  )),
}));
