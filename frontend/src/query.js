// The SPARQL editor in place of the text area: colours, completion from the one prefix map and the
// ontology, and the place of an error underlined. It stands in a shadow root, so that its styles
// are adopted sheets and need no inline style.

import { acceptCompletion, autocompletion, startCompletion } from "@codemirror/autocomplete";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { minimalSetup } from "codemirror";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { closeBrackets } from "@codemirror/autocomplete";
import { sparql } from "codemirror-lang-sparql";
import { data, element } from "./dom.js";

const WORDS = ["SELECT", "DISTINCT", "WHERE", "FILTER", "OPTIONAL", "GRAPH", "UNION", "MINUS", "VALUES",
  "BIND", "ORDER BY", "GROUP BY", "HAVING", "LIMIT", "OFFSET", "CONSTRUCT", "DESCRIBE", "ASK",
  "PREFIX", "NOT EXISTS", "EXISTS", "COUNT", "SAMPLE", "MIN", "MAX", "SUM", "AVG", "GROUP_CONCAT",
  "LANG", "STR", "CONTAINS", "REGEX", "LCASE", "COALESCE", "IF", "BOUND"];

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--denies, #7a3b00)", fontWeight: "600" },
  { tag: [tags.string, tags.literal], color: "var(--confirms, #2b6a4d)" },
  { tag: [tags.number, tags.bool], color: "var(--doubts, #8a4b00)" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--link, #1f5a8a)" },
  { tag: tags.comment, color: "var(--faint, #666)", fontStyle: "italic" },
]);

const look = EditorView.theme({
  "&": { fontSize: "0.9rem", backgroundColor: "transparent", color: "var(--ink)" },
  "&.cm-focused": { outline: "none" },
  ".cm-content": { fontFamily: "var(--mono)", padding: "0.75rem 0", minHeight: "14rem",
    caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 0.9rem" },
  ".cm-scroller": { fontFamily: "inherit", lineHeight: "1.55" },
  ".cm-gutters": { backgroundColor: "transparent", border: "none", color: "var(--faint, #666)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { backgroundColor: "color-mix(in srgb, var(--link) 22%, transparent)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "color-mix(in srgb, var(--link) 22%, transparent)" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--ink)",
    border: "1px solid var(--rule)", borderRadius: "4px" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "16em" },
  ".cm-tooltip-autocomplete > ul > li": { padding: "0.2em 0.6em" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)",
    color: "var(--paper)" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "0.75" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--denies) 1.5px",
    textUnderlineOffset: "4px", backgroundColor: "color-mix(in srgb, var(--denies) 18%, transparent)" },
  ".cm-diagnostic": { padding: "0.4em 0.8em", borderLeft: "4px solid var(--denies)" },
});

// Completion: variables of the query, prefixes, the terms of a prefix, and the words of SPARQL.
function completion({ prefixes, terms }) {
  const names = Object.keys(prefixes);
  const byPrefix = new Map();
  for (const [curie, kind, definition] of terms) {
    const prefix = curie.slice(0, curie.indexOf(":"));
    byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), { label: curie, type: kind, info: definition }]);
  }
  return (context) => {
    const variable = context.matchBefore(/[?$]\w*/);
    if (variable) {
      const used = new Set(context.state.doc.toString().match(/[?$]\w+/g) ?? []);
      used.delete(variable.text);
      return { from: variable.from, options: [...used].map((label) => ({ label, type: "variable" })) };
    }
    const curie = context.matchBefore(/[A-Za-z][\w-]*:[\w.-]*/);
    if (curie) {
      const prefix = curie.text.slice(0, curie.text.indexOf(":"));
      return { from: curie.from, options: byPrefix.get(prefix) ?? [], validFor: /^[\w-]*:[\w.-]*$/ };
    }
    const word = context.matchBefore(/\w+/);
    if (!word && !context.explicit) return null;
    return {
      from: word ? word.from : context.pos,
      options: [
        ...WORDS.map((label) => ({ label, type: "keyword" })),
        ...names.map((name) => ({ label: `${name}:`, type: "namespace", detail: prefixes[name] })),
      ],
      validFor: /^\w*$/,
    };
  };
}

// What to underline for an error at a position: the word there, or else the one before it.
function wordAt(text, position) {
  const after = /^[^\s{}()]+/.exec(text.slice(position));
  if (after) return [position, position + after[0].length];
  const before = /\S+\s*$/.exec(text.slice(0, position));
  if (before) return [before.index, before.index + before[0].trimEnd().length];
  return [position, Math.min(position + 1, text.length)];
}

// What is typed over a selection. Left to itself, Chromium keeps the look of what was there in a style
// attribute, which the policy of the site refuses, and complains of.
const typedOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (event.inputType !== "insertText" || !event.data || view.composing
      || view.state.selection.main.empty) return false;
    event.preventDefault();
    view.dispatch(view.state.replaceSelection(event.data),
      { userEvent: "input.type", scrollIntoView: true });
    return true;
  },
});

function enhance(area) {
  const form = area.form;
  const label = area.labels?.[0];
  const host = element("div", { class: "editor" });
  area.after(host);
  const root = host.attachShadow({ mode: "open" });
  const known = data("query-vocabulary") ?? { prefixes: {}, terms: [] };
  const run = () => { form.requestSubmit(); return true; };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: area.value,
      extensions: [
        Prec.high(keymap.of([
          { key: "Mod-Enter", run },
          { key: "Ctrl-Space", run: startCompletion },
          { key: "Tab", run: acceptCompletion },
        ])),
        minimalSetup, bracketMatching(), closeBrackets(), indentOnInput(), lintGutter(),
        sparql(), syntaxHighlighting(colours), look,
        autocompletion({ override: [completion(known)] }),
        EditorView.lineWrapping, typedOver,
        EditorView.contentAttributes.of({
          "aria-label": label ? label.textContent.trim() : "SPARQL", spellcheck: "false",
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) area.value = update.state.doc.toString();
        }),
      ],
    }),
  });
  const { errorLine, errorColumn, errorMessage } = area.dataset;
  if (errorLine) {
    const line = view.state.doc.line(Math.min(Number(errorLine), view.state.doc.lines));
    const text = view.state.doc.toString();
    const position = Math.min(line.from + Math.max(Number(errorColumn || 1) - 1, 0), line.to);
    const [from, to] = wordAt(text, position);
    view.dispatch(setDiagnostics(view.state, [
      { from, to, severity: "error", message: errorMessage || "the query cannot be read here" },
    ]));
    view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
  }
  area.hidden = true;
  label?.addEventListener("click", (event) => { event.preventDefault(); view.focus(); });
  host.addEventListener("focusin", () => host.classList.add("focused"));
  host.addEventListener("focusout", () => host.classList.remove("focused"));
}

for (const area of document.querySelectorAll("textarea[data-sparql]")) enhance(area);

// Snippets are copied by a button that stands only where it works.
for (const block of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = element("button", { type: "button", class: "copy", onclick: async () => {
    await navigator.clipboard.writeText(block.textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  } }, "Copy");
  block.before(button);
}
