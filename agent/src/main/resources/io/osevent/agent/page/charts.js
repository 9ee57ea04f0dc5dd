// Two minutes of one value, drawn as one SVG path.
const POINTS = 120;
const WIDTH = 240;
const HEIGHT = 48;
const SVG = 'http://www.w3.org/2000/svg';

export class Chart {
  constructor(svg, output, format) {
    this.output = output;
    this.format = format;
    this.values = [];
    this.path = document.createElementNS(SVG, 'path');
    svg.append(this.path);
  }

  add(value) {
    this.values.push(value);
    if (this.values.length > POINTS) {
      this.values.shift();
    }
    const most = Math.max(...this.values);
    this.output.textContent = `${this.format(value)} (most ${this.format(most)})`;
    const scale = most > 0 ? (HEIGHT - 4) / most : 0;
    const step = WIDTH / (POINTS - 1);
    const first = WIDTH - (this.values.length - 1) * step;
    const line = this.values.map((v, i) => `L${(first + i * step).toFixed(1)} ${(HEIGHT - v * scale).toFixed(1)}`);
    this.path.setAttribute('d', `M${first.toFixed(1)} ${HEIGHT}${line.join('')}L${WIDTH} ${HEIGHT}Z`);
  }
}
