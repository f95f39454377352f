// Asks an endpoint a query with Comunica and prints the rows as JSON: node comunica.js URL QUERY
import { QueryEngine } from "@comunica/query-sparql";

const [url, query] = process.argv.slice(2);
const stream = await new QueryEngine().queryBindings(query, {
  sources: [{ type: "sparql", value: url }],
});
const rows = await stream.toArray();
const plain = rows.map((row) =>
  Object.fromEntries([...row].map(([name, term]) => [name.value, term.value])),
);
console.log(JSON.stringify(plain));
