// A guest's console: xterm.js over a web socket; without xterm.js, a plain one.
const encoder = new TextEncoder();

function xterm(place, onKeys) {
  const terminal = new window.Terminal({ cols: 80, rows: 24, cursorBlink: true, scrollback: 5000, screenReaderMode: true });
  terminal.open(place);
  const listen = terminal.onData ? (f) => terminal.onData(f) : (f) => terminal.on('data', f);
  listen(onKeys);
  terminal.focus();
  return {
    write: (text) => terminal.write(text),
    close: () => (terminal.dispose ? terminal.dispose() : terminal.destroy()),
  };
}

function plain(place, onKeys) {
  const keys = { Enter: '\r', Backspace: '\x7f', Tab: '\t', Escape: '\x1b', ArrowUp: '\x1b[A', ArrowDown: '\x1b[B', ArrowRight: '\x1b[C', ArrowLeft: '\x1b[D' };
  const screen = document.createElement('pre');
  screen.tabIndex = 0;
  screen.addEventListener('keydown', (event) => {
    let text = event.key.length === 1 ? event.key : keys[event.key];
    if (event.ctrlKey && /^[a-z]$/i.test(event.key)) {
      text = String.fromCharCode(event.key.toUpperCase().charCodeAt(0) - 64);
    }
    if (text !== undefined && !event.metaKey && !event.altKey) {
      event.preventDefault();
      onKeys(text);
    }
  });
  place.append(screen);
  screen.focus();
  return {
    write: (text) => {
      screen.textContent = (screen.textContent + text.replaceAll('\r\n', '\n').replaceAll('\r', '\n')).slice(-100000);
      screen.scrollTop = screen.scrollHeight;
    },
    close: () => screen.remove(),
  };
}

export class ConsoleDialog {
  constructor(dialog) {
    this.dialog = dialog;
    this.title = dialog.querySelector('#console-title');
    this.state = dialog.querySelector('#console-state');
    this.place = dialog.querySelector('#terminal');
    dialog.querySelector('#console-close').addEventListener('click', () => dialog.close());
    // Escape belongs to the guest.
    dialog.addEventListener('cancel', (event) => event.preventDefault());
    // Before the terminal sees it: the way out for those without a mouse, as in telnet and virsh.
    dialog.addEventListener('keydown', (event) => {
      if (event.ctrlKey && event.key === ']') {
        event.preventDefault();
        event.stopPropagation();
        dialog.close();
      }
    }, { capture: true });
    dialog.addEventListener('close', () => this.end());
  }

  open(host, domain) {
    this.end();
    this.title.textContent = `Console of ${domain}`;
    this.tell('connecting', '');
    this.dialog.showModal();
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const path = `/api/hosts/${encodeURIComponent(host)}/domains/${encodeURIComponent(domain)}/console`;
    const socket = new WebSocket(`${scheme}//${location.host}${path}`);
    socket.binaryType = 'arraybuffer';
    const decoder = new TextDecoder();
    const send = (text) => socket.readyState === WebSocket.OPEN && socket.send(encoder.encode(text));
    const make = window.Terminal ? xterm : plain;
    const terminal = make(this.place, send);
    socket.addEventListener('open', () => { this.tell(`connected to ${host}`, 'on'); });
    socket.addEventListener('message', (event) => {
      terminal.write(typeof event.data === 'string' ? event.data : decoder.decode(event.data, { stream: true }));
    });
    socket.addEventListener('close', (event) => {
      this.tell(event.reason ? `closed: ${event.reason}` : 'closed', event.reason ? 'off' : '');
    });
    this.socket = socket;
    this.terminal = terminal;
  }

  tell(text, state) {
    this.state.textContent = text;
    this.state.className = `link ${state}`;
  }

  end() {
    this.socket?.close();
    this.terminal?.close();
    this.socket = undefined;
    this.terminal = undefined;
    this.place.replaceChildren();
  }
}
