#include "sync/quality/rule_spec.h"

#include <array>
#include <charconv>
#include <utility>

#include "lua/pattern.h"
#include "sync/mapping/steps.h"

namespace yimen::sync::quality {

namespace {

using config::MapReader;
using config::YamlNode;
using mapping::FieldSpec;

constexpr std::array<std::pair<RuleKind, std::string_view>, 10> kKinds{{{RuleKind::kRequired, "required"},
                                                                        {RuleKind::kLength, "length"},
                                                                        {RuleKind::kPattern, "pattern"},
                                                                        {RuleKind::kRange, "range"},
                                                                        {RuleKind::kCode, "code"},
                                                                        {RuleKind::kDateNotFuture, "date_not_future"},
                                                                        {RuleKind::kReference, "reference"},
                                                                        {RuleKind::kUnique, "unique"},
                                                                        {RuleKind::kRows, "rows"},
                                                                        {RuleKind::kHeader, "header"}}};

constexpr std::array<std::string_view, 4> kSeverities{"fix", "warn", "reject", "stop"};

std::optional<std::size_t> numberOf(const std::string& name, const std::vector<FieldSpec>& fields) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].field.name == name) return i;
    }
    return std::nullopt;
}

void readOneField(MapReader& reader, std::string_view key, const std::string& name,
                  const std::vector<FieldSpec>& fields, RuleSpec& out) {
    const auto number = numberOf(name, fields);
    if (number) {
        out.fields.push_back(*number);
    } else if (!name.empty()) {
        reader.complain(key, "the item has no field '" + name + "'");
    }
}

/// `min` or `max` in the canonical text of the field, so that comparing texts compares values.
std::optional<std::string> readLimit(MapReader& reader, std::string_view key, const FieldSpec& field) {
    const auto node = reader.child(key);
    if (!node) return std::nullopt;
    mapping::TextArena arena;
    const auto plain = node->number();
    const auto text =
        plain.ok() ? core::Result<std::string>(mapping::numberText(*node, reader.errors())) : node->text();
    const std::string given = text.ok() ? *text : std::string();
    const bool isNumber = field.field.type == FieldType::kInteger || field.field.type == FieldType::kDecimal;
    const auto made = isNumber
                          ? mapping::canonicalDecimal(given, {}, arena).text
                          : mapping::canonicalDate(
                                given, {{mapping::DateFormat::iso()}, field.dates.zone, field.dates.withTime}, arena);
    if (!mapping::isNullCell(made)) return std::string(made);
    reader.complain(key, isNumber ? "is a number" : "is a date like \"2026-06-30\"");
    return std::nullopt;
}

void readRange(MapReader& reader, const std::vector<FieldSpec>& fields, RuleSpec& out) {
    if (out.fields.empty()) return;
    const FieldSpec& field = fields[out.fields[0]];
    const FieldType type = field.field.type;
    if (type == FieldType::kText || type == FieldType::kBoolean || type == FieldType::kJson) {
        return reader.complain("field", "range is for fields of type integer, decimal, date, datetime");
    }
    out.min = readLimit(reader, "min", field);
    out.max = readLimit(reader, "max", field);
    if (!reader.has("min") && !reader.has("max")) reader.complain("rule", "range needs min or max");
}

void readLength(MapReader& reader, RuleSpec& out) {
    constexpr std::int64_t kMost = 100'000'000;
    out.minLength = reader.integer("min", 0, {0, kMost});
    out.maxLength = reader.integer("max", 0, {1, kMost});
    if (!reader.has("min") && !reader.has("max")) reader.complain("rule", "length needs min or max");
}

void readPattern(MapReader& reader, RuleSpec& out) {
    out.pattern = reader.requireText("pattern");
    lua::Pattern pattern;
    if (const char* fault = pattern.compile(out.pattern)) {
        reader.complain("pattern", std::string("is no Lua pattern: ") + fault);
    }
}

double readShare(MapReader& reader, std::string_view key) {
    const auto node = reader.child(key);
    if (!node) return 0;
    const auto text = node->text();
    double value = -1;
    if (text.ok() && text->ends_with('%')) {
        std::from_chars(text->data(), text->data() + text->size() - 1, value);
    }
    constexpr double kMost = 1'000'000;
    if (value < 0 || value > kMost) reader.complain(key, "is a share like 80%");
    return value / 100;
}

