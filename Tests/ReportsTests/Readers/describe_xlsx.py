"""Writes out what is in an XLSX file: sheets, panes, filters, widths, every cell with its type and format."""
import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1])
for sheet in book.worksheets:
    print("sheet %s: frozen %s, filter %s" % (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref))
    widths = {name: round(column.width, 1) for name, column in sorted(sheet.column_dimensions.items())}
    print("widths %s" % widths)
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None:
                bold = " bold" if cell.font.b else ""
                value = cell.value if not isinstance(cell.value, str) or len(cell.value) < 100 else cell.value[:40] + "... %d" % len(cell.value)
                print("%s %s %r [%s]%s" % (cell.coordinate, cell.data_type, value, cell.number_format, bold))
