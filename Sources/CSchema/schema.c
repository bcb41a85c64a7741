#include "CSchema.h"

#pragma clang diagnostic ignored "-Wc23-extensions" // #embed is an extension in the C that SwiftPM compiles

// The files of Schema/ are part of the binary: one program and one PostgreSQL is all there is to install.
#define FILE_BYTES(symbol) static const unsigned char symbol[] =

FILE_BYTES(file_0001) {
#embed "../../Schema/0001_shop.sql"
};
FILE_BYTES(file_0002) {
#embed "../../Schema/0002_order.sql"
};
FILE_BYTES(file_0003) {
#embed "../../Schema/0003_ledger.sql"
};
FILE_BYTES(file_0004) {
#embed "../../Schema/0004_outbox.sql"
};
FILE_BYTES(file_0005) {
#embed "../../Schema/0005_ledger_functions.sql"
};
FILE_BYTES(file_0006) {
#embed "../../Schema/0006_spending.sql"
};
FILE_BYTES(file_0007) {
#embed "../../Schema/0007_intake.sql"
};
FILE_BYTES(file_0008) {
#embed "../../Schema/0008_spend_at_once.sql"
};
FILE_BYTES(file_0009) {
#embed "../../Schema/0009_session.sql"
};
FILE_BYTES(file_0010) {
#embed "../../Schema/0010_desk.sql"
};
FILE_BYTES(file_0011) {
#embed "../../Schema/0011_feed_request.sql"
};
FILE_BYTES(file_0012) {
#embed "../../Schema/0012_spend_plainly.sql"
};
FILE_BYTES(file_0013) {
#embed "../../Schema/0013_desk_speed.sql"
};
FILE_BYTES(file_0014) {
#embed "../../Schema/0014_value.sql"
};
FILE_BYTES(file_0015) {
#embed "../../Schema/0015_period.sql"
};
FILE_BYTES(file_0016) {
#embed "../../Schema/0016_export.sql"
};
FILE_BYTES(file_0017) {
#embed "../../Schema/0017_closed_books.sql"
};
FILE_BYTES(file_0018) {
#embed "../../Schema/0018_listed.sql"
};
FILE_BYTES(file_0019) {
#embed "../../Schema/0019_kept_plans.sql"
};
FILE_BYTES(file_0020) {
#embed "../../Schema/0020_totals.sql"
};
FILE_BYTES(file_0021) {
#embed "../../Schema/0021_closed_accounts.sql"
};
FILE_BYTES(file_0022) {
#embed "../../Schema/0022_owed.sql"
};
FILE_BYTES(file_0023) {
#embed "../../Schema/0023_counted.sql"
};

static const schema_file files[] = {
    {1, "0001_shop.sql", file_0001, sizeof file_0001},
    {2, "0002_order.sql", file_0002, sizeof file_0002},
    {3, "0003_ledger.sql", file_0003, sizeof file_0003},
    {4, "0004_outbox.sql", file_0004, sizeof file_0004},
    {5, "0005_ledger_functions.sql", file_0005, sizeof file_0005},
    {6, "0006_spending.sql", file_0006, sizeof file_0006},
    {7, "0007_intake.sql", file_0007, sizeof file_0007},
    {8, "0008_spend_at_once.sql", file_0008, sizeof file_0008},
    {9, "0009_session.sql", file_0009, sizeof file_0009},
    {10, "0010_desk.sql", file_0010, sizeof file_0010},
    {11, "0011_feed_request.sql", file_0011, sizeof file_0011},
    {12, "0012_spend_plainly.sql", file_0012, sizeof file_0012},
    {13, "0013_desk_speed.sql", file_0013, sizeof file_0013},
    {14, "0014_value.sql", file_0014, sizeof file_0014},
    {15, "0015_period.sql", file_0015, sizeof file_0015},
    {16, "0016_export.sql", file_0016, sizeof file_0016},
    {17, "0017_closed_books.sql", file_0017, sizeof file_0017},
    {18, "0018_listed.sql", file_0018, sizeof file_0018},
    {19, "0019_kept_plans.sql", file_0019, sizeof file_0019},
    {20, "0020_totals.sql", file_0020, sizeof file_0020},
    {21, "0021_closed_accounts.sql", file_0021, sizeof file_0021},
    {22, "0022_owed.sql", file_0022, sizeof file_0022},
    {23, "0023_counted.sql", file_0023, sizeof file_0023},
};

schema_file schema_file_at(size_t index) { return files[index]; }
size_t schema_file_count(void) { return sizeof files / sizeof files[0]; }
