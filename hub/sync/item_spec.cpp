#include "sync/item_spec.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

#include "config/fields.h"
#include "core/ascii.h"
#include "core/bytes.h"
#include "core/file.h"
#include "crypto/digest.h"
#include "lua/state.h"
#include "sync/mapping/code_table.h"
#include "sync/mapping/field_spec.h"
#include "sync/quality/rule_spec.h"

namespace yimen::sync {

namespace {

using config::MapReader;
using config::YamlNode;

constexpr std::int64_t kDataApi = 1;
constexpr std::size_t kMaxScriptBytes = 256 * 1024;

/// Everything a node says, without where it stands and how it is quoted.
void appendNode(const YamlNode& node, std::string& out) {
    if (node.isMap()) {
        out += '{';
        for (const auto& [key, value] : node.entries()) {
            out += std::to_string(key.size()) + ':' + key;
            appendNode(value, out);
        }
        out += '}';
    } else if (node.isList()) {
        out += '[';
        for (std::size_t i = 0; i < node.size(); ++i) appendNode(node.at(i), out);
        out += ']';
    } else if (const auto text = node.text(); text.ok()) {
        out += 't' + std::to_string(text->size()) + ':' + *text;
    } else if (const auto flag = node.boolean(); flag.ok()) {
        out += *flag ? "true" : "false";
    } else if (const auto number = node.number(); number.ok()) {
        std::array<char, 40> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), *number).ptr;
        out.append("n").append(digits.data(), end).append(";");
    } else {
        out += '~';
    }
}

std::string versionOf(const ItemSpec& item) {
    std::string all;
    appendNode(item.fields, all);
    all += "\nscript:" + std::to_string(item.script.size()) + ':' + item.script;
    if (item.quality) appendNode(*item.quality, all += "\nquality:");
    if (item.codes) appendNode(*item.codes, all += "\ncodes:");
    if (item.deletes.how == DeleteRule::How::kFlag) {
        all += "\nflag:" + item.deletes.field;
        for (const auto& value : item.deletes.values) all += '=' + value;
    }
    constexpr std::size_t kShown = 16;
    return core::toHex(crypto::digest(crypto::DigestAlgorithm::kSha256, core::asBytes(all))).substr(0, kShown);
}

bool goodTable(std::string_view name) noexcept {
    constexpr std::size_t kMaxName = 63;
    const auto good = [](char c) { return (c >= 'a' && c <= 'z') || core::isDigit(c) || c == '_'; };
    return !name.empty() && name.size() <= kMaxName && !core::isDigit(name.front()) &&
           std::all_of(name.begin(), name.end(), good);
}

void readTitle(MapReader& item, ItemSpec& out) {
    const auto node = item.require("title");
    if (!node) return;
    MapReader title(*node, item.errors());
    out.table.title = title.requireText("zh");
    out.titleEn = title.text("en", out.table.title);
    title.finish();
}

void readDeletes(MapReader& item, DeleteRule& out) {
    const auto node = item.child("deletes");
    if (!node) return;
    MapReader reader(*node, item.errors());
    using How = DeleteRule::How;
    out.how =
        reader.choice("how", How::kNone,
                      {{"none", How::kNone}, {"flag", How::kFlag}, {"absent", How::kAbsent}, {"feed", How::kFeed}});
    out.field = reader.text("field", "");
    const auto when = reader.child("when");
    if (when && when->isList()) {
        out.values = reader.texts("when");
        if (out.values.empty()) reader.complain("when", "name the texts that mean deleted: [\"1\"]");
    } else if (when) {
        const std::string word = reader.text("when", "not_null");
        if (word != "not_null") out.values = {word};
    }
    out.absentToo = reader.boolean("absent", false);
    if (out.absentToo && out.how != How::kFlag) reader.complain("absent", "goes with how: flag");
    if (out.how == How::kFlag && out.field.empty())
        reader.complain("field", "the column of the flag is missing: field");
    if (out.how != How::kFlag && (!out.field.empty() || when))
        reader.complain("how", "field and when go with how: flag");
    reader.finish();
}

