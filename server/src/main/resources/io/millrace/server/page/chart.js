// Small charts on a canvas: lines over time, and bars.

const PAD = { left: 64, right: 12, top: 10, bottom: 24 };

function style(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Sizes the canvas for the screen's pixels and clears it; everything is drawn in CSS pixels. */
function begin(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const g = canvas.getContext('2d');
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  g.clearRect(0, 0, width, height);
  g.font = '12px system-ui, sans-serif';
  return { g, width, height };
}

export function short(value) {
  const size = Math.abs(value);
  const units = [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k']];
  for (const [unit, name] of units) {
    if (size >= unit) return (value / unit).toFixed(size >= 100 * unit ? 0 : 1) + name;
  }
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

/** A step of 1, 2 or 5 times a power of ten that gives about so many lines. */
function step(range, lines) {
  const raw = range / lines || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const share = raw / power;
  return power * (share > 5 ? 10 : share > 2 ? 5 : share > 1 ? 2 : 1);
}

function grid(g, width, height, top) {
  g.strokeStyle = style('--line');
  g.fillStyle = style('--soft');
  g.lineWidth = 1;
  g.textAlign = 'right';
  g.textBaseline = 'middle';
  const by = step(top, 4);
  for (let value = 0; value <= top * 1.0001; value += by) {
    const y = height - PAD.bottom - (value / top) * (height - PAD.top - PAD.bottom);
    g.beginPath();
    g.moveTo(PAD.left, y);
    g.lineTo(width - PAD.right, y);
    g.stroke();
    g.fillText(short(value), PAD.left - 6, y);
  }
}

/**
 * Lines over time. `series`: [{name, points: [[millis, value, isPartial]]}], points by time; what is partial is dashed.
 */
export function lines(canvas, series, timeLabel) {
  const { g, width, height } = begin(canvas);
  const points = series.flatMap((one) => one.points);
  if (points.length === 0 || width === 0) return;
  const from = Math.min(...points.map((p) => p[0]));
  const to = Math.max(...points.map((p) => p[0]), from + 1);
  const top = Math.max(...points.map((p) => p[1]), 1) * 1.08;
  grid(g, width, height, top);
  const x = (time) => PAD.left + ((time - from) / (to - from)) * (width - PAD.left - PAD.right);
  const y = (value) => height - PAD.bottom - (value / top) * (height - PAD.top - PAD.bottom);
  g.textBaseline = 'alphabetic';
  g.textAlign = 'left';
  g.fillText(timeLabel(from), PAD.left, height - 7);
  g.textAlign = 'right';
  g.fillText(timeLabel(to), width - PAD.right, height - 7);
  g.lineWidth = 2;
  g.lineJoin = 'round';
  series.forEach((one, index) => {
    g.strokeStyle = style('--s' + (index % 6));
    g.fillStyle = g.strokeStyle;
    const solid = one.points.filter((p) => !p[2]);
    path(g, solid, x, y, []);
    const open = one.points.filter((p) => p[2]);
    path(g, solid.slice(-1).concat(open), x, y, [5, 4]);
    const last = one.points[one.points.length - 1];
    g.beginPath();
    g.arc(x(last[0]), y(last[1]), 3.5, 0, 7);
    g.fill();
  });
  legend(g, series, width);
}

function path(g, points, x, y, dash) {
  g.setLineDash(dash);
  g.beginPath();
  points.forEach((p, i) => (i === 0 ? g.moveTo(x(p[0]), y(p[1])) : g.lineTo(x(p[0]), y(p[1]))));
  g.stroke();
  g.setLineDash([]);
}

function legend(g, series, width) {
  if (series.length < 2) return;
  g.textAlign = 'left';
  g.textBaseline = 'middle';
  let left = PAD.left + 8;
  series.forEach((one, index) => {
    const wide = g.measureText(one.name).width + 26;
    if (left + wide > width - PAD.right) return;
    g.fillStyle = style('--card');
    g.fillRect(left - 3, PAD.top - 2, wide, 16);
    g.fillStyle = style('--s' + (index % 6));
    g.fillRect(left, PAD.top + 4, 10, 4);
    g.fillStyle = style('--text');
    g.fillText(one.name, left + 14, PAD.top + 6);
    left += wide;
  });
}

/** Horizontal bars. `bars`: [{name, value, isPartial}], the largest first. */
export function bars(canvas, all) {
  const { g, width, height } = begin(canvas);
  const shown = all.slice(0, 12);
  if (shown.length === 0 || width === 0) return;
  const top = Math.max(...shown.map((bar) => bar.value), 1);
  const each = (height - 8) / 12;
  const left = 8 + Math.max(...shown.map((bar) => g.measureText(bar.name).width));
  g.textBaseline = 'middle';
  shown.forEach((bar, i) => {
    const y = 4 + i * each;
    const long = Math.max(1, (bar.value / top) * (width - left - 64));
    g.fillStyle = style('--soft');
    g.textAlign = 'right';
    g.fillText(bar.name, left - 6, y + each / 2);
    g.fillStyle = style('--s0');
    g.globalAlpha = bar.isPartial ? 0.6 : 1;
    g.fillRect(left, y + 2, long, each - 4);
    g.globalAlpha = 1;
    g.fillStyle = style('--text');
    g.textAlign = 'left';
    g.fillText(short(bar.value), left + long + 6, y + each / 2);
  });
}
