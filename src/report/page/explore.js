"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const element = (name, text, className) => {
  const result = document.createElement(name);
  if (text !== undefined) result.textContent = text;
  if (className) result.className = className;
  return result;
};

// "file:line" of each alias, #loc3 = loc("kernel.py":12:8): of what is inlined the caller's, which is the user's.
function readLocations(lines) {
  const bodies = new Map();
  for (const line of lines) {
    const match = /^(#loc\d*) = loc\((.*)\)$/.exec(line);
    if (match) bodies.set(match[1], match[2]);
  }
  const resolve = (body, depth) => {
    // Of a callsite the caller, which stands last, is the user's.
    const parts = body.match(/"(?:[^"\\]|\\.)*":\d+:\d+|#loc\d*/g) || [];
    if (body.startsWith("callsite")) parts.reverse();
    for (const part of parts) {
      const place = /^"(.*)":(\d+):\d+$/.exec(part);
      if (place) return `${place[1]}:${place[2]}`;
      const found = depth < 32 && bodies.has(part) ? resolve(bodies.get(part), depth + 1) : "";
      if (found) return found;
    }
    return "";
  };
  return (body) => resolve(body, 0);
}

// Calls a function with what stands in each " loc(…)" of a line, and gives the line without them.
function withoutLocations(line, visit) {
  let result = "", rest = line;
  for (let at = rest.indexOf(" loc("); at >= 0; at = rest.indexOf(" loc(")) {
    let depth = 0, end = at + 4, inText = false;
    for (; end < rest.length; ++end) {
      const c = rest[end];
      if (inText && c === "\\") ++end;
      else if (c === '"') inText = !inText;
      else if (!inText && c === "(") ++depth;
      else if (!inText && c === ")" && --depth === 0) break;
    }
    visit(rest.slice(at + 5, end));
    result += rest.slice(0, at);
    rest = rest.slice(end + 1);
  }
  return result + rest;
}

