"""terminal-to-svg.py OUT.svg COMMAND...: runs COMMAND on a terminal and draws what it shows.

`./dev docs` makes the picture in the README with it.
"""

import os
import pathlib
import pty
import re
import shlex
import sys
import unicodedata
from xml.sax.saxutils import escape

WIDTH, HEIGHT, MARGIN = 8.4, 19, 16  # pixels; the first two of a character
COLOURS = dict(zip(range(30, 38), "#6e7681 #ff7b72 #7ee787 #e3b341 #79c0ff #d2a8ff #56d4dd #e6edf3".split()))
COLOURS |= {code + 60: colour for code, colour in COLOURS.items()}
NO_BREAK = "\u00a0"
ESCAPE = re.compile(r"\x1b\[([\d;]*)([A-Za-z])|\x1b\].*?(?:\x07|\x1b\\)")


def record(command):
    """What `command` writes to a terminal."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm-256color")
        os.execvp(command[0], command)
    output = b""
    while True:
        try:
            block = os.read(terminal, 65536)
        except OSError:  # how Linux says that the other end is closed
            break
        if not block:
            break
        output += block
    os.waitpid(child, 0)
    return output.decode().replace("\r\n", "\n").rstrip("\n")


def style(codes, before):
    """The SVG attributes after the escape sequence `codes`, given those before it."""
    after = dict(before)
    for code in (int(code or 0) for code in codes.split(";")):
        if code == 0:
            after = {}
        elif code == 1:
            after["font-weight"] = "bold"
        elif code == 2:
            after["opacity"] = "0.7"
        elif code == 4:
            after["text-decoration"] = "underline"
        elif code in COLOURS:
            after["fill"] = COLOURS[code]
        else:
            sys.exit(f"the escape code {code} is not known here")
    return after


def cells(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def svg(lines):
    current, body, columns = {}, [], 0
    for row, line in enumerate(lines):
        column, y = 0, MARGIN + HEIGHT * (row + 0.75)
        last = 0

        def put(text):
            nonlocal column
            shown = text.lstrip(" ")  # renderers drop blanks in front, and trim longer ones inside
            column += len(text) - len(shown)
            if shown:
                attributes = "".join(f' {name}="{value}"' for name, value in current.items())
                content = escape(shown, {" ": NO_BREAK})
                # textLength keeps the columns whatever font there is.
                body.append(f'<text x="{MARGIN + column * WIDTH:.1f}" y="{y:.1f}" '
                            f'textLength="{cells(shown) * WIDTH:.1f}"{attributes}>{content}</text>')
            column += cells(shown)

        for match in ESCAPE.finditer(line):
            put(line[last:match.start()])
            last = match.end()
            if match[2] == "m":
                current = style(match[1], current)
        put(line[last:])
        columns = max(columns, column)
    width, height = columns * WIDTH + 2 * MARGIN, len(lines) * HEIGHT + 2 * MARGIN
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'font-family="ui-monospace, monospace" font-size="14" fill="#e6edf3">',
        '<rect width="100%" height="100%" rx="8" fill="#0d1117"/>', *body, "</svg>", ""])


target, *command = sys.argv[1:]
prompt = f"\x1b[32m$\x1b[0m {shlex.join(command)}"
pathlib.Path(target).write_text(svg([prompt, "", *record(command).split("\n")]))
