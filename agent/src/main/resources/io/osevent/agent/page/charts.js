// Two minutes of one value, a line over an area.
const POINTS = 120;
const WIDTH = 240;
const HEIGHT = 48;
const SVG = 'http://www.w3.org/2000/svg';

export class Chart {
  constructor(svg, output, format) {
    this.output = output;
    this.format = format;
    this.values = [];
    [this.area, this.line] = ['area', 'line'].map((name) => {
      const path = document.createElementNS(SVG, 'path');
      path.setAttribute('class', name);
      svg.append(path);
      return path;
    });
  }

  add(value) {
    this.values.push(value);
    if (this.values.length > POINTS) {
      this.values.shift();
    }
    const most = Math.max(...this.values);
    this.output.textContent = `${this.format(value)} (peak ${this.format(most)})`;
    const scale = most > 0 ? (HEIGHT - 5) / most : 0;
    const step = WIDTH / (POINTS - 1);
    const first = WIDTH - (this.values.length - 1) * step;
    const points = this.values.map((v, i) => `${(first + i * step).toFixed(1)} ${(HEIGHT - 1 - v * scale).toFixed(1)}`);
    this.line.setAttribute('d', `M${points.join('L')}`);
    this.area.setAttribute('d', `M${first.toFixed(1)} ${HEIGHT}L${points.join('L')}L${WIDTH} ${HEIGHT}Z`);
  }
}
