// Marks one instant of the flight in every figure of a page, under the mouse, a finger or the arrow keys.
// Reads #linked-data, written by reports/figures/linked.py; lengths are those of each figure's viewBox.
"use strict";
(() => {
  const source = document.getElementById("linked-data");
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const last = data.t.length - 1;
  let instant = null;

  // As Python writes them: not every browser knows the numbers of every language.
  const group = data.number[1], decimal = data.number.at(-2);
  function number(value, digits) {
    const [whole, part] = Math.abs(value).toFixed(digits).split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
    return (value < 0 && Number(value.toFixed(digits)) ? "−" : "") + grouped + (part ? decimal + part : "");
  }
  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
  const stands = (scale, value) => value === null ? NaN : scale.start + scale.step * (scale.log ? Math.log10(value) : value);

  // Where `t` lies among the rows; of two rows at one instant (a separation) the later one.
  function among(t) {
    let low = 0, high = last;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (data.t[middle] <= t) low = middle; else high = middle;
    }
    if (t >= data.t[high]) low = high;
    const next = Math.min(low + 1, last);
    return { low, next, part: next === low ? 0 : (t - data.t[low]) / (data.t[next] - data.t[low]) };
  }
  // The value there; between two rows along a straight line of the axis, which may be one of decades.
  function at(values, { low, next, part }, log = false) {
    const a = values[low], b = values[next];
    if (part === 0 || a === null) return a;
    if (b === null) return null;
    return log ? a * (b / a) ** part : a + part * (b - a);
  }
  const said = (reading, value) => `${reading.name} ${number(value, reading.digits)} ${reading.unit}`.trim();

  // The instant at which the vehicle passes nearest to a point of a map or a profile.
  function nearest([xs, ys], x, y) {
    let best = Infinity, found = data.t[0];
    for (let i = 0; i < last; i++) {
      const dx = xs[i + 1] - xs[i], dy = ys[i + 1] - ys[i], length = dx * dx + dy * dy;
      const part = length ? clamp(((x - xs[i]) * dx + (y - ys[i]) * dy) / length, 0, 1) : 0;
      const distance = Math.hypot(xs[i] + part * dx - x, ys[i] + part * dy - y);
      if (distance < best) [best, found] = [distance, data.t[i] + part * (data.t[i + 1] - data.t[i])];
    }
    return found;
  }

  function add(parent, tag, attributes) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return parent.appendChild(made);
  }

  function linkedFigure(name, figure) {
    const svg = document.querySelector(`#figure-${name} svg`);
    if (!svg) return null;
    const [left, top, right, bottom] = figure.box;
    const group = add(svg, "g", { class: "linked", visibility: "hidden" });
    const line = figure.track ? null : add(group, "line", { y1: top, y2: bottom });
    const dots = (figure.track ? [0] : figure.readings).map(() => add(group, "circle", { r: figure.track ? 4 : 2.6 }));
    const texts = figure.track ? [] : figure.readings.map((_, i) => add(group, "text", { y: top + 9 + 10 * i }));
    const seen = (x) => x >= left - 0.5 && x <= right + 0.5;

    function mark(row) {
      const x = figure.track ? at(figure.track[0], row) : stands(figure.x, instant);
      group.setAttribute("visibility", x !== null && seen(x) ? "visible" : "hidden");
      const places = figure.track ? [at(figure.track[1], row)] : figure.readings.map((one) => stands(figure.y, at(one.values, row, figure.y.log)));
      if (line) for (const end of ["x1", "x2"]) line.setAttribute(end, x);
      dots.forEach((dot, i) => {
        const there = Number.isFinite(places[i]) && places[i] >= top - 1 && places[i] <= bottom + 1;
        dot.setAttribute("display", there ? "inline" : "none");
        if (there) { dot.setAttribute("cx", x); dot.setAttribute("cy", places[i]); }
      });
      const leftwards = x > 0.5 * (left + right);
      texts.forEach((text, i) => {
        const value = at(figure.readings[i].values, row, figure.y.log);
        text.textContent = value === null ? "" : said(figure.readings[i], value);
        const length = text.getComputedTextLength();
        text.setAttribute("x", clamp(leftwards ? x - 5 - length : x + 5, left, right - length));
      });
    }
    function point(event) {
      const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      show(figure.track ? nearest(figure.track, p.x, p.y) : (clamp(p.x, left, right) - figure.x.start) / figure.x.step);
    }
    svg.addEventListener("pointermove", point);
    svg.addEventListener("pointerdown", point);
    svg.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") show(null); });
    svg.addEventListener("keydown", (event) => {
      const step = (data.t[last] - data.t[0]) / (event.shiftKey ? 20 : 200), from = instant ?? data.t[0];
      const to = { ArrowRight: from + step, ArrowLeft: from - step, Home: data.t[0], End: data.t[last], Escape: null }[event.key];
      if (to !== undefined) { event.preventDefault(); show(to); }
    });
    return { svg, group, mark };
  }

  function show(t) {
    instant = t === null ? null : clamp(t, data.t[0], data.t[last]);
    readout.hidden = instant === null;
    if (instant === null) return figures.forEach((figure) => figure.group.setAttribute("visibility", "hidden"));
    const row = among(instant);
    figures.forEach((figure) => figure.mark(row));
    readout.textContent = data.readout.map((one) => [one, at(one.values, row)])
      .filter(([, value]) => value !== null).map(([one, value]) => said(one, value)).join("  ·  ");
  }

  document.head.appendChild(document.createElement("style")).textContent = `
    .linked { pointer-events: none; } .linked line { stroke: #16202b; stroke-width: .8; }
    .linked circle { fill: #fff; stroke: #16202b; stroke-width: 1.4; }
    .linked text { font: 600 8px "DejaVu Sans", Verdana, "Noto Sans", sans-serif; fill: #16202b; stroke: #fff; stroke-width: 3; paint-order: stroke; }
    #linked-readout { position: fixed; z-index: 1; left: 50%; bottom: .5rem; transform: translateX(-50%); width: max-content; max-width: calc(100vw - 1rem);
      padding: .35rem .8rem; border-radius: .4rem; background: #16202b; color: #fff; font-size: .85rem; font-variant-numeric: tabular-nums; pointer-events: none; }
    @media print { .linked, #linked-readout { display: none; } }`;
  const readout = document.body.appendChild(document.createElement("div"));
  Object.assign(readout, { id: "linked-readout", hidden: true });
  readout.setAttribute("role", "status");
  const figures = Object.entries(data.figures).map(([name, figure]) => linkedFigure(name, figure)).filter(Boolean);
  figures.forEach(({ svg }, i) => { svg.setAttribute("tabindex", i ? -1 : 0); svg.style.touchAction = "pan-y"; });
})();
