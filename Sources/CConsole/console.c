#include "CConsole.h"

#pragma clang diagnostic ignored "-Wc23-extensions" // #embed is an extension in the C that SwiftPM compiles

// The console's files are part of the binary. A new file needs its bytes here and its line in the table; a test finds one that was forgotten.
#define FILE_BYTES(symbol) static const unsigned char symbol[] =

FILE_BYTES(templates_account_mustache) {
#embed "templates/account.mustache"
};
FILE_BYTES(templates_audit_mustache) {
#embed "templates/audit.mustache"
};
FILE_BYTES(templates_choose_shop_mustache) {
#embed "templates/choose-shop.mustache"
};
FILE_BYTES(templates_error_mustache) {
#embed "templates/error.mustache"
};
FILE_BYTES(templates_feed_mustache) {
#embed "templates/feed.mustache"
};
FILE_BYTES(templates_feed_exact_mustache) {
#embed "templates/feed-exact.mustache"
};
FILE_BYTES(templates_language_mustache) {
#embed "templates/language.mustache"
};
FILE_BYTES(templates_layout_mustache) {
#embed "templates/layout.mustache"
};
FILE_BYTES(templates_months_mustache) {
#embed "templates/months.mustache"
};
FILE_BYTES(templates_plan_mustache) {
#embed "templates/plan.mustache"
};
FILE_BYTES(templates_plans_mustache) {
#embed "templates/plans.mustache"
};
FILE_BYTES(templates_problem_mustache) {
#embed "templates/problem.mustache"
};
FILE_BYTES(templates_reasons_mustache) {
#embed "templates/reasons.mustache"
};
FILE_BYTES(templates_reports_mustache) {
#embed "templates/reports.mustache"
};
FILE_BYTES(templates_roles_mustache) {
#embed "templates/roles.mustache"
};
FILE_BYTES(templates_sign_in_mustache) {
#embed "templates/sign-in.mustache"
};
FILE_BYTES(templates_ticket_list_mustache) {
#embed "templates/ticket-list.mustache"
};
FILE_BYTES(templates_ticket_table_mustache) {
#embed "templates/ticket-table.mustache"
};
FILE_BYTES(templates_ticket_mustache) {
#embed "templates/ticket.mustache"
};
FILE_BYTES(templates_ticket_act_fields_mustache) {
#embed "templates/ticket-act-fields.mustache"
};
FILE_BYTES(templates_ticket_actions_mustache) {
#embed "templates/ticket-actions.mustache"
};
FILE_BYTES(templates_ticket_call_mustache) {
#embed "templates/ticket-call.mustache"
};
FILE_BYTES(templates_ticket_composer_mustache) {
#embed "templates/ticket-composer.mustache"
};
FILE_BYTES(templates_ticket_cost_mustache) {
#embed "templates/ticket-cost.mustache"
};
FILE_BYTES(templates_ticket_customer_mustache) {
#embed "templates/ticket-customer.mustache"
};
FILE_BYTES(templates_ticket_head_mustache) {
#embed "templates/ticket-head.mustache"
};
FILE_BYTES(templates_ticket_ledger_mustache) {
#embed "templates/ticket-ledger.mustache"
};
FILE_BYTES(templates_ticket_message_mustache) {
#embed "templates/ticket-message.mustache"
};
FILE_BYTES(templates_ticket_meters_mustache) {
#embed "templates/ticket-meters.mustache"
};
FILE_BYTES(templates_ticket_parts_mustache) {
#embed "templates/ticket-parts.mustache"
};
FILE_BYTES(templates_ticket_presence_mustache) {
#embed "templates/ticket-presence.mustache"
};
FILE_BYTES(templates_ticket_properties_mustache) {
#embed "templates/ticket-properties.mustache"
};
FILE_BYTES(templates_ticket_talk_mustache) {
#embed "templates/ticket-talk.mustache"
};
FILE_BYTES(templates_ticket_ways_mustache) {
#embed "templates/ticket-ways.mustache"
};
FILE_BYTES(templates_tokens_mustache) {
#embed "templates/tokens.mustache"
};
FILE_BYTES(templates_user_mustache) {
#embed "templates/user.mustache"
};
FILE_BYTES(templates_users_mustache) {
#embed "templates/users.mustache"
};
FILE_BYTES(static_console_css) {
#embed "static/console.css"
};
FILE_BYTES(static_console_js) {
#embed "static/console.js"
};
FILE_BYTES(static_feed_js) {
#embed "static/feed.js"
};
FILE_BYTES(static_icon_svg) {
#embed "static/icon.svg"
};
FILE_BYTES(static_list_css) {
#embed "static/list.css"
};
FILE_BYTES(static_list_js) {
#embed "static/list.js"
};
FILE_BYTES(static_reports_css) {
#embed "static/reports.css"
};
FILE_BYTES(static_reports_js) {
#embed "static/reports.js"
};
FILE_BYTES(static_ticket_css) {
#embed "static/ticket.css"
};
FILE_BYTES(static_ticket_js) {
#embed "static/ticket.js"
};
FILE_BYTES(static_ticket_here_js) {
#embed "static/ticket-here.js"
};
FILE_BYTES(static_ticket_write_js) {
#embed "static/ticket-write.js"
};
FILE_BYTES(languages_en_yaml) {
#embed "languages/en.yaml"
};
FILE_BYTES(languages_et_yaml) {
#embed "languages/et.yaml"
};
FILE_BYTES(languages_pl_yaml) {
#embed "languages/pl.yaml"
};
FILE_BYTES(languages_ru_yaml) {
#embed "languages/ru.yaml"
};
FILE_BYTES(languages_sl_yaml) {
#embed "languages/sl.yaml"
};