/// "5%" or 0.05.
double readShare(MapReader& reader, std::string_view key, double fallback) {
    const auto node = reader.child(key);
    if (!node) return fallback;
    if (const auto number = node->number(); number.ok() && *number >= 0 && *number <= 1) return *number;
    const auto text = node->text();
    if (text.ok() && text->ends_with('%')) {
        double value = 0;
        const char* const end = text->data() + text->size() - 1;
        const auto [rest, failure] = std::from_chars(text->data(), end, value);
        if (failure == std::errc{} && rest == end && value >= 0 && value <= 100) return value / 100;
    }
    reader.complain(key, "is a share between 0% and 100%, like 5%");
    return fallback;
}

void readGuard(MapReader& item, RemovalGuard& out) {
    const auto node = item.child("guard");
    if (!node) return;
    MapReader reader(*node, item.errors());
    out.maxShare = readShare(reader, "max_share", out.maxShare);
    out.refuseEmpty = reader.boolean("refuse_empty", out.refuseEmpty);
    reader.finish();
}

void readSchedule(MapReader& item, Schedule& out) {
    const auto node = item.child("schedule");
    if (!node) return;
    MapReader reader(*node, item.errors());
    constexpr std::int64_t kYearMs = 366LL * 86'400'000;
    out.every = reader.duration("every", out.every, {1000, kYearMs});
    out.fullEvery = reader.duration("full_every", out.fullEvery, {0, kYearMs});
    out.cron = reader.text("cron", "");
    out.workingDays = reader.choice("calendar", false, {{"all", false}, {"working_days", true}});
    if (!out.cron.empty() && out.every.count() > 0) reader.complain("cron", "either every or cron");
    const auto fields = std::count(out.cron.begin(), out.cron.end(), ' ') + 1;
    if (!out.cron.empty() && fields != 5) {
        reader.complain("cron", "has five fields: minute, hour, day, month, weekday, like \"30 2 * * *\"");
    }
    reader.finish();
}

void readScript(MapReader& item, const std::string& folder, ItemSpec& out) {
    const auto node = item.child("script");
    if (!node) return;
    const std::string name = item.requireText("script");
    if (name.empty()) return;
    const bool plain = name.find_first_of("/\\") == std::string::npos && name.front() != '.' && name.ends_with(".lua");
    if (!plain) return item.complain("script", "is the name of a .lua file in this folder, without a path");
    const std::string path = folder + "/" + name;
    std::error_code failure;
    if (std::filesystem::is_symlink(path, failure)) return item.complain("script", "must not be a link");
    auto text = core::readFile(path, kMaxScriptBytes);
    if (!text.ok()) return item.complain("script", text.error().message);
    out.scriptName = (std::filesystem::path(folder).filename() / name).string();
    out.script = std::move(text).value();
    if (const auto chunk = lua::Chunk::compile(out.script, out.scriptName); !chunk.ok()) {
        item.complain("script", chunk.error().message);
    }
}

void readVersionField(MapReader& item, ItemTable& table) {
    const std::string name = item.text("version", "");
    if (name.empty()) return;
    table.version = table.schema.find(name);
    if (!table.version) item.complain("version", "names a field of this item (to: ...)");
}

void readFieldList(MapReader& item, const YamlNode& list, ItemSpec& out) {
    const bool hasScript = !out.scriptName.empty() || item.has("script");
    const auto fields = mapping::readFields(list, hasScript, item.errors());
    for (std::size_t i = 0; i < fields.size(); ++i) {
        out.table.schema.fields.push_back(fields[i].field);
        const std::string& table = fields[i].codeTable;
        if (!table.empty() && !(out.codes && out.codes->find(table))) {
            item.errors().add(list.at(i).error("codes has no table '" + table + "'"));
        }
    }
    out.quality = item.child("quality");
    if (out.quality) quality::readRules(*out.quality, fields, out.codes ? &*out.codes : nullptr, item.errors());
}