void readDetails(MapReader& reader, const std::vector<FieldSpec>& fields, const YamlNode* codes, RuleSpec& out) {
    switch (out.kind) {
        case RuleKind::kRequired:
            return;
        case RuleKind::kLength:
            return readLength(reader, out);
        case RuleKind::kPattern:
            return readPattern(reader, out);
        case RuleKind::kRange:
            return readRange(reader, fields, out);
        case RuleKind::kCode:
            out.table = reader.requireText("table");
            if (!out.table.empty() && !(codes != nullptr && codes->find(out.table))) {
                reader.complain("table", "codes has no table '" + out.table + "'");
            }
            return;
        case RuleKind::kDateNotFuture:
            out.toleranceMs = reader.duration("tolerance", std::chrono::minutes(5)).count();
            if (!out.fields.empty() && fields[out.fields[0]].field.type != FieldType::kDate &&
                fields[out.fields[0]].field.type != FieldType::kDateTime) {
                reader.complain("field", "date_not_future is for fields of type date and datetime");
            }
            return;
        case RuleKind::kReference:
            out.item = reader.requireText("item");
            out.itemField = reader.requireText("to");
            return;
        case RuleKind::kUnique:
            return;
        case RuleKind::kRows:
            out.minShare = readShare(reader, "min_share");
            out.maxShare = readShare(reader, "max_share");
            return;
        case RuleKind::kHeader:
            out.columns = reader.texts("columns");
            out.exact = reader.boolean("exact", false);
            if (out.columns.empty()) reader.complain("rule", "header needs columns: [a, b]");
            return;
    }
}

void readFields(MapReader& reader, const std::vector<FieldSpec>& fields, RuleSpec& out) {
    if (out.kind == RuleKind::kRows || out.kind == RuleKind::kHeader) return;
    if (out.kind == RuleKind::kUnique && reader.has("fields")) {
        for (const auto& name : reader.texts("fields")) readOneField(reader, "fields", name, fields, out);
        return;
    }
    readOneField(reader, "field", reader.requireText("field"), fields, out);
}

void readSeverity(MapReader& reader, RuleSpec& out) {
    const bool ofRun = out.kind == RuleKind::kRows || out.kind == RuleKind::kHeader;
    out.severity = reader.choice(
        "severity", ofRun ? Severity::kStop : Severity::kReject,
        {{"fix", Severity::kFix}, {"warn", Severity::kWarn}, {"reject", Severity::kReject}, {"stop", Severity::kStop}});
    if (ofRun && out.severity != Severity::kStop && out.severity != Severity::kWarn) {
        reader.complain("severity", "is warn or stop for rules of a whole run");
    }
    if (reader.child("with")) out.with = reader.text("with", "");
    if (out.with && out.severity != Severity::kFix) reader.complain("with", "goes with severity: fix");
    const bool cannotFix = out.kind == RuleKind::kUnique || (out.kind == RuleKind::kRequired && !out.with);
    if (out.severity == Severity::kFix && cannotFix) reader.complain("severity", "nothing to put in its place");
}

RuleSpec readRule(const YamlNode& node, const std::vector<FieldSpec>& fields, const YamlNode* codes,
                  config::YamlErrors& errors) {
    RuleSpec out;
    MapReader reader(node, errors);
    out.where = node.where();
    reader.require("rule");
    out.kind = reader.choice("rule", RuleKind::kRequired,
                             {{"required", RuleKind::kRequired},
                              {"length", RuleKind::kLength},
                              {"pattern", RuleKind::kPattern},
                              {"range", RuleKind::kRange},
                              {"code", RuleKind::kCode},
                              {"date_not_future", RuleKind::kDateNotFuture},
                              {"reference", RuleKind::kReference},
                              {"unique", RuleKind::kUnique},
                              {"rows", RuleKind::kRows},
                              {"header", RuleKind::kHeader}});
    readFields(reader, fields, out);
    readDetails(reader, fields, codes, out);
    readSeverity(reader, out);
    for (const std::size_t field : out.fields) {
        if (fields[field].field.key && out.severity == Severity::kFix) {
            reader.complain("severity", "a key is not mended: reject the row");
        }
    }
    reader.finish();
    return out;
}

}  // namespace

std::string_view toString(RuleKind kind) noexcept {
    for (const auto& [value, name] : kKinds) {
        if (value == kind) return name;
    }
    return "required";
}

std::string_view toString(Severity severity) noexcept {
    return kSeverities[static_cast<std::size_t>(severity)];
}

std::vector<RuleSpec> readRules(const YamlNode& quality, const std::vector<FieldSpec>& fields, const YamlNode* codes,
                                config::YamlErrors& errors) {
    std::vector<RuleSpec> out;
    if (!quality.isList()) {
        if (!quality.isNull()) errors.add(quality.error("a list of rules is expected here"));
        return out;
    }
    for (std::size_t i = 0; i < quality.size(); ++i) out.push_back(readRule(quality.at(i), fields, codes, errors));
    return out;
}

}  // namespace yimen::sync::quality