// Lines of IR as {text, key, place}: without locations; `key` is also without indentation and the numbers of values and
// of attributes' aliases, which every change shifts.
function readIR(text) {
  const all = text.split("\n"), resolve = readLocations(all);
  return all.filter((line) => line && !/^#loc\d* =/.test(line)).map((line) => {
    let place = "";
    const bare = withoutLocations(line, (body) => { place = resolve(body) || place; });
    return { text: bare, key: bare.trim().replace(/%[\w$.#-]+/g, "%").replace(/#map\d*/g, "#map"), place };
  });
}

// Pairs [before, after] of line numbers, null where a line has no partner. Myers' greedy algorithm; beyond `most` edits
// what lies between the equal beginning and end counts as changed.
function compareLines(a, b, most = 1500) {
  let begin = 0, endA = a.length, endB = b.length;
  while (begin < endA && begin < endB && a[begin].key === b[begin].key) ++begin;
  while (endA > begin && endB > begin && a[endA - 1].key === b[endB - 1].key) { --endA; --endB; }
  const n = endA - begin, m = endB - begin, trace = [];
  let reached = n === 0 && m === 0 ? 0 : -1;
  const furthest = new Map([[1, 0]]);
  for (let d = 0; d <= Math.min(most, n + m) && reached < 0; ++d) {
    trace.push(new Map(furthest));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
      let x = down ? furthest.get(k + 1) ?? 0 : (furthest.get(k - 1) ?? 0) + 1, y = x - k;
      while (x < n && y < m && a[begin + x].key === b[begin + y].key) { ++x; ++y; }
      furthest.set(k, x);
      if (x >= n && y >= m) { reached = d; break; }
    }
  }
  const middle = [];
  if (reached < 0) {
    for (let i = 0; i < n; ++i) middle.push([begin + i, null]);
    for (let i = 0; i < m; ++i) middle.push([null, begin + i]);
  } else {
    let x = n, y = m;
    for (let d = reached; d > 0 || x > 0 || y > 0; --d) {
      const before = trace[Math.max(d, 0)], k = x - y;
      const down = k === -d || (k !== d && (before.get(k - 1) ?? -1) < (before.get(k + 1) ?? -1));
      const fromX = d <= 0 ? 0 : before.get(down ? k + 1 : k - 1) ?? 0, fromY = d <= 0 ? 0 : fromX - (down ? k + 1 : k - 1);
      while (x > fromX && y > fromY) middle.push([begin + --x, begin + --y]);
      if (d <= 0) break;
      if (down) middle.push([null, begin + --y]);
      else middle.push([begin + --x, null]);
    }
    middle.reverse();
  }
  const pairs = [];
  for (let i = 0; i < begin; ++i) pairs.push([i, i]);
  pairs.push(...middle);
  for (let i = 0; endA + i < a.length; ++i) pairs.push([endA + i, endB + i]);
  return pairs;
}

// Removed lines stand beside added ones.
function rowsOf(pairs) {
  const rows = [];
  for (let i = 0; i < pairs.length;) {
    if (pairs[i][0] !== null && pairs[i][1] !== null) { rows.push({ before: pairs[i][0], after: pairs[i++][1], same: true }); continue; }
    const removed = [], added = [];
    for (; i < pairs.length && (pairs[i][0] === null || pairs[i][1] === null); ++i)
      pairs[i][0] === null ? added.push(pairs[i][1]) : removed.push(pairs[i][0]);
    for (let k = 0; k < Math.max(removed.length, added.length); ++k)
      rows.push({ before: removed[k] ?? null, after: added[k] ?? null, same: false });
  }
  return rows;
}

const parsed = data.steps.map((step) => readIR(step.ir));
// What a step began with: what the one before it left, of the same chip.
const previous = data.steps.map((step, i) => {
  for (let k = i - 1; k >= 0; --k)
    if (data.steps[k].done && (!data.steps[k].target || data.steps[k].target === step.target)) return k;
  return -1;
});
const isSame = data.steps.map((step, i) => previous[i] >= 0 && parsed[i].length === parsed[previous[i]].length &&
  parsed[i].every((line, k) => line.text === parsed[previous[i]][k].text));

let marked = "";
function mark(place) {
  marked = place;
  for (const node of document.querySelectorAll(".marked")) node.classList.remove("marked");
  if (!place) return;
  for (const node of document.querySelectorAll("[data-place]")) if (node.dataset.place === place) node.classList.add("marked");
  const file = place.slice(0, place.lastIndexOf(":"));
  if (file in data.sources && byId("file").value !== file) showSource(file);
}
document.addEventListener("click", (event) => {
  const tied = event.target.closest("[data-place]");
  if (!tied) return;
  mark(tied.dataset.place === marked ? "" : tied.dataset.place);
  const other = document.querySelector(tied.closest("#python") ? "#lines .marked" : "#source .marked");
  if (other) other.scrollIntoView({ block: "nearest" });
});

function cell(lines, number, className) {
  const line = number === null ? null : lines[number];
  const result = element("td", line ? line.text : "", line ? className : "");
  if (line && line.place) { result.dataset.place = line.place; result.classList.add("tied"); result.title = line.place; }
  return result;
}

function show(number) {
  const step = data.steps[number], from = previous[number];
  const before = from < 0 ? [] : parsed[from], after = parsed[number];
  [...byId("steps").tBodies[0].rows].forEach((row, i) => row.classList.toggle("shown", i === number));
  byId("title").textContent = from < 0 ? step.name : `${data.steps[from].name} → ${step.name}`;
  const did = step.count ? `${step.count} ${step.counts}. ` : "";
  byId("hint").textContent = did + (isSame[number] ? "Nothing changed. " : "") +
    "Values' numbers are not compared. A click on a line marks what comes from the same Python line.";
  const body = byId("lines").tBodies[0], rows = rowsOf(compareLines(before, after)), near = 3;
  body.replaceChildren();
  const add = (row, where) => {
    const line = element("tr");
    line.append(cell(before, row.before, row.same ? "" : "removed"), cell(after, row.after, row.same ? "" : "added"));
    where.append(line);
  };
  for (let i = 0; i < rows.length;) {
    let end = i;
    while (end < rows.length && rows[end].same) ++end;
    const first = i === 0 ? 0 : near, last = end === rows.length ? 0 : near, hidden = rows.slice(i + first, end - last);
    if (end - i > first + last + 4 && !isSame[number]) {
      rows.slice(i, i + first).forEach((row) => add(row, body));
      const folded = element("tr", undefined, "folded"), text = element("td", `… ${hidden.length} lines that stay`);
      text.colSpan = 2;
      folded.append(text);
      folded.addEventListener("click", () => {
        const lines = document.createDocumentFragment();
        hidden.forEach((row) => add(row, lines));
        folded.replaceWith(lines);
        mark(marked);
      });
      body.append(folded);
      rows.slice(end - last, end).forEach((row) => add(row, body));
    } else rows.slice(i, end).forEach((row) => add(row, body));
    for (i = end; i < rows.length && !rows[i].same; ++i) add(rows[i], body);
  }
  mark(marked);
}

function showSource(file) {
  byId("file").value = file;
  const body = byId("source").tBodies[0];
  body.replaceChildren();
  data.sources[file].split("\n").forEach((text, i) => {
    const row = element("tr", undefined, "tied");
    row.dataset.place = `${file}:${i + 1}`;
    row.append(element("td", String(i + 1)), element("td", text));
    body.append(row);
  });
}

byId("input").textContent = data.input;
const failed = data.steps.some((step) => !step.done) || data.diagnostics.some((one) => one.severity === "error");
byId("about").textContent = `${data.steps.length} steps${failed ? "; the compilation failed" : ""}`;
for (const one of data.diagnostics) {
  const item = element("li"), frame = (one.frames || [])[0];
  item.append(element("strong", `${one.severity}: `), document.createTextNode(`${one.message} [${one.code}]`));
  if (one.fix) item.append(element("div", `fix: ${one.fix}`));
  if (frame && frame.file) {
    const link = element("a", ` ${frame.file}:${frame.line}`);
    link.dataset.place = `${frame.file}:${frame.line}`;
    item.append(link);
  }
  byId("diagnostics").append(item);
}
data.steps.forEach((step, i) => {
  const row = element("tr", undefined, !step.done ? "failed" : isSame[i] ? "same" : "");
  const name = element("td", step.target ? `${step.name} (${step.target})` : step.name, step.part_of ? "pass" : "");
  row.append(name, element("td", step.milliseconds.toFixed(2)), element("td", String(step.operations)));
  row.addEventListener("click", () => show(i));
  byId("steps").tBodies[0].append(row);
});
const files = Object.keys(data.sources);
for (const file of files) byId("file").append(new Option(file, file));
byId("file").addEventListener("change", (event) => { showSource(event.target.value); mark(marked); });
if (files.length) showSource(files[0]);
else byId("python").hidden = true;
const worst = data.steps.findIndex((step) => !step.done);
if (data.steps.length) show(worst >= 0 ? worst : 0);
const culprit = document.querySelector("#diagnostics [data-place]");
if (culprit) mark(culprit.dataset.place);
const first = document.querySelector("#source .marked");
if (first) first.scrollIntoView({ block: "nearest" });
