/// The accounting programs whose import files are written. Both are CSV (RFC 4180), UTF-8, in major units with a decimal point.
public enum JournalFormat: Sendable, Hashable {
    /// QuickBooks Online, Settings > Import data > Journal entries. Intuit names the columns Journal No., Journal Date, Account Name, Description,
    /// Debits and Credits; rows of one number are one journal, either Debits or Credits is filled, account numbers must be turned off during the
    /// import (https://quickbooks.intuit.com/learn-support/en-au/help-article/import-export-files/import-journal-entries-quickbooks-online/L4tQBwbs7_AU_en_AU).
    /// The headings here are those of Intuit's sample file; the currency is mapped where several are in use.
    case quickBooks(DateOrder)
    /// Xero, Manual journals > Import. Columns Narration, Date, Description, AccountCode, TaxRate, Amount and up to two pairs of tracking; the
    /// same narration and date make one journal; a positive amount is a debit, a negative one a credit; the tax rate is its full name in
    /// Xero; dates are dd/mm/yyyy; "up to 300 lines in one template file" (https://help.xero.com/nz/ManualJournalsImport). The asterisks of
    /// the headings are those of Xero's template. Xero knows no currency here: a file holds one.
    case xero

    public enum DateOrder: Sendable, Hashable { case monthFirst, dayFirst }

    /// Lines of a file, its heading not counted. Intuit's page names none for journals; 1,000 is what it takes of other lists.
    public var linesMax: Int {
        switch self {
        case .quickBooks: 1_000
        case .xero: 300
        }
    }

    /// For file names: `journal-xero-EUR-1.csv`.
    public var name: String {
        switch self {
        case .quickBooks: "quickbooks"
        case .xero: "xero"
        }
    }

    var headings: [String] {
        switch self {
        case .quickBooks: ["JournalNo", "JournalDate", "Currency", "AccountName", "Debits", "Credits", "Description"]
        case .xero:
            [
                "*Narration", "*Date", "Description", "*AccountCode", "*TaxRate", "*Amount", "TrackingName1", "TrackingOption1", "TrackingName2",
                "TrackingOption2",
            ]
        }
    }

    /// Where two currencies may not share a file.
    var isOneCurrencyAFile: Bool { if case .xero = self { true } else { false } }
}
