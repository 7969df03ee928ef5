"use strict";
// The charts. Every text of the run goes to the page as text, never as markup.
const Charts = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const LEFT = 190, RIGHT = 12, AXIS = 22;

  const color = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

  const prefixed = (value, unit, step, prefixes) => {
    let i = 0;
    for (; i + 1 < prefixes.length && value >= step; ++i) value /= step;
    return (Number.isInteger(value) ? String(value) : value.toPrecision(4)) + " " + prefixes[i] + unit;
  };
  const format = {
    bytes: value => prefixed(value, "B", 1024, ["", "Ki", "Mi", "Gi", "Ti"]),
    count: (value, unit) => prefixed(value, unit, 1000, ["", "k", "M", "G", "T"]),
    time: seconds => seconds >= 1e-3 ? (seconds * 1e3).toFixed(3) + " ms" : (seconds * 1e6).toFixed(3) + " µs",
    whole: value => value.toLocaleString("en-US"),
  };

  /// Round places on an axis from low to high.
  const ticks = (low, high, wanted) => {
    const raw = (high - low) / wanted, power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map(f => f * power).find(s => s >= raw);
    const result = [];
    for (let at = Math.ceil(low / step) * step; at <= high; at += step) result.push(at);
    return result;
  };

  const tip = document.getElementById("tip");
  const showTip = (event, text) => {
    tip.hidden = !text;
    if (!text) return;
    tip.textContent = text;
    tip.style.left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8) + "px";
    tip.style.top = Math.min(event.clientY + 14, innerHeight - tip.offsetHeight - 8) + "px";
  };

  /// A time range in nanoseconds that charts share.
  class Range {
    constructor(end) {
      this.end = Math.max(end, 1);
      this.charts = [];
      this.reset();
    }
    reset() { this.set(0, this.end); }
    set(from, to) {
      const width = Math.min(Math.max(to - from, 1), this.end);
      this.from = Math.min(Math.max(from, 0), this.end - width);
      this.to = this.from + width;
      this.charts.forEach(chart => chart.draw());
    }
  }

  /// A canvas whose horizontal axis is time.
  class TimeChart {
    constructor(canvas, range, height) {
      Object.assign(this, {canvas, range, height});
      range.charts.push(this);
      canvas.style.height = height + "px";
      canvas.addEventListener("wheel", event => {
        event.preventDefault();
        const at = this.timeAt(event.offsetX), factor = Math.exp(event.deltaY * 0.0015);
        range.set(at - (at - range.from) * factor, at + (range.to - at) * factor);
      }, {passive: false});
      let last = null, moved = false;
      canvas.addEventListener("pointerdown", event => { last = event.offsetX; moved = false; canvas.setPointerCapture(event.pointerId); });
      canvas.addEventListener("pointerup", event => { if (!moved) this.click(event); last = null; });
      canvas.addEventListener("pointerleave", () => showTip(null, ""));
      canvas.addEventListener("pointermove", event => {
        if (last === null) return showTip(event, this.describe(event.offsetX, event.offsetY));
        const change = (event.offsetX - last) / this.plotWidth() * (range.to - range.from);
        moved = moved || Math.abs(event.offsetX - last) > 2;
        last = event.offsetX;
        range.set(range.from - change, range.to - change);
      });
      canvas.addEventListener("dblclick", () => range.reset());
    }
    plotWidth() { return Math.max(this.canvas.clientWidth - LEFT - RIGHT, 1); }
    timeAt(x) { return this.range.from + (x - LEFT) / this.plotWidth() * (this.range.to - this.range.from); }
    xOf(time) { return LEFT + (time - this.range.from) / (this.range.to - this.range.from) * this.plotWidth(); }
    click() {}
    draw() {
      const width = this.canvas.clientWidth, scale = devicePixelRatio || 1, context = this.canvas.getContext("2d");
      this.canvas.width = width * scale;
      this.canvas.height = this.height * scale;
      context.scale(scale, scale);
      context.font = "12px system-ui, sans-serif";
      context.textBaseline = "middle";
      const bottom = this.height - AXIS;
      for (const at of ticks(this.range.from, this.range.to, Math.max(2, this.plotWidth() / 110))) {
        const x = this.xOf(at);
        context.fillStyle = color("grid");
        context.fillRect(x, 0, 1, bottom);
        context.fillStyle = color("muted");
        context.textAlign = "center";
        context.fillText((at / 1e3).toLocaleString("en-US", {maximumFractionDigits: 4}) + " µs", Math.min(Math.max(x, LEFT + 20), width - 28), bottom + 12);
      }
      this.paint(context, width);
    }
    label(context, text, y) {
      context.fillStyle = color("ink");
      context.textAlign = "left";
      context.fillText(text, 0, y, LEFT - 8);
    }
    clip(context, width, paint) {
      context.save();
      context.beginPath();
      context.rect(LEFT, 0, width - LEFT - RIGHT, this.height);
      context.clip();
      paint();
      context.restore();
    }
  }

  const LANE = 24, BAR = 18;
  const kinds = {matmul: "matrix", vector: "vector", dma: "dma"};

  class Timeline extends TimeChart {
    constructor(canvas, range, run, onClick) {
      super(canvas, range, Math.max(run.queues.length, 1) * LANE + AXIS);
      Object.assign(this, {run, onClick, marked: null});
      this.lanes = run.queues.map(() => []);
      for (const slice of run.slices) this.lanes[slice.queue].push(slice);
    }
    /// The first slice of a lane that ends after a time; slices of a queue follow one another.
    firstAfter(lane, time) {
      let low = 0, high = lane.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (lane[middle].end < time) low = middle + 1; else high = middle;
      }
      return low;
    }
    at(x, y) {
      const lane = this.lanes[Math.floor(y / LANE)];
      if (!lane || x < LEFT) return null;
      const slack = (this.range.to - this.range.from) / this.plotWidth(), time = this.timeAt(x);
      const slice = lane[this.firstAfter(lane, time - slack)];
      return slice && slice.begin <= time + slack ? slice : null;
    }
    describe(x, y) {
      const slice = this.at(x, y);
      if (!slice) return "";
      const rows = [slice.name, slice.place, format.time((slice.end - slice.begin) / 1e9) + " from " + format.time(slice.begin / 1e9)];
      if (slice.stalled) rows.push("stalled " + format.time(slice.stalled / 1e9));
      if (slice.moved) rows.push("transfer " + format.bytes(slice.moved));
      if (slice.dram) rows.push("DRAM " + format.bytes(slice.dram));
      if (slice.flops) rows.push(format.count(slice.flops, "FLOP"));
      if (slice.vector) rows.push(format.whole(slice.vector) + " vector operations");
      return rows.filter(row => row).join("\n");
    }
    click(event) {
      const slice = this.at(event.offsetX, event.offsetY);
      if (slice) this.onClick(slice.place);
    }
    paint(context, width) {
      this.run.queues.forEach((name, i) => this.label(context, name, i * LANE + LANE / 2));
      this.colors = Object.fromEntries(["mark", "matrix", "vector", "dma", "sync", "stall", "surface"].map(name => [name, color(name)]));
      this.clip(context, width, () => this.lanes.forEach((lane, i) => {
        const y = i * LANE + (LANE - BAR) / 2, first = this.firstAfter(lane, this.range.from);
        let last = first;
        while (last < lane.length && lane[last].begin <= this.range.to) ++last;
        if (last - first > this.plotWidth() / 2) this.paintShares(context, lane.slice(first, last), y);
        else for (let k = first; k < last; ++k) this.paintSlice(context, lane[k], y);
      }));
    }
    styleOf(slice) { return this.marked !== null && slice.place === this.marked ? "mark" : kinds[slice.kind] || "sync"; }
    paintSlice(context, slice, y) {
      const begin = this.xOf(slice.begin), work = this.xOf(slice.begin + slice.stalled);
      const end = Math.max(this.xOf(slice.end), work + 0.75), style = this.styleOf(slice), {surface} = this.colors;
      context.fillStyle = this.colors.stall;
      context.fillRect(begin, y, work - begin, BAR);
      context.globalAlpha = this.marked === null || style === "mark" ? 1 : 0.35;
      context.fillStyle = this.colors[style];
      context.fillRect(work, y, end - work, BAR);
      context.globalAlpha = 1;
      context.fillStyle = surface;
      if (end - work > 3) context.fillRect(end - 0.75, y, 0.75, BAR); // a gap that tells neighbours apart
      if (end - work <= 60) return;
      context.save();
      context.beginPath();
      context.rect(work, y, end - work - 4, BAR);
      context.clip();
      context.textAlign = "left";
      context.fillText(slice.name, Math.max(work, LEFT) + 5, y + BAR / 2 + 0.5);
      context.restore();
    }
    /// Where commands are narrower than pixels: each pixel's time by kind, from the bottom up.
    paintShares(context, slices, y) {
      const pixels = Math.ceil(this.plotWidth()), styles = ["mark", "matrix", "vector", "dma", "sync"];
      const shares = new Map([...styles, "stall"].map(style => [style, new Float64Array(pixels)]));
      const spread = (style, from, to) => {
        const bins = shares.get(style);
        from = Math.max(from - LEFT, 0);
        to = Math.min(to - LEFT, pixels);
        for (let x = Math.floor(from); x < to; ++x) bins[x] += Math.min(to, x + 1) - Math.max(from, x);
      };
      for (const slice of slices) {
        const work = this.xOf(slice.begin + slice.stalled);
        spread("stall", this.xOf(slice.begin), work);
        spread(this.styleOf(slice), work, this.xOf(slice.end));
      }
      for (let x = 0; x < pixels; ++x) {
        let bottom = y + BAR;
        for (const [style, bins] of shares) {
          const height = bins[x] * BAR;
          context.fillStyle = this.colors[style];
          context.fillRect(LEFT + x, bottom - height, 1, height);
          bottom -= height;
        }
      }
    }
  }

  const BAND = 44;

  class Occupancy extends TimeChart {
    constructor(canvas, range, run) {
      super(canvas, range, Math.max(run.occupancy.length, 1) * BAND + AXIS);
      this.run = run;
      for (const memory of run.occupancy) memory.peak = memory.points.reduce((most, point) => Math.max(most, point[1]), 1);
    }
    /// The bytes that are held at a time.
    heldAt(memory, time) {
      let low = 0, high = memory.points.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (memory.points[middle][0] <= time) low = middle + 1; else high = middle;
      }
      return low ? memory.points[low - 1][1] : 0;
    }
    describe(x, y) {
      const memory = this.run.occupancy[Math.floor(y / BAND)];
      if (!memory || x < LEFT) return "";
      const held = this.heldAt(memory, this.timeAt(x));
      return memory.name + "\n" + format.bytes(held) + " of " + format.bytes(memory.capacity) + " at " + format.time(this.timeAt(x) / 1e9);
    }
    paint(context, width) {
      this.run.occupancy.forEach((memory, i) => {
        const bottom = (i + 1) * BAND - 4, height = BAND - 12, peak = memory.peak;
        this.label(context, memory.name, bottom - height / 2 - 8);
        context.fillStyle = color("muted");
        context.fillText("peak " + format.bytes(peak) + " of " + format.bytes(memory.capacity), 0, bottom - height / 2 + 8, LEFT - 8);
        this.clip(context, width, () => {
          context.beginPath();
          context.moveTo(this.xOf(0), bottom);
          let last = 0;
          for (const [time, bytes] of memory.points) {
            const x = this.xOf(time);
            context.lineTo(x, bottom - height * last / peak);
            context.lineTo(x, bottom - height * bytes / peak);
            last = bytes;
          }
          context.lineTo(this.xOf(this.range.end), bottom - height * last / peak);
          context.lineTo(this.xOf(this.range.end), bottom);
          context.fillStyle = context.strokeStyle = color("matrix");
          context.globalAlpha = 0.25;
          context.fill();
          context.globalAlpha = 1;
          context.stroke();
        });
        context.fillStyle = color("line");
        context.fillRect(LEFT, bottom, width - LEFT - RIGHT, 1);
      });
    }
  }

  const roofline = (svg, run) => {
    const W = 560, H = 340, left = 64, right = 16, top = 14, bottom = 40, target = run.target, stats = run.stats;
    const bytes = stats.compulsory_bytes, seconds = stats.modelled_seconds, points = [];
    const add = (name, operations, peak, style) => {
      if (operations > 0 && bytes > 0 && seconds > 0)
        points.push({name, style, peak, x: operations / bytes, y: operations / seconds});
    };
    add("matrix", stats.matmul_flops, target.matmul_flops_per_second, "matrix");
    add("vector", stats.vector_ops, target.vector_ops_per_second, "vector");
    const ridge = target.matmul_flops_per_second / target.dram_bytes_per_second;
    const xs = [ridge, target.vector_ops_per_second / target.dram_bytes_per_second, ...points.map(p => p.x)];
    const xLow = Math.floor(Math.log10(Math.min(...xs)) - 0.7), xHigh = Math.ceil(Math.log10(Math.max(...xs)) + 0.7);
    const ys = [target.matmul_flops_per_second, target.vector_ops_per_second, ...points.map(p => p.y)];
    const yLow = Math.floor(Math.log10(Math.min(...ys)) - 0.5), yHigh = Math.ceil(Math.log10(Math.max(...ys)) + 0.1);
    const x = value => left + (Math.log10(value) - xLow) / (xHigh - xLow) * (W - left - right);
    const y = value => H - bottom - (Math.log10(value) - yLow) / (yHigh - yLow) * (H - top - bottom);
    const node = (name, attributes, text) => {
      const element = document.createElementNS(SVG, name);
      for (const key in attributes) element.setAttribute(key, attributes[key]);
      if (text !== undefined) element.textContent = text;
      svg.append(element);
      return element;
    };
    svg.replaceChildren();
    for (let e = xLow; e <= xHigh; ++e) {
      node("line", {x1: x(10 ** e), x2: x(10 ** e), y1: top, y2: H - bottom, stroke: "var(--grid)"});
      node("text", {x: x(10 ** e), y: H - bottom + 15, "text-anchor": "middle"}, e < 0 ? (10 ** e).toPrecision(1) : format.count(10 ** e, "").trim());
    }
    for (let e = yLow; e <= yHigh; ++e) {
      node("line", {x1: left, x2: W - right, y1: y(10 ** e), y2: y(10 ** e), stroke: "var(--grid)"});
      node("text", {x: left - 6, y: y(10 ** e) + 4, "text-anchor": "end"}, format.count(10 ** e, "op/s"));
    }
    node("text", {x: (left + W - right) / 2, y: H - 6, "text-anchor": "middle"}, "operations for each compulsory byte");
    const roof = (peak, style, name) => {
      const bend = peak / target.dram_bytes_per_second;
      const from = Math.max(10 ** xLow, 10 ** yLow / target.dram_bytes_per_second);
      node("polyline", {
        points: [[from, from * target.dram_bytes_per_second], [bend, peak], [10 ** xHigh, peak]].map(p => x(p[0]) + "," + y(p[1])).join(" "),
        fill: "none", stroke: "var(--" + style + ")", "stroke-width": 2});
      node("text", {x: W - right - 4, y: y(peak) - 6, "text-anchor": "end"}, name + " " + format.count(peak, "op/s"));
    };
    const slopeAt = Math.max(10 ** xLow, 10 ** yLow / target.dram_bytes_per_second) * 1.3;
    const angle = -Math.atan2(y(1) - y(10), x(10) - x(1)) * 180 / Math.PI;
    const slopeX = x(slopeAt), slopeY = y(slopeAt * target.dram_bytes_per_second) - 7;
    node("text", {x: slopeX, y: slopeY, transform: "rotate(" + angle + " " + slopeX + " " + slopeY + ")"}, "DRAM " + format.count(target.dram_bytes_per_second, "B/s"));
    roof(target.vector_ops_per_second, "vector", "vector peak");
    roof(target.matmul_flops_per_second, "matrix", "matrix peak");
    for (const point of points) {
      const attainable = Math.min(point.peak, point.x * target.dram_bytes_per_second);
      node("line", {x1: x(point.x), x2: x(point.x), y1: y(point.y), y2: y(attainable), stroke: "var(--" + point.style + ")", "stroke-dasharray": "3 3"});
      const dot = node("circle", {cx: x(point.x), cy: y(point.y), r: 5, fill: "var(--" + point.style + ")", stroke: "var(--surface)", "stroke-width": 2});
      const text = point.name + ": " + format.count(point.y, "op/s") + ", " + (100 * point.y / attainable).toFixed(1) + " % of the roof here";
      dot.addEventListener("pointermove", event => showTip(event, text));
      dot.addEventListener("pointerleave", () => showTip(null, ""));
      const isRight = x(point.x) > W * 0.75; // beside the point and below it, clear of the roofs
      node("text", {class: "label", x: x(point.x) + (isRight ? -9 : 9), y: y(point.y) + 15, "text-anchor": isRight ? "end" : "start"}, point.name + " " + format.count(point.y, "op/s"));
    }
  };

  return {Range, Timeline, Occupancy, roofline, format};
})();
