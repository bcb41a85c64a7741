"""Holds every cell of a report's XLSX against its JSON Lines: compare_xlsx.py FILE.xlsx FILE.jsonl"""
import datetime
import decimal
import json
import re
import sys

import openpyxl

DIGITS = {"JPY": 0, "KWD": 3}

book = openpyxl.load_workbook(sys.argv[1])
print("sheets: " + ", ".join(book.sheetnames))
sheets = [sheet for sheet in book.worksheets if sheet.title != "parameters"]
heading = [cell.value for cell in sheets[0][1]]
cells = []
for sheet in sheets:
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]] == heading, sheet.title
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref, sheet.title
    cells += rows[1:]
lines = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")]
assert len(cells) == len(lines), (len(cells), len(lines))

wrong = 0
for number, (row, line) in enumerate(zip(cells, lines), 1):
    for name, cell in zip(heading, row):
        found = cell.value
        if line.get(name + "_minor", 0) is None:
            expected, fine = None, found is None
        elif name + "_minor" in line:
            digits = DIGITS.get(line["currency"], 2)
            expected = decimal.Decimal(line[name + "_minor"]).scaleb(-digits)
            fine = cell.data_type == "n" and decimal.Decimal(repr(found)) == expected
            fine = fine and cell.number_format.endswith('" %s"' % line["currency"])
        else:
            expected = line[name]
            if isinstance(found, datetime.datetime) and "T" in str(expected):
                instant = datetime.datetime.fromisoformat(expected[:-1])
                fine = abs(found - instant) < datetime.timedelta(milliseconds=2)
            elif isinstance(found, datetime.datetime):
                fine = found.date().isoformat() == expected
            elif isinstance(expected, str):
                # Control characters are escaped in the file as ECMA-376 has it, and line ends are those of XML.
                plain = re.sub("_x([0-9A-F]{4})_", lambda m: chr(int(m[1], 16)), found or "")
                fine = plain.replace("\r", "") == expected.replace("\r", "") and cell.data_type in "sn"
            else:
                fine = found == expected and type(found) is type(expected)
        if not fine:
            wrong += 1
            print("row %d %s: %r (%s) is not %r" % (number, name, found, cell.data_type, expected))
print("%d rows, %d wrong" % (len(cells), wrong))
sys.exit(1 if wrong else 0)
