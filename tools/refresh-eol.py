"""Refreshes analysis/facts/data/eol.tsv from a checkout of endoflife.date.

    git clone --depth 1 https://github.com/endoflife-date/endoflife.date
    refresh-eol.py endoflife.date/products [eol.tsv]

Dates and latest releases of the cycles in the table are brought up to date, and cycles that are new are put
on top of their product; images and the forms of their tags stay as they are. What needs a person is told, and
makes the exit code 1: products that the checkout does not have, and new cycles whose form of tag cannot be
told from that of the cycle before. Needs PyYAML (Debian: python3-yaml). Read the difference, and mend
eol-tag-suffixes.tsv for new cycles of distributions, before you commit it.
"""

import datetime
import pathlib
import re
import sys

import yaml

TABLE = pathlib.Path(__file__).resolve().parents[1] / "analysis/facts/data/eol.tsv"
# What the table calls otherwise, where the page has no alternate address of that name.
PAGES = {"rhel-ubi": "rhel", "nanoserver": "windows-server", "servercore": "windows-server"}


def read_products(folder):
    """The front matter of each page, by its names."""
    products = {}
    for path in sorted(folder.glob("*.md")):
        page = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])
        names = [page["permalink"], *page.get("alternate_urls", [])]
        for name in [path.stem, *(name.strip("/") for name in names)]:
            products.setdefault(name, page)
    return products


def day(value):
    """A cell for `value`: a date, or whether the end has come."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    return "yes" if value is True else "no"


def extended(release):
    """The last day of any support beyond the one for everyone."""
    ends = [release.get(key) for key in ("eoes", "extendedSupport")]
    ends = [end for end in ends if isinstance(end, datetime.date)]
    return max(ends).isoformat() if ends else "-"


def update(row, release):
    if release.get("codename"):
        row["codename"] = release["codename"].split()[0].lower()
    if "lts" in release:
        row["lts"] = "yes" if release["lts"] else "no"
    row["released"] = day(release["releaseDate"])
    row["eol"] = day(release.get("eol"))
    row["eol_extended"] = extended(release)
    row["latest"] = str(release.get("latest") or "-")
    row["latest_released"] = day(release["latestReleaseDate"]) if release.get("latestReleaseDate") else row["released"]


def new_row(like, cycle, release):
    """A row for `cycle` in the form of `like`, or None where that form does not name its cycle."""
    row = dict(like, cycle=cycle, codename="-", lts="no")
    update(row, release)
    pattern = like["tag_re"]
    for old, new in ((like["codename"], row["codename"]), (re.escape(like["cycle"]), re.escape(cycle))):
        if old == "-" and new == "-":
            continue
        if old == "-" or new == "-" or len(re.findall(rf"(?<![\w.]){re.escape(old)}(?![\w.])", pattern)) != 1:
            return None
        pattern = re.sub(rf"(?<![\w.]){re.escape(old)}(?![\w.])", lambda _: new, pattern)
    return dict(row, tag_re=pattern)


def main(folder, table=TABLE):
    lines = pathlib.Path(table).read_text(encoding="utf-8").splitlines()
    header = lines[0].split("\t")
    rows = [dict(zip(header, line.split("\t"))) for line in lines[1:]]
    products = read_products(pathlib.Path(folder))
    complaints = []
    written = []
    seen = set()
    for row in rows:
        product = row["product"]
        page = products.get(product) or products.get(PAGES.get(product))
        if page is None:
            if product not in seen:
                complaints.append(f"{product}: no such page")
            seen.add(product)
            written.append(row)
            continue
        releases = {str(release["releaseCycle"]): release for release in page["releases"]}
        if product not in seen:
            seen.add(product)
            known = {other["cycle"] for other in rows if other["product"] == product}
            for cycle, release in releases.items():
                # Those behind the first one that is known were left out on purpose.
                if cycle in known:
                    break
                made = new_row(row, cycle, release)
                if made:
                    written.append(made)
                else:
                    complaints.append(f"{product} {cycle}: write its row by hand")
        if row["cycle"] in releases:
            update(row, releases[row["cycle"]])
        written.append(row)
    text = "\n".join("\t".join(row[column] for column in header) for row in [dict(zip(header, header)), *written])
    pathlib.Path(table).write_text(text + "\n", encoding="utf-8")
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
