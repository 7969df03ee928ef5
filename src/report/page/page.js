"use strict";
// Fills the page from the data in it.
(() => {
  const run = JSON.parse(document.getElementById("data").textContent);
  const {stats, target} = run, {format} = Charts;
  const byId = id => document.getElementById(id);
  const add = (parent, tag, text) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    parent.append(element);
    return element;
  };
  const percent = value => (100 * value).toFixed(1) + " %";

  // Slices come as rows, to keep the file small.
  run.slices = run.slices.map(row => {
    const [queue, begin, length, name, place, command, dram, moved, flops, vector, stalled, sequence] = row;
    return {queue, begin, end: begin + length, place: run.places[place], dram, moved, flops, vector, stalled,
            kind: run.kinds[name], name: sequence + "_" + run.names[name] + "_" + command};
  });

  document.title = stats.kernel + " on " + stats.target;
  byId("kernel").textContent = stats.kernel;
  byId("about").textContent = stats.target + ", " + target.engines + " engines, " + stats.numerics +
    " numerics. Times are those of a model; counts are exact.";

  const summary = (id, name, text, small) => {
    const box = add(byId("summary"), "div");
    add(box, "dt", name);
    const value = add(box, "dd", text);
    value.id = id;
    if (small) add(box.lastChild, "small", small);
  };
  const roofline = stats.roofline;
  summary("modelled_seconds", "Modelled time", format.time(stats.modelled_seconds));
  summary("bound_seconds", "Roofline bound", format.time(roofline.bound_seconds), "limited by " + roofline.limit);
  summary("share_reached", "Share of the roofline reached", roofline.share_reached === null ? "-" : percent(roofline.share_reached));
  summary("bottleneck", "Bottleneck", stats.bottleneck,
          "compute " + format.time(stats.compute_seconds) + ", memory " + format.time(stats.memory_seconds) + ", neither " + format.time(stats.latency_seconds));
  summary("matrix_utilisation", "Matrix utilisation", percent(stats.matrix_utilisation), format.count(stats.matmul_flops, "FLOP"));
  summary("vector_ops", "Vector operations", format.count(stats.vector_ops, "op"));
  summary("dram_bytes", "DRAM traffic", format.bytes(stats.dram_bytes),
          stats.dram_over_compulsory === null ? "" : stats.dram_over_compulsory.toFixed(3) + " times the compulsory bytes");
  summary("compulsory_bytes", "Compulsory bytes", format.bytes(stats.compulsory_bytes),
          "read " + format.bytes(stats.compulsory_read_bytes) + ", written " + format.bytes(stats.compulsory_written_bytes));
  summary("engine_balance", "Balance of the engines", percent(stats.engine_balance));
  summary("peak_scratchpad_bytes", "Scratchpad planned", format.bytes(stats.peak_scratchpad_bytes), "of " + format.bytes(target.scratchpad_bytes) + " an engine");
  const commands = Object.entries(stats.commands).filter(entry => entry[0] !== "skipped");
  summary("commands", "Commands", format.whole(commands.reduce((sum, entry) => sum + entry[1], 0)),
          Object.entries(stats.commands).filter(entry => entry[1]).map(entry => entry[1] + " " + entry[0].replace("_", " ")).join(", "));

  for (const [style, name] of [["matrix", "matrix"], ["vector", "vector"], ["dma", "transfer"], ["sync", "scalar and synchronisation"], ["stall", "stalled"]]) {
    const entry = add(byId("legend"), "span");
    add(entry, "i").style.background = "var(--" + style + ")";
    entry.append(name);
  }

  // ---- Tables ------------------------------------------------------------------------------------------------------
  const micro = seconds => (seconds * 1e6).toFixed(3);
  const head = (table, names) => {
    const row = add(add(table, "thead"), "tr");
    return names.map(name => add(row, "th", name));
  };
  head(byId("units"), ["Unit", "Commands", "Busy µs", "Computes µs", "Stalled µs", "Busy"]);
  const units = add(byId("units"), "tbody");
  for (const queue of stats.queues) {
    const row = add(units, "tr"), share = stats.modelled_seconds ? queue.busy_seconds / stats.modelled_seconds : 0;
    for (const text of [queue.name, format.whole(queue.commands), micro(queue.busy_seconds), micro(queue.compute_seconds), micro(queue.stalled_seconds)])
      add(row, "td", text);
    const cell = add(row, "td", percent(share));
    cell.className = "share";
    cell.style.setProperty("--share", share);
  }

  const placeOf = line => line.file === null ? "" : line.file + ":" + line.line;
  const columns = [
    ["Python line", placeOf, text => text || "-"],
    ["Time µs", line => line.seconds, micro],
    ["Share", line => stats.modelled_seconds ? line.seconds / stats.modelled_seconds : 0, percent],
    ["Busy µs", line => line.busy_seconds, micro],
    ["Commands", line => line.commands, format.whole],
    ["DMA bytes", line => line.dma_bytes, format.whole],
    ["DRAM bytes", line => line.dram_bytes, format.whole],
    ["FLOP", line => line.flops, format.whole],
    ["Vector ops", line => line.vector_ops, format.whole],
  ];
  const headings = head(byId("lines"), columns.map(column => column[0]));
  const body = add(byId("lines"), "tbody");
  let marked = null;
  const rows = stats.lines.map(line => {
    const row = document.createElement("tr");
    for (const [name, value, text] of columns) {
      const cell = add(row, "td", text(value(line)));
      if (name === "Share") {
        cell.className = "share";
        cell.style.setProperty("--share", value(line));
      }
    }
    row.addEventListener("click", () => mark(placeOf(line)));
    return {line, row};
  });
  const sortBy = (index, descending) => {
    const value = columns[index][1];
    const compare = (a, b) => a < b ? -1 : a > b ? 1 : 0;
    rows.sort((a, b) => compare(value(a.line), value(b.line)) * (descending ? -1 : 1));
    body.replaceChildren(...rows.map(entry => entry.row));
    headings.forEach((heading, i) => i === index ? heading.setAttribute("aria-sort", descending ? "descending" : "ascending")
                                                 : heading.removeAttribute("aria-sort"));
  };
  headings.forEach((heading, i) => heading.addEventListener("click", () => {
    const was = heading.getAttribute("aria-sort");
    sortBy(i, was ? was === "ascending" : i > 0);
  }));
  sortBy(1, true);

  // ---- Charts ------------------------------------------------------------------------------------------------------
  const range = new Charts.Range(stats.modelled_seconds * 1e9);
  const mark = place => {
    marked = marked === place ? null : place;
    timeline.marked = marked;
    for (const {line, row} of rows) row.classList.toggle("marked", placeOf(line) === marked);
    timeline.draw();
  };
  const timeline = new Charts.Timeline(byId("timeline"), range, run, mark);
  new Charts.Occupancy(byId("occupancy"), range, run);
  const draw = () => {
    range.set(range.from, range.to);
    Charts.roofline(byId("roofline"), run);
  };
  addEventListener("resize", draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  draw();
  document.documentElement.dataset.ready = "yes";
})();
