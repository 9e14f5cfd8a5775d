#include "sync/mapping/field_spec.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/ascii.h"

namespace yimen::sync::mapping {

namespace {

using config::MapReader;
using config::YamlNode;

bool goodName(std::string_view name) noexcept {
    constexpr std::size_t kMaxName = 63;
    const auto good = [](char c) { return (c >= 'a' && c <= 'z') || core::isDigit(c) || c == '_'; };
    return !name.empty() && name.size() <= kMaxName && !core::isDigit(name.front()) &&
           std::all_of(name.begin(), name.end(), good);
}

void readSplit(const YamlNode& node, FieldSpec& out, config::YamlErrors& errors) {
    MapReader reader(node, errors);
    out.origin = Origin::kSplit;
    out.columns = {reader.requireText("from")};
    out.text = reader.requireText("by");
    out.part = static_cast<std::size_t>(reader.integer("part", 1, {1, 1000}));
    reader.finish();
}

void readJoin(const YamlNode& node, FieldSpec& out, config::YamlErrors& errors) {
    MapReader reader(node, errors);
    out.origin = Origin::kJoin;
    if (!reader.require("from")) return reader.finish();
    out.columns = reader.texts("from");
    out.text = reader.text("by", "");
    if (out.columns.empty()) reader.complain("from", "name the columns to join: [a, b]");
    reader.finish();
}

void readOrigin(MapReader& reader, FieldSpec& out, bool hasScript) {
    int ways = 0;
    if (reader.has("from")) {
        ++ways;
        out.origin = Origin::kColumn;
        out.columns = {reader.requireText("from")};
    }
    if (const auto node = reader.child("split")) {
        ++ways;
        readSplit(*node, out, reader.errors());
    }
    if (const auto node = reader.child("join")) {
        ++ways;
        readJoin(*node, out, reader.errors());
    }
    for (const auto& [key, origin] : {std::pair("constant", Origin::kConstant), {"expression", Origin::kExpression}}) {
        if (!reader.child(key)) continue;
        ++ways;
        out.origin = origin;
        out.text = reader.text(key, "");
    }
    // Known words, so that a slip in them is told as such.
    reader.child("from");
    if (ways > 1) reader.complain("to", "takes its value from one place: from, constant, expression, split or join");
    if (ways == 0 && !hasScript) {
        reader.complain("to",
                        "says not where its value comes from: from, constant, expression, split, join, or a script");
    }
}

void readType(MapReader& reader, FieldSpec& out) {
    out.field.type = reader.choice("type", FieldType::kText,
                                   {{"text", FieldType::kText},
                                    {"integer", FieldType::kInteger},
                                    {"decimal", FieldType::kDecimal},
                                    {"boolean", FieldType::kBoolean},
                                    {"date", FieldType::kDate},
                                    {"datetime", FieldType::kDateTime},
                                    {"json", FieldType::kJson}});
    out.field.key = reader.boolean("key", false);
    out.field.required = reader.boolean("required", false);
    out.field.title = reader.text("title", out.field.name);
    out.trim = reader.boolean("trim", true);
    out.ascii = reader.boolean("ascii", false);
    if (reader.child("default")) out.fallback = reader.text("default", "");
    out.nulls = reader.texts("nulls");
}

void readDates(MapReader& reader, FieldSpec& out) {
    const bool isDate = out.field.type == FieldType::kDate || out.field.type == FieldType::kDateTime;
    out.dates.withTime = out.field.type == FieldType::kDateTime;
    for (const char* key : {"date", "zone"}) {
        if (reader.child(key) && !isDate) reader.complain(key, "is for type date and datetime");
    }
    const auto list = reader.child("date");
    if (list && list->isScalar()) {
        reader.complain("date", "is a list: [\"yyyy-MM-dd\", excel]");
    } else if (list) {
        const auto spellings = reader.texts("date");
        for (std::size_t i = 0; i < spellings.size(); ++i) {
            auto format = DateFormat::compile(spellings[i]);
            if (format.ok()) {
                out.dates.formats.push_back(std::move(format).value());
            } else {
                reader.errors().add(list->at(i).error(format.error().message));
            }
        }
    }
    if (out.dates.formats.empty()) out.dates.formats.push_back(DateFormat::iso());
    const std::string zone = reader.text("zone", "Asia/Shanghai");
    if (const auto offset = zoneOffset(zone)) {
        out.dates.zone = *offset;
    } else {
        reader.complain("zone", "is Asia/Shanghai, UTC or an offset like \"+08:00\"");
    }
}

void readScale(MapReader& reader, FieldSpec& out) {
    const auto node = reader.child("scale");
    if (!node) return;
    if (out.field.type != FieldType::kDecimal && out.field.type != FieldType::kInteger) {
        return reader.complain("scale", "is for type integer and decimal");
    }
    const auto scale = Scale::parse(numberText(*node, reader.errors()));
    if (scale) {
        out.scale = *scale;
    } else {
        reader.complain("scale", "is a factor other than 0, at most 18 digits, like 0.0001");
    }
}

void readChecks(MapReader& reader, FieldSpec& out) {
    out.codeTable = reader.text("code", "");
    // A plain null is no text in YAML, but there is no doubt what is meant.
    if (const auto unknown = reader.child("unknown"); unknown && unknown->isNull()) {
        out.unknownCode = UnknownCode::kNull;
    } else {
        out.unknownCode = reader.choice(
            "unknown", UnknownCode::kReject,
            {{"reject", UnknownCode::kReject}, {"keep", UnknownCode::kKeep}, {"null", UnknownCode::kNull}});
    }
    if (reader.has("unknown") && out.codeTable.empty()) reader.complain("unknown", "needs code: the name of a table");
    out.check = reader.choice("check", CheckKind::kNone,
                              {{"id_card", CheckKind::kIdCard},
                               {"credit_code", CheckKind::kCreditCode},
                               {"division", CheckKind::kDivision},
                               {"phone", CheckKind::kPhone}});
    out.mask = reader.choice("mask", MaskKind::kNone,
                             {{"id_no", MaskKind::kIdNumber},
                              {"phone", MaskKind::kPhone},
                              {"name", MaskKind::kName},
                              {"keyed_hash", MaskKind::kKeyedHash}});
    out.personal = reader.choice("personal", Personal::kNone,
                                 {{"none", Personal::kNone},
                                  {"name", Personal::kName},
                                  {"id_no", Personal::kIdNumber},
                                  {"phone", Personal::kPhone},
                                  {"address", Personal::kAddress},
                                  {"sensitive", Personal::kSensitive}});
    const bool isText = out.field.type == FieldType::kText;
    if (out.check != CheckKind::kNone && !isText) reader.complain("check", "is for type text");
    if (out.mask != MaskKind::kNone && !isText) reader.complain("mask", "is for type text");
    if (out.field.key && out.mask != MaskKind::kNone && out.mask != MaskKind::kKeyedHash) {
        reader.complain("mask", "would make different keys equal; a key takes keyed_hash");
    }
}

double readDouble(MapReader& reader, std::string_view key, double fallback) {
    const auto node = reader.child(key);
    if (!node) return fallback;
    const auto value = node->number();
    if (!value.ok()) reader.errors().add(value.error());
    return value.ok() ? *value : fallback;
}

void readCoordinate(MapReader& outer, FieldSpec& out) {
    const auto node = outer.child("coordinate");
    if (!node) return;
    MapReader reader(*node, outer.errors());
    CoordinateSpec spec;
    spec.kind = reader.choice("from", CoordinateKind::kCgcs2000,
                              {{"cgcs2000", CoordinateKind::kCgcs2000},
                               {"gcj02", CoordinateKind::kGcj02},
                               {"local", CoordinateKind::kLocal}});
    spec.partner = reader.requireText("lat");
    if (spec.kind == CoordinateKind::kLocal) {
        spec.grid.dx = readDouble(reader, "dx", 0);
        spec.grid.dy = readDouble(reader, "dy", 0);
        spec.grid.rotation = readDouble(reader, "rotation", 0);
        spec.grid.scale = readDouble(reader, "scale", 1);
        reader.require("meridian");
        spec.grid.meridian = readDouble(reader, "meridian", spec.grid.meridian);
        spec.grid.falseEast = readDouble(reader, "false_easting", spec.grid.falseEast);
        if (spec.grid.scale <= 0) reader.complain("scale", "is a factor above 0");
    }
    if (const auto when = reader.child("when")) {
        MapReader inner(*when, outer.errors());
        spec.whenField = inner.requireText("field");
        spec.whenIs = inner.requireText("is");
        inner.finish();
    }
    reader.finish();
    if (out.field.type != FieldType::kDecimal) outer.complain("coordinate", "needs type: decimal");
    out.coordinate = std::move(spec);
}

FieldSpec readField(const YamlNode& node, bool hasScript, config::YamlErrors& errors) {
    FieldSpec out;
    MapReader reader(node, errors);
    out.where = node.where();
    out.field.name = reader.requireText("to");
    if (!out.field.name.empty() && !goodName(out.field.name)) {
        reader.complain("to", "is a column of the shared database: a-z, 0-9 and _, not a digit first, at most 63");
    }
    readOrigin(reader, out, hasScript);
    readType(reader, out);
    readDates(reader, out);
    readScale(reader, out);
    readChecks(reader, out);
    readCoordinate(reader, out);
    reader.finish();
    return out;
}

void checkPartners(const std::vector<FieldSpec>& fields, const YamlNode& list, config::YamlErrors& errors) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (!fields[i].coordinate) continue;
        const auto isPartner = [&](const FieldSpec& f) {
            return f.field.name == fields[i].coordinate->partner && f.field.type == FieldType::kDecimal &&
                   !f.coordinate;
        };
        if (std::none_of(fields.begin(), fields.end(), isPartner)) {
            errors.add(list.at(i).error("coordinate.lat names another field of type decimal: the latitude"));
        }
        const std::string& when = fields[i].coordinate->whenField;
        const bool known =
            std::any_of(fields.begin(), fields.end(), [&](const auto& f) { return f.field.name == when; });
        if (!when.empty() && !known) errors.add(list.at(i).error("coordinate.when names a field of this item"));
    }
}

}  // namespace

