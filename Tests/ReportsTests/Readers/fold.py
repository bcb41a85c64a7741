"""The figures of finance, folded anew from `report entries --format jsonl` and from nothing else.

Usage: fold.py ENTRIES.jsonl ASKED.json, which holds {"instants": ["2026-01-31T22:59:59.999999Z", ...], "periods": [["<first instant>", "<first instant after>"], ...]}
Standard output: {"liability": [{"EUR": [credits, minor]}...], "rollforward": [{"EUR email": [opening, sold, used, expired, refunded, adjusted, closing]}...],
"problems": [...], "lines": {"<order>/<line>": [sold, recognised, breakage, refunded, deferred]} as of the last instant}. Instants are compared as text: RFC 3339 in UTC with six decimals each.
"""
import json
import sys
from collections import defaultdict

# What one credit, and its value, of each kind does: sold, used, expired, refunded, adjusted.
EFFECTS = {
    "grant": (1, 0, 0, 0, 0), "usage": (0, 1, 0, 0, 0), "capture": (0, 1, 0, 0, 0), "reversal": (0, -1, 0, 0, 0), "expiry": (0, 0, 1, 0, 0),
    "revocation": (0, 0, 0, 1, 0), "restoration": (0, 0, 0, -1, 0), "adjustment-in": (0, 0, 0, 0, 1), "overdraft": (0, 0, 0, 0, 1),
    "transfer-in": (0, 0, 0, 0, 1), "adjustment-out": (0, 0, 0, 0, -1), "transfer-out": (0, 0, 0, 0, -1),
    "hold": (0, 0, 0, 0, 0), "release": (0, 0, 0, 0, 0), "lapse": (0, 0, 0, 0, 0),
}


def net(part):
    sold, used, expired, refunded, adjusted = part
    return sold - used - expired - refunded + adjusted


def moves(path):
    """(effective_at, currency, channel, line, credits, money, corrected) of each slice and revaluation."""
    with open(path, encoding="utf-8") as file:
        for text in file:
            row = json.loads(text)
            if row["kind"] == "revaluation":
                money = (row["sold_minor"], 0, 0, row["refunded_minor"], -row["recognised_minor"])
                if row["sold_minor"] != row["refunded_minor"] + row["recognised_minor"] + row["deferred_minor"]:
                    raise SystemExit(f"row {row['entry']} is not balanced")
                yield row["effective_at"], row["currency"], row["channel"], (row["order"], row["line"]), (0,) * 5, money, row["recognised_minor"]
                continue
            effect = EFFECTS[row["kind"]]
            for part in row["slices"]:
                credits = tuple(part["quantity"] * one for one in effect)
                if part["order"] is None:
                    credits = credits[:3] + (0, credits[4] - credits[3])  # what is owed no longer
                money = tuple(part["value_minor"] * one for one in effect)
                line = None if part["order"] is None else (part["order"], part["line"])
                yield row["effective_at"], part["currency"], row["channel"], line, credits, money, 0


def main():
    with open(sys.argv[2], encoding="utf-8") as file:
        asked = json.load(file)
    rows = sorted(moves(sys.argv[1]), key=lambda row: row[0])
    problems = []
    liability = []
    lines = {}
    for instant in asked["instants"]:
        owed = defaultdict(lambda: [0, 0])
        by_line = defaultdict(lambda: [0, 0, 0, 0, 0])
        for at, currency, _, line, credits, money, _ in rows:
            if at > instant:
                break
            owed[currency][0] += net(credits)
            owed[currency][1] += net(money)
            if line is not None:
                books = by_line[line]
                books[0] += money[0]             # sold
                books[1] += money[1] - money[4]  # recognised: used, withdrawn, corrected; transfers come to nothing within a line
                books[2] += money[2]             # breakage
                books[3] += money[3]             # refunded
                books[4] += net(money)           # deferred
        for line, (sold, recognised, breakage, refunded, left) in by_line.items():
            if left < 0 or sold != recognised + breakage + refunded + left:
                problems.append(f"line {line} as of {instant}: {sold} is not {recognised} + {breakage} + {refunded} + {left}")
        liability.append(owed)
        lines = {f"{order}/{line}": books for (order, line), books in by_line.items()}
    periods = []
    for since, until in asked["periods"]:
        figures = defaultdict(lambda: [0] * 14)
        for at, currency, channel, _, credits, money, _ in rows:
            if at >= until:
                break
            own = figures[f"{currency} {channel}"]
            for offset, part in ((0, credits), (7, money)):
                if at < since:
                    own[offset] += net(part)
                else:
                    for place, amount in enumerate(part):
                        own[offset + 1 + place] += amount
                own[offset + 6] += net(part)
        periods.append(figures)
    json.dump({"liability": liability, "rollforward": periods, "problems": problems, "rows": len(rows), "lines": lines}, sys.stdout)


main()