void readItem(MapReader& item, const std::string& folder, ItemSpec& out) {
    out.table.code = item.requireText("code");
    out.table.table = item.requireText("table");
    if (!out.table.table.empty() && !goodTable(out.table.table)) {
        item.complain("table", "is a table of the shared database: a-z, 0-9 and _, not a digit first, at most 63");
    }
    readTitle(item, out);
    readDeletes(item, out.deletes);
    readGuard(item, out.guard);
    readSchedule(item, out.schedule);
    out.contract = item.choice("contract", Contract::kEvolve,
                               {{"evolve", Contract::kEvolve},
                                {"park", Contract::kPark},
                                {"freeze", Contract::kFreeze},
                                {"discard", Contract::kDiscard}});
    readScript(item, folder, out);
    if (const auto list = item.require("fields")) readFieldList(item, *list, out);
    readVersionField(item, out.table);
    out.mapVersion = versionOf(out);
    item.finish();
}

void checkTwice(const SystemData& data, const YamlNode& items, config::YamlErrors& errors) {
    for (std::size_t i = 0; i < data.items.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const ItemTable& a = data.items[i].table;
            const ItemTable& b = data.items[j].table;
            if (a.code == b.code) errors.add(items.at(i).error("the item '" + a.code + "' is declared twice"));
            if (a.table == b.table) errors.add(items.at(i).error("the table '" + a.table + "' belongs to two items"));
        }
    }
}

void readHead(MapReader& reader, const std::string& folder, SystemData& out) {
    if (reader.integer("api", 0) != kDataApi) reader.complain("api", "must be 1, the format this hub reads");
    out.system = reader.requireText("system");
    const std::string name = std::filesystem::path(folder).filename().string();
    if (!out.system.empty() && out.system != name)
        reader.complain("system", "is the name of its folder, '" + name + "'");
    if (!out.source.isMap()) return reader.complain("source", "a map is expected: {kind: postgresql, ...}");
    const auto kind = out.source.find("kind");
    const auto word = kind ? kind->text() : core::Result<std::string>(out.source.error("the key 'kind' is missing"));
    if (word.ok()) {
        out.sourceKind = *word;
    } else {
        reader.errors().add(word.error());
    }
}

std::string withoutSlash(const std::string& folder) {
    return folder.ends_with('/') ? folder.substr(0, folder.size() - 1) : folder;
}

core::Result<SystemData> systemDataOf(const config::YamlDocument& document, const std::string& trimmed) {
    YIMEN_TRY(const auto nothing, config::YamlDocument::parse("", trimmed + "/data.yaml"));
    config::YamlErrors errors;
    MapReader reader(document.root(), errors);
    SystemData out{
        .system = {}, .sourceKind = {}, .source = reader.require("source").value_or(nothing.root()), .items = {}};
    readHead(reader, trimmed, out);
    const auto codes = reader.child("codes");
    if (codes) mapping::readCodeTables(*codes, errors);
    const auto items = reader.require("items");
    if (items && (!items->isList() || items->size() == 0)) errors.add(items->error("a list of items is expected here"));
    for (std::size_t i = 0; items && items->isList() && i < items->size(); ++i) {
        MapReader item(items->at(i), errors);
        ItemSpec& spec = out.items.emplace_back(ItemSpec{.table = {},
                                                         .titleEn = {},
                                                         .deletes = {},
                                                         .guard = {},
                                                         .schedule = {},
                                                         .contract = {},
                                                         .script = {},
                                                         .scriptName = {},
                                                         .mapVersion = {},
                                                         .read = item.child("read").value_or(nothing.root()),
                                                         .fields = item.node().find("fields").value_or(nothing.root()),
                                                         .quality = {},
                                                         .codes = codes});
        spec.table.system = out.system;
        readItem(item, trimmed, spec);
    }
    if (items && items->isList()) checkTwice(out, *items, errors);
    reader.finish();
    YIMEN_TRY_STATUS(errors.status());
    return out;
}

}  // namespace

core::Result<SystemData> readSystemData(const std::string& folder) {
    const std::string trimmed = withoutSlash(folder);
    YIMEN_TRY(const auto document, config::YamlDocument::load(trimmed + "/data.yaml"));
    return systemDataOf(document, trimmed);
}

core::Result<SystemData> parseSystemData(std::string_view text, const std::string& folder) {
    const std::string trimmed = withoutSlash(folder);
    YIMEN_TRY(const auto document, config::YamlDocument::parse(text, trimmed + "/data.yaml"));
    return systemDataOf(document, trimmed);
}

}  // namespace yimen::sync