std::string numberText(const YamlNode& node, config::YamlErrors& errors) {
    const auto value = node.number();
    if (!value.ok()) {
        errors.add(value.error());
        return "1";
    }
    // Shortest digits that read back as the same number: what stands in the file, up to 15 digits.
    std::array<char, 400> out{};
    const auto end = std::to_chars(out.data(), out.data() + out.size(), *value, std::chars_format::fixed).ptr;
    return {out.data(), end};
}

std::vector<FieldSpec> readFields(const YamlNode& fields, bool hasScript, config::YamlErrors& errors) {
    std::vector<FieldSpec> out;
    if (!fields.isList() || fields.size() == 0) {
        errors.add(fields.error("a list of fields is expected here: - {to: name, from: column, type: text}"));
        return out;
    }
    for (std::size_t i = 0; i < fields.size(); ++i) {
        FieldSpec next = readField(fields.at(i), hasScript, errors);
        const auto same = [&](const FieldSpec& f) { return f.field.name == next.field.name; };
        if (!next.field.name.empty() && std::any_of(out.begin(), out.end(), same)) {
            errors.add(fields.at(i).error("the field '" + next.field.name + "' is declared twice"));
        }
        out.push_back(std::move(next));
    }
    const auto isKey = [](const FieldSpec& f) { return f.field.key; };
    if (std::none_of(out.begin(), out.end(), isKey)) {
        errors.add(fields.error("no field is a key: say key: true where the records differ"));
    }
    checkPartners(out, fields, errors);
    return out;
}

}  // namespace yimen::sync::mapping