static const console_file files[] = {
    {"templates/account.mustache", templates_account_mustache, sizeof templates_account_mustache},
    {"templates/audit.mustache", templates_audit_mustache, sizeof templates_audit_mustache},
    {"templates/choose-shop.mustache", templates_choose_shop_mustache, sizeof templates_choose_shop_mustache},
    {"templates/error.mustache", templates_error_mustache, sizeof templates_error_mustache},
    {"templates/feed.mustache", templates_feed_mustache, sizeof templates_feed_mustache},
    {"templates/feed-exact.mustache", templates_feed_exact_mustache, sizeof templates_feed_exact_mustache},
    {"templates/language.mustache", templates_language_mustache, sizeof templates_language_mustache},
    {"templates/layout.mustache", templates_layout_mustache, sizeof templates_layout_mustache},
    {"templates/months.mustache", templates_months_mustache, sizeof templates_months_mustache},
    {"templates/plan.mustache", templates_plan_mustache, sizeof templates_plan_mustache},
    {"templates/plans.mustache", templates_plans_mustache, sizeof templates_plans_mustache},
    {"templates/problem.mustache", templates_problem_mustache, sizeof templates_problem_mustache},
    {"templates/reasons.mustache", templates_reasons_mustache, sizeof templates_reasons_mustache},
    {"templates/reports.mustache", templates_reports_mustache, sizeof templates_reports_mustache},
    {"templates/roles.mustache", templates_roles_mustache, sizeof templates_roles_mustache},
    {"templates/sign-in.mustache", templates_sign_in_mustache, sizeof templates_sign_in_mustache},
    {"templates/ticket-list.mustache", templates_ticket_list_mustache, sizeof templates_ticket_list_mustache},
    {"templates/ticket-table.mustache", templates_ticket_table_mustache, sizeof templates_ticket_table_mustache},
    {"templates/ticket.mustache", templates_ticket_mustache, sizeof templates_ticket_mustache},
    {"templates/ticket-act-fields.mustache", templates_ticket_act_fields_mustache, sizeof templates_ticket_act_fields_mustache},
    {"templates/ticket-actions.mustache", templates_ticket_actions_mustache, sizeof templates_ticket_actions_mustache},
    {"templates/ticket-call.mustache", templates_ticket_call_mustache, sizeof templates_ticket_call_mustache},
    {"templates/ticket-composer.mustache", templates_ticket_composer_mustache, sizeof templates_ticket_composer_mustache},
    {"templates/ticket-cost.mustache", templates_ticket_cost_mustache, sizeof templates_ticket_cost_mustache},
    {"templates/ticket-customer.mustache", templates_ticket_customer_mustache, sizeof templates_ticket_customer_mustache},
    {"templates/ticket-head.mustache", templates_ticket_head_mustache, sizeof templates_ticket_head_mustache},
    {"templates/ticket-ledger.mustache", templates_ticket_ledger_mustache, sizeof templates_ticket_ledger_mustache},
    {"templates/ticket-message.mustache", templates_ticket_message_mustache, sizeof templates_ticket_message_mustache},
    {"templates/ticket-meters.mustache", templates_ticket_meters_mustache, sizeof templates_ticket_meters_mustache},
    {"templates/ticket-parts.mustache", templates_ticket_parts_mustache, sizeof templates_ticket_parts_mustache},
    {"templates/ticket-presence.mustache", templates_ticket_presence_mustache, sizeof templates_ticket_presence_mustache},
    {"templates/ticket-properties.mustache", templates_ticket_properties_mustache, sizeof templates_ticket_properties_mustache},
    {"templates/ticket-talk.mustache", templates_ticket_talk_mustache, sizeof templates_ticket_talk_mustache},
    {"templates/ticket-ways.mustache", templates_ticket_ways_mustache, sizeof templates_ticket_ways_mustache},
    {"templates/tokens.mustache", templates_tokens_mustache, sizeof templates_tokens_mustache},
    {"templates/user.mustache", templates_user_mustache, sizeof templates_user_mustache},
    {"templates/users.mustache", templates_users_mustache, sizeof templates_users_mustache},
    {"static/console.css", static_console_css, sizeof static_console_css},
    {"static/console.js", static_console_js, sizeof static_console_js},
    {"static/feed.js", static_feed_js, sizeof static_feed_js},
    {"static/icon.svg", static_icon_svg, sizeof static_icon_svg},
    {"static/list.css", static_list_css, sizeof static_list_css},
    {"static/list.js", static_list_js, sizeof static_list_js},
    {"static/reports.css", static_reports_css, sizeof static_reports_css},
    {"static/reports.js", static_reports_js, sizeof static_reports_js},
    {"static/ticket.css", static_ticket_css, sizeof static_ticket_css},
    {"static/ticket.js", static_ticket_js, sizeof static_ticket_js},
    {"static/ticket-here.js", static_ticket_here_js, sizeof static_ticket_here_js},
    {"static/ticket-write.js", static_ticket_write_js, sizeof static_ticket_write_js},
    {"languages/en.yaml", languages_en_yaml, sizeof languages_en_yaml},
    {"languages/et.yaml", languages_et_yaml, sizeof languages_et_yaml},
    {"languages/pl.yaml", languages_pl_yaml, sizeof languages_pl_yaml},
    {"languages/ru.yaml", languages_ru_yaml, sizeof languages_ru_yaml},
    {"languages/sl.yaml", languages_sl_yaml, sizeof languages_sl_yaml},
};

console_file console_file_at(size_t index) { return files[index]; }
size_t console_file_count(void) { return sizeof files / sizeof files[0]; }
