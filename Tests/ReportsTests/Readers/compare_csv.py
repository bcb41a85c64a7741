"""Holds a CSV that a spreadsheet program wrote against ours, as figures: compare_csv.py THEIRS OURS"""
import csv
import datetime
import decimal
import sys


def figure(text):
    try:
        return decimal.Decimal(text)
    except decimal.InvalidOperation:
        pass
    for form in ("%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"):
        try:
            return datetime.datetime.strptime(text, form).replace(microsecond=0)
        except ValueError:
            pass
    # The apostrophe is CSV's own: a sheet knows text from formulas without.
    if text.startswith("'") and text[1:2] in tuple("=+-@\t\r\n＝"):
        return figure(text[1:])
    return {"TRUE": "true", "FALSE": "false"}.get(text, text).replace("\r", "").strip("\n")


theirs, ours = ([row for row in csv.reader(open(name, encoding="utf-8", newline=""))] for name in sys.argv[1:3])
wrong = 0 if len(theirs) == len(ours) else 1
for number, (left, right) in enumerate(zip(theirs, ours), 1):
    for one, other in zip(left, right):
        if figure(one) != figure(other):
            wrong += 1
            print("line %d: %r is not %r" % (number, one, other))
print("%d and %d lines, %d wrong" % (len(theirs), len(ours), wrong))
sys.exit(1 if wrong else 0)
