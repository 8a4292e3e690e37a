"""build.py SLIDES: the slides as one HTML page that needs nothing else, on standard output."""

import html
import re
import sys
from pathlib import Path

source = Path(sys.argv[1])


def inline(text: str) -> str:
    text = html.escape(text, quote=False)
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    return re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", text)


def picture(path: str) -> str:
    """The SVG itself, without the size that was meant for paper."""
    svg = (source.parent / path).read_text()
    svg = svg[svg.index("<svg") :]
    return re.sub(r'<svg width="[^"]*" height="[^"]*"', "<svg", svg, count=1)


def table(lines: list) -> str:
    rows = [[inline(cell.strip()) for cell in line.strip("|").split("|")] for line in lines if not set(line) <= set("|-")]
    return "<table>" + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows) + "</table>"


def block(text: str) -> str:
    lines = text.splitlines()
    if text.startswith("# "):
        return f"<h1>{inline(text[2:])}</h1>"
    if match := re.fullmatch(r"!\[\]\((.+)\)", text):
        return picture(match[1])
    if text.startswith("|"):
        return table(lines)
    for kind, mark in (("ul", r"- "), ("ol", r"\d+\. ")):
        if re.match(mark, text):
            return f"<{kind}>" + "".join(f"<li>{inline(re.sub(mark, '', line, count=1))}</li>" for line in lines) + f"</{kind}>"
    return f"<p>{inline(' '.join(lines))}</p>"


def slide(text: str) -> str:
    shown, _, notes = text.partition("\nNote:\n")
    body = "\n".join(block(part) for part in re.split(r"\n\s*\n", shown.strip()))
    said = "".join(f"<p>{inline(line)}</p>" for line in notes.strip().splitlines())
    return f"<section>\n{body}\n<aside>{said}</aside>\n</section>"


slides = "\n".join(slide(text) for text in source.read_text().split("\n---\n"))
page = Path(__file__).with_name("page.html").read_text()
print(page.replace("<!-- slides -->", slides), end="")
