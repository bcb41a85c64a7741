"""The figures of finance, folded anew from `report entries --format jsonl` and from nothing else.

Usage: fold.py ENTRIES.jsonl ASKED.json, which holds {"instants": ["2026-01-31T22:59:59.999999Z", ...], "periods": [["<first instant>", "<first instant after>"], ...]}
Standard output: {"rows": ..., "liability": [{"EUR": [credits, minor]}...], "rollforward": [{"EUR email": [opening, sold, used, expired, refunded, adjusted, closing]}...],
(credits, then minor units), "revenue": [{"EUR": [sold, by use, breakage, withdrawn, corrected, refunded]}...], "problems": [...],
"lines": {"<order>/<line>": [sold, recognised, breakage, refunded, deferred]} in the end, "looked": how many times a line was looked at}.
Instants are compared as text: RFC 3339 in UTC with six decimals each. Rows are read once and added up between the instants that are asked about, so that memory
is that of the sums.
"""
import json
import sys
from bisect import bisect_left
from collections import defaultdict

# What one credit, and its value, of each kind does: sold, used, expired, refunded, adjusted.
EFFECTS = {
    "grant": (1, 0, 0, 0, 0), "usage": (0, 1, 0, 0, 0), "capture": (0, 1, 0, 0, 0), "reversal": (0, -1, 0, 0, 0), "expiry": (0, 0, 1, 0, 0),
    "revocation": (0, 0, 0, 1, 0), "restoration": (0, 0, 0, -1, 0), "adjustment-in": (0, 0, 0, 0, 1), "overdraft": (0, 0, 0, 0, 1),
    "transfer-in": (0, 0, 0, 0, 1), "adjustment-out": (0, 0, 0, 0, -1), "transfer-out": (0, 0, 0, 0, -1),
    "hold": (0, 0, 0, 0, 0), "release": (0, 0, 0, 0, 0), "lapse": (0, 0, 0, 0, 0),
}
PARTS = range(5)


def net(part):
    sold, used, expired, refunded, adjusted = part
    return sold - used - expired - refunded + adjusted


def moves(path):
    """(effective_at, currency, channel, line, credits, money, withdrawn, corrected) of each slice and revaluation."""
    with open(path, encoding="utf-8") as file:
        for text in file:
            row = json.loads(text)
            if row["kind"] == "revaluation":
                money = (row["sold_minor"], 0, 0, row["refunded_minor"], -row["recognised_minor"])
                if row["sold_minor"] != row["refunded_minor"] + row["recognised_minor"] + row["deferred_minor"]:
                    raise SystemExit(f"row {row['entry']} is not balanced")
                yield row["effective_at"], row["currency"], row["channel"], (row["order"], row["line"]), (0,) * 5, money, 0, row["recognised_minor"]
                continue
            effect = EFFECTS[row["kind"]]
            for part in row["slices"]:
                credits = tuple(part["quantity"] * one for one in effect)
                if part["order"] is None:
                    credits = credits[:3] + (0, credits[4] - credits[3])  # what is owed no longer
                money = tuple(part["value_minor"] * one for one in effect)
                line = None if part["order"] is None else (part["order"], part["line"])
                withdrawn = part["value_minor"] if row["kind"] == "adjustment-out" else 0
                yield row["effective_at"], part["currency"], row["channel"], line, credits, money, withdrawn, 0


def between(path, boundaries):
    """The rows between each two boundaries added up: ({(currency, channel): [5 credits, 5 minor, withdrawn, corrected]}, {line: [5 minor]}) each."""
    sums = [defaultdict(lambda: [0] * 12) for _ in range(len(boundaries) + 1)]
    lines = [defaultdict(lambda: [0] * 5) for _ in range(len(boundaries) + 1)]
    rows = 0
    for at, currency, channel, line, credits, money, withdrawn, corrected in moves(path):
        rows += 1
        place = bisect_left(boundaries, (at, 1))
        own = sums[place][currency, channel]
        for part in PARTS:
            own[part] += credits[part]
            own[5 + part] += money[part]
        own[10] += withdrawn
        own[11] += corrected
        if line is not None:
            books = lines[place][line]
            for part in PARTS:
                books[part] += money[part]
    return rows, sums, lines


def books_of(moved):
    sold, used, expired, refunded, adjusted = moved
    # Recognised: used, withdrawn, corrected; transfers come to nothing within a line.
    return [sold, used - adjusted, expired, refunded, net(moved)]


def main():
    with open(sys.argv[2], encoding="utf-8") as file:
        asked = json.load(file)
    # A row at an instant that is asked about counts (2); at a period's first instant it is of that period (0).
    boundaries = sorted({(at, 2) for at in asked["instants"]} | {(at, 0) for period in asked["periods"] for at in period})
    rows, sums, lines = between(sys.argv[1], boundaries)
    problems = []
    so_far = {}    # by boundary: {(currency, channel): ...} of everything before it
    running = defaultdict(lambda: [0] * 12)
    by_line = defaultdict(lambda: [0] * 5)
    looked = 0
    for place, boundary in enumerate(boundaries + [("in the end", 2)]):
        for key, figures in sums[place].items():
            running[key] = [one + other for one, other in zip(running[key], figures)]
        so_far[boundary] = {key: list(figures) for key, figures in running.items()}
        for line, figures in lines[place].items():
            by_line[line] = [one + other for one, other in zip(by_line[line], figures)]
        # Every line at every boundary; one that did not move is as it was.
        for line in lines[place]:
            sold, recognised, breakage, refunded, left = books_of(by_line[line])
            if left < 0 or sold != recognised + breakage + refunded + left:
                problems.append(f"line {line} before {boundary}: {sold} is not {recognised} + {breakage} + {refunded} + {left}")
        looked += len(by_line)
        total = [sum(figures[5 + part] for figures in running.values()) for part in PARTS]
        of_lines = [sum(figures[part] for figures in by_line.values()) for part in PARTS]
        if total != of_lines:
            problems.append(f"before {boundary}: all money {total} is not that of the lines {of_lines}")

    liability = []
    for at in asked["instants"]:
        owed = defaultdict(lambda: [0, 0])
        for (currency, _), figures in so_far[at, 2].items():
            owed[currency][0] += net(figures[:5])
            owed[currency][1] += net(figures[5:10])
        liability.append(owed)
    rollforward, revenue = [], []
    for since, until in asked["periods"]:
        shown, earned = {}, defaultdict(lambda: [0] * 6)
        for (currency, channel), last in so_far[until, 0].items():
            first = so_far[since, 0].get((currency, channel), [0] * 12)
            moved = [one - other for one, other in zip(last, first)]
            shown[f"{currency} {channel}"] = (
                [net(first[:5])] + moved[:5] + [net(last[:5])] + [net(first[5:10])] + moved[5:10] + [net(last[5:10])])
            for place, amount in enumerate((moved[5], moved[6], moved[7], moved[10], moved[11], moved[8])):
                earned[currency][place] += amount
        rollforward.append(shown)
        revenue.append(earned)
    json.dump({
        "rows": rows, "liability": liability, "rollforward": rollforward, "revenue": revenue, "problems": problems[:20], "looked": looked,
        "lines": {f"{order}/{line}": books_of(figures) for (order, line), figures in by_line.items()},
    }, sys.stdout)


main()
